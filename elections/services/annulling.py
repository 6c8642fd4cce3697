"""A result that a recount has left without ground: the congress, or after its closing the superior, gives it up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import CLOSED, SITTING
from congress.models import CardVote, Congress
from congress.services.sitting import count_cards
from elections import policies, queries
from elections.lifecycle import OVER, SLATE_OPEN
from elections.models import ElectedOffice, Election
from elections.services.rounds import lock_election, refuse_recount, require_turn, set_aside
from elections.services.sealing import settle_alternates


def require_annullable(election: Election, congress: Congress) -> None:
    """Raise IllegalTransition unless somebody elected here may not hold the office after a recount (E-15, E-58)."""
    is_late = election.is_annulled or congress.state not in (SITTING, CLOSED)
    if is_late or not queries.without_ground(election):
        raise IllegalTransition(
            "Chỉ bỏ kết quả của cuộc bầu mà người trúng cử không còn đủ điều kiện sau kiểm đếm lại, trước khi trình "
            "đề nghị chuẩn y."
        )
    for one in queries.current_elections(congress):
        refuse_recount(one)
    require_turn(election)
    last = queries.last_round(election)
    if last is not None and last.state not in (SLATE_OPEN, *OVER):
        raise IllegalTransition(f"{last} đang bỏ phiếu. Mở lại danh sách, hoặc niêm phong kết quả trước.")


def _locked(election_id: int, state: str, *, reasons: str, actor: User) -> tuple[Election, Congress]:
    election, congress = lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    require_annullable(election, congress)
    if congress.state != state:
        raise IllegalTransition(
            congress.said("Đại hội đang diễn ra nên đại hội biểu quyết.")
            if congress.state == SITTING
            else congress.said("Đại hội đã bế mạc nên cấp trên quyết định.")
        )
    if not reasons.strip():
        raise InvalidInput("Ghi lý do bỏ kết quả.", fields={"reasons": ["Ghi lý do bỏ kết quả."]})
    return election, congress


@transaction.atomic
def vote_anew(
    election_id: int,
    *,
    reasons: str,
    in_favour: int,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> Election | None:
    """Đại hội biểu quyết bỏ kết quả không còn căn cứ, bầu lại: a new attempt with an open slate; None if not adopted.

    Raises NotAllowed, IllegalTransition, or InvalidInput for a blank or cards that do not add up.
    """
    election, congress = _locked(election_id, SITTING, reasons=reasons, actor=actor)
    vote = count_cards(
        congress,
        CardVote.Subject.OTHER,
        f"{election}: bỏ kết quả không còn căn cứ sau kiểm đếm lại, bầu lại. {reasons.strip()}"[:300],
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    again = (
        _annul(election, f"Đại hội quyết định bỏ kết quả, bầu lại: {reasons.strip()}", at=at) if vote.adopted else None
    )
    audit.record(
        "election.annulled" if again else "election.annulment_not_adopted",
        election,
        actor=actor,
        at=at,
        reasons=reasons.strip(),
        in_favour=in_favour,
        base=vote.base,
    )
    return again


@transaction.atomic
def annul_by_superior(election_id: int, *, reasons: str, actor: User, at: datetime) -> Election:
    """Ghi quyết định của cấp trên không công nhận (E-66) after the closing: the post stays vacant (E-70).

    The new attempt that holds the place of this office is concluded without a vote. Raises as ``vote_anew``.
    """
    election, _ = _locked(election_id, CLOSED, reasons=reasons, actor=actor)
    told = f"Cấp trên không công nhận kết quả: {reasons.strip()}"
    again = _annul(election, told, at=at)
    if not again.is_concluded:
        set_aside(queries.last_round(again), at=at)
        again.is_concluded, again.conclusion = True, f"Để khuyết. {told}"[:300]
        again.save(update_fields=["is_concluded", "conclusion"])
    audit.record("election.annulled_by_superior", election, actor=actor, at=at, reasons=reasons.strip())
    return again


def _annul(election: Election, conclusion: str, *, at: datetime) -> Election:
    """This election alone is no longer current; the next attempt begins without names."""
    set_aside(queries.last_round(election), at=at)
    election.is_annulled, election.conclusion = True, conclusion[:300]
    election.save(update_fields=["is_annulled", "conclusion"])
    again: Election = election.congress.elections.create(
        office=election.office,
        attempt=election.attempt + 1,
        seats=election.seats,
        planned_member_id=election.planned_member_id,
    )
    again.rounds.create(number=1, seats=election.seats, state=SLATE_OPEN, state_since=at)
    if election.office == ElectedOffice.ALTERNATE_DELEGATES:
        settle_alternates(queries.current_elections(election.congress).get(office=ElectedOffice.DELEGATES))
        again.refresh_from_db()
    return again
