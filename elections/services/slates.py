"""From the offices to elect to a slate the congress has fixed (chốt số lượng, danh sách)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import CLEARED, PREPARING, SITTING, SUBMITTED
from congress.models import CardVote, Congress, Office
from congress.queries import electorate_snapshot
from congress.services.preparing import lock as lock_congress
from congress.services.sitting import count_cards
from elections import policies, queries
from elections.conflicts import Slate
from elections.lifecycle import ROUND_LIFECYCLE, SLATE_OPEN
from elections.models import BallotLedger, BallotRound, Candidate, ElectedOffice, Election, Withdrawal
from elections.rules.offices import seat_findings
from elections.services.nominations import nominate, said, strike
from elections.services.rounds import (
    decide_by_cards,
    lock_round,
    move_round,
    require_ground,
    require_open_slate,
    require_turn,
)

__all__ = ["lock_round", "move_round", "nominate", "require_open_slate", "strike"]  # asked for here, too


def offices_of(congress: Congress) -> dict[str, int]:
    """Office → seats, in the order of the ballots (E-17), as the congress is planned.

    A branch elects its leaders at the congress (E-15); those of a đảng bộ are elected by its committee when it
    meets. Delegates to the superior congress come after the posts (E-58), alternates last.
    """
    planned: dict[str, int | None] = {}
    if congress.is_meeting:
        planned[ElectedOffice.STANDING_COMMITTEE] = congress.standing_seats
    elif congress.organization.is_branch:
        planned[ElectedOffice.BRANCH_COMMITTEE] = congress.committee_seats if congress.has_branch_committee else None
    else:
        planned[ElectedOffice.COMMITTEE] = congress.committee_seats
    if congress.is_meeting or congress.organization.is_branch:
        planned[ElectedOffice.SECRETARY] = 1
        planned[ElectedOffice.DEPUTY_SECRETARY] = 1 if congress.has_deputy else None
    if not congress.is_meeting:
        planned[ElectedOffice.DELEGATES] = congress.delegate_seats
        planned[ElectedOffice.ALTERNATE_DELEGATES] = congress.alternate_seats
    return {office: seats for office, seats in planned.items() if seats}


@transaction.atomic
def set_up_elections(congress_id: int, *, actor: User, at: datetime) -> list[Election]:
    """Lập các cuộc bầu from the congress's details; again after a change, it adjusts what has not begun.

    Raises NotAllowed or IllegalTransition.
    """
    congress = lock_congress(congress_id)
    policies.can_prepare(actor, congress).require()
    if congress.state not in (PREPARING, SUBMITTED, CLEARED):
        raise IllegalTransition("Các cuộc bầu được lập trước khi khai mạc.")
    wanted = offices_of(congress)
    current = {election.office: election for election in queries.current_elections(congress)}
    if list(current) != list(wanted) or any(current[o].seats != s for o, s in wanted.items()):
        slates = {
            office: list(election.rounds.get(number=1).candidates.values_list("member_id", "source"))
            for office, election in current.items()
            if office in wanted
        }
        leaders = {office: election.planned_member_id for office, election in current.items()}
        for election in current.values():
            Candidate.objects.filter(round__election=election).delete()
            election.rounds.all().delete()
            election.delete()
        for office, seats in wanted.items():
            attempt = congress.elections.filter(office=office).count() + 1
            election = congress.elections.create(
                office=office, attempt=attempt, seats=seats, planned_member_id=leaders.get(office)
            )
            first = election.rounds.create(number=1, seats=seats, state=SLATE_OPEN, state_since=at)
            for member_id, source in slates.get(office, ()):
                first.candidates.create(member_id=member_id, source=source)
    audit.record("election.set_up", congress, actor=actor, at=at, offices=[ElectedOffice(o).label for o in wanted])
    return list(queries.current_elections(congress))


def require_fixable(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition unless the sitting congress may vote on this slate now (E-17, E-20)."""
    if congress.state != SITTING:
        raise IllegalTransition(f"Danh sách bầu cử do {congress.word} biểu quyết chốt. Khai mạc {congress.word} trước.")
    ROUND_LIFECYCLE.after("fix_slate", state=ballot_round.state)
    require_turn(ballot_round.election)
    require_ground(ballot_round)


@transaction.atomic
def fix_seats(
    round_id: int, *, seats: int, in_favour: int, against: int = 0, abstained: int = 0, actor: User, at: datetime
) -> BallotRound:
    """Chốt số lượng cần bầu by a card vote of its own (E-20); may change the number within what the regime allows.

    Raises NotAllowed, IllegalTransition, or InvalidInput (E-16); the vote is kept when it is not adopted.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_seats_votable(ballot_round, congress)
    slate = Slate(ballot_round)
    found = seat_findings(slate.office, seats, slate.regime, people=slate.people)
    wrong = [one for one in found if one.level == "error"]
    if wrong:
        raise InvalidInput(said(wrong), fields={"seats": [one.message for one in wrong]})
    vote = count_cards(
        congress,
        CardVote.Subject.SEATS,
        f"{ballot_round.election}: số lượng cần bầu {seats}",
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    if vote.adopted:
        ballot_round.seats, ballot_round.seats_vote = seats, vote
        ballot_round.save(update_fields=["seats", "seats_vote"])
        ballot_round.election.seats = seats
        ballot_round.election.save(update_fields=["seats"])
    audit.record(
        "election.seats_fixed" if vote.adopted else "election.seats_not_adopted",
        ballot_round,
        actor=actor,
        at=at,
        seats=seats,
        in_favour=in_favour,
        base=vote.base,
    )
    return ballot_round


def require_seats_votable(ballot_round: BallotRound, congress: Congress) -> None:
    """Raise IllegalTransition unless this congress may vote on the number now.

    The number of delegates comes from above (E-58); a later round fills the seats that are missing (E-55).
    """
    require_fixable(ballot_round, congress)
    if ballot_round.number > 1:
        raise IllegalTransition("Lần bầu này bầu số còn thiếu của lần trước nên không chốt lại số lượng.")
    if ballot_round.election.office == ElectedOffice.DELEGATES:
        raise IllegalTransition("Số lượng đại biểu do cấp trên phân bổ nên đại hội không biểu quyết.")


@transaction.atomic
def fix_slate(
    round_id: int, *, in_favour: int, against: int = 0, abstained: int = 0, actor: User, at: datetime
) -> BallotRound:
    """Chốt danh sách by card vote of the sitting congress (E-20); gives the names their order (E-39).

    Where the number has not been voted on by itself, the same vote adopts it. Stores the base of the round as it
    stands. Raises NotAllowed, IllegalTransition, or InvalidInput with everything to settle first; nothing is fixed
    when the cards do not adopt the slate, but the vote is kept.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_fixable(ballot_round, congress)
    _refuse_unsettled(ballot_round)
    names = list(ballot_round.candidates.select_related("member").order_by(*queries.BALLOT_ORDER))
    shown = ", ".join(candidate.member.full_name for candidate in names)
    number = "" if ballot_round.seats_vote_id else f"số lượng {ballot_round.seats}, "
    vote = count_cards(
        congress,
        CardVote.Subject.SLATE,
        f"{ballot_round.election}: {number}danh sách {shown}"[:300],
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        actor=actor,
        at=at,
    )
    for position, candidate in enumerate(names, start=1):
        candidate.position = position  # also when refused: the congress has dealt with these names
        if vote.adopted:
            candidate.name, candidate.born_year = None, None
            candidate.name, candidate.born_year = candidate.shown_name, candidate.shown_birth_year
        candidate.save(update_fields=["position", "name", "born_year"])
    if vote.adopted:
        move_round(ballot_round, "fix_slate", at=at)
        ballot_round.fixed_vote, ballot_round.electorate = vote, electorate_snapshot(congress)
        ballot_round.save(update_fields=["state", "state_since", "fixed_vote", "electorate"])
    audit.record(
        "election.slate_fixed" if vote.adopted else "election.slate_not_adopted",
        ballot_round,
        actor=actor,
        at=at,
        names=shown,
        in_favour=in_favour,
        base=vote.base,
    )
    return ballot_round


def _refuse_unsettled(ballot_round: BallotRound) -> None:
    """Raise InvalidInput with every finding to settle first and every request to withdraw not yet decided."""
    word = ballot_round.election.congress.word
    slate = Slate(ballot_round)
    wrong = [f"{one.message} {one.next}" for one in slate.stopping]
    if slate.to_be_decided:
        wrong.append(f"{word.capitalize()} quyết định ai vào danh sách: ghi biểu quyết trước khi chốt danh sách.")
    wrong += [
        f"Đồng chí {one.member.display_name} đã xin rút, {word} chưa quyết định. Ghi biểu quyết việc xin rút trước."
        for one in ballot_round.withdrawals.filter(outcome=Withdrawal.Outcome.PENDING).select_related("member")
    ]
    if wrong:
        raise InvalidInput(" ".join(wrong), fields={"": wrong})


def handed_out(ballot_round: BallotRound) -> QuerySet[BallotLedger]:
    """Ledgers, void ones too, of ballots that people have got, or that are closed, since the slate was fixed."""
    since = ballot_round.fixed_vote.taken_at if ballot_round.fixed_vote else ballot_round.state_since
    ledgers = ballot_round.ledgers.filter(kept_at__gte=since)
    return ledgers.filter(Q(issued__gt=0) | Q(closed_at__isnull=False))


def require_reopenable(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition unless the slate may be opened again now.

    Ballots that somebody has begun to count are given up by the head of the board first: to open the slate again is
    to hold another vote, and never a way to count the same box once more.
    """
    ROUND_LIFECYCLE.after("reopen_slate", state=ballot_round.state)
    if ballot_round.counts.filter(ledger__void_reason__isnull=True).exists():
        word = ballot_round.election.congress.word
        raise IllegalTransition(
            "Phiếu của lần bỏ phiếu này đã được kiểm nên chưa mở lại danh sách được. Bắt đầu kiểm đếm lại; hoặc, nếu "
            f"{word} bỏ phiếu lại, trưởng ban kiểm phiếu hủy sổ phiếu và ghi lý do trước."
        )


@transaction.atomic
def reopen_slate(
    round_id: int,
    *,
    reasons: str = "",
    in_favour: int | None = None,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> BallotRound:
    """Mở lại danh sách before ballots are counted; papers handed out for the old one are void.

    Once somebody has got a ballot the congress decides, by card vote and for a reason that goes into the minutes: what
    the old slate was voted on with is void. Not adopted, the vote is kept and the slate stays as it is.
    Raises NotAllowed, IllegalTransition, or InvalidInput for a blank reason or cards that do not add up.
    """
    ballot_round, congress = lock_round(round_id)
    policies.can_prepare(actor, congress).require()
    require_reopenable(ballot_round)
    told = reasons.strip()
    are_out = handed_out(ballot_round).exists()
    if are_out:
        if not told:
            text = "Ghi lý do mở lại danh sách: phiếu đã phát không dùng nữa, phải bỏ phiếu lại."
            raise InvalidInput(text, fields={"reasons": [text]})
        cards = {"in_favour": in_favour, "against": against, "abstained": abstained}
        vote = decide_by_cards(
            ballot_round.election,
            f"bỏ phiếu đã phát, mở lại danh sách, bỏ phiếu lại. {told}",
            refused="election.reopening_not_adopted",
            cards=cards,
            actor=actor,
            at=at,
        )
        if not vote.adopted:
            return ballot_round
    move_round(ballot_round, "reopen_slate", at=at)
    ballot_round.fixed_vote = ballot_round.electorate = None
    ballot_round.save(update_fields=["state", "state_since", "fixed_vote", "electorate"])
    because = f"Mở lại danh sách bầu cử. {told}".strip()[:300]
    ballot_round.ledgers.filter(void_reason__isnull=True).update(void_reason=because, votes_again=are_out)
    if told:
        audit.record("election.slate_reopened_for", ballot_round, actor=actor, at=at, reasons=told)
    else:
        audit.record("election.slate_reopened", ballot_round, actor=actor, at=at)
    return ballot_round


def tellers_on_slate(ballot_round: BallotRound) -> list[str]:
    """Names of tellers who stand on the slate: they must be replaced before the count (E-27, E-63i)."""
    tellers = ballot_round.election.congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER])
    on_slate = ballot_round.candidates.filter(member__in=tellers.values("member")).select_related("member")
    return [candidate.member.full_name for candidate in on_slate]
