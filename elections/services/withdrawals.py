"""Xin rút: a candidate asks, the chair proposes, the congress decides (E-34)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.models import CardVote
from congress.rules.convening import Form, Matter, form_of_vote
from congress.services.sitting import count_cards
from elections import policies
from elections.conflicts import Slate
from elections.models import Withdrawal
from elections.rules.withdrawal import Proposal, proposals_open
from elections.services.rounds import lock_round, require_decided_by_congress

STORED = {
    Proposal.MUST: Withdrawal.Proposal.MUST,
    Proposal.MAY: Withdrawal.Proposal.ALLOW,
    Proposal.REFUSE: Withdrawal.Proposal.REFUSE,
}
Outcome = Withdrawal.Outcome


def proposals_for(slate: Slate, member_id: int) -> list[str]:
    """What the chair may propose about this name: only to let it go where E-32 says it must."""
    must = any(one.member_id == member_id and slate.must_withdraw(one) for one in slate.candidates)
    return [STORED[one].value for one in proposals_open(must=must)]


@transaction.atomic
def ask_to_withdraw(
    round_id: int, *, member_id: int, reason: str, proposal: str, actor: User, at: datetime
) -> Withdrawal:
    """Ghi đồng chí xin rút and what the chair proposes; the name stays until the congress agrees.

    Raises NotAllowed, IllegalTransition, or InvalidInput: not on the slate, asked already, a proposal not open.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_decided_by_congress(ballot_round, congress, "Việc xin rút")
    slate = Slate(ballot_round)
    candidate = next((one for one in slate.candidates if one.member_id == member_id), None)
    if candidate is None:
        text = "Đồng chí này không có trong danh sách. Chọn đồng chí đang có tên."
        raise InvalidInput(text, fields={"member": [text]})
    if ballot_round.withdrawals.filter(member_id=member_id, outcome=Outcome.PENDING).exists():
        text = f"Đồng chí {candidate.shown_name} đã xin rút, đang chờ {congress.word} quyết định."
        raise InvalidInput(text, fields={"member": [text]})
    if proposal not in proposals_for(slate, member_id):
        text = (
            f"Đồng chí {candidate.shown_name} thuộc diện phải xin rút nên chỉ đề nghị cho rút theo quy chế."
            if slate.must_withdraw(candidate)
            else f"Đồng chí {candidate.shown_name} không thuộc diện phải rút theo quy chế. Chọn cho rút hoặc không."
        )
        raise InvalidInput(text, fields={"proposal": [text]})
    if not reason.strip():
        raise InvalidInput("Ghi lý do xin rút.", fields={"reason": ["Ghi lý do xin rút."]})
    asked = ballot_round.withdrawals.create(
        member_id=member_id, reason=reason.strip()[:300], proposal=proposal, recorded_by=actor, recorded_at=at
    )
    audit.record(
        "election.withdrawal_asked",
        ballot_round,
        actor=actor,
        at=at,
        name=candidate.member.full_name,
        proposal=asked.get_proposal_display().lower(),
    )
    return asked


FORMS = {
    Form.EITHER: (Form.CARD, Form.BALLOT),
    Form.CARD: (Form.CARD,),
    Form.BALLOT: (Form.BALLOT,),
}


def forms_open() -> tuple[Form, ...]:
    """E-21 — The ways in which the congress may decide on a withdrawal, the usual one first."""
    return FORMS[form_of_vote(Matter.WITHDRAWAL)]


@transaction.atomic
def decide_withdrawal(
    withdrawal_id: int,
    *,
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    form: str = Form.CARD,
    actor: User,
    at: datetime,
) -> Withdrawal:
    """Ghi đại hội quyết định whether the name leaves the slate; the votes in favour let it go.

    ``form``: by raised card or by secret ballot, as the congress chose (``forms_open``). What left keeps where it came
    from and who nominated it, for the congress minutes.
    """
    asked = Withdrawal.objects.select_related("member").get(pk=withdrawal_id)
    ballot_round, congress = lock_round(asked.round_id)
    asked = Withdrawal.objects.select_for_update(of=("self",)).select_related("member").get(pk=withdrawal_id)
    policies.can_prepare(actor, congress).require()
    require_decided_by_congress(ballot_round, congress, "Việc xin rút")
    if asked.outcome != Outcome.PENDING:
        raise IllegalTransition(f"{congress.word.capitalize()} đã quyết định việc xin rút này.")
    name = asked.member.display_name
    if form not in forms_open():
        text = f"{congress.word.capitalize()} chọn biểu quyết giơ thẻ hoặc bỏ phiếu kín."
        raise InvalidInput(text, fields={"form": [text]})
    how = " (bỏ phiếu kín)" if form == Form.BALLOT else ""
    vote = count_cards(
        congress,
        CardVote.Subject.OTHER,
        f"{ballot_round.election}: cho đồng chí {name} rút khỏi danh sách bầu cử{how}",
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    candidate = ballot_round.candidates.filter(member=asked.member).select_related("nominated_by").first()
    if candidate is not None:
        asked.source, asked.nominator = candidate.source, candidate.nominator[:110] or None
    asked.vote, asked.outcome = vote, Outcome.AGREED if vote.adopted else Outcome.REFUSED
    asked.by_ballot = form == Form.BALLOT
    asked.save(update_fields=["vote", "outcome", "source", "nominator", "by_ballot"])
    if vote.adopted and candidate is not None:
        candidate.delete()
    audit.record(
        "election.withdrawal_agreed" if vote.adopted else "election.withdrawal_refused",
        ballot_round,
        actor=actor,
        at=at,
        name=asked.member.full_name,
        in_favour=in_favour,
        base=vote.base,
    )
    return asked
