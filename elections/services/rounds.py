"""Rounds of an election: their locks, the one place that moves their state, the next round, the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress.lifecycle import CLOSED, SITTING, SUBMITTED
from congress.models import CardVote, Congress
from congress.services.preparing import lock as lock_congress
from congress.services.sitting import count_cards
from elections import policies, queries, standings
from elections.lifecycle import OVER, ROUND_LIFECYCLE, SEALED, SLATE_OPEN
from elections.models import BallotRound, Election, SealedResult, Withdrawal

REVOTED = ("tie", "tie_again")
"""Statuses after which the congress may vote again among those tied (E-53)."""


def lock_round(round_id: int) -> tuple[BallotRound, Congress]:
    """The round and its congress, both locked, the congress first (one order everywhere)."""
    congress_id = BallotRound.objects.values_list("election__congress_id", flat=True).get(pk=round_id)
    congress = lock_congress(congress_id)
    locked = BallotRound.objects.select_for_update(of=("self",)).select_related("election").get(pk=round_id)
    locked.election.congress = congress
    return locked, congress


def move_round(ballot_round: BallotRound, action: str, *, at: datetime) -> None:
    """The only place that gives a round its state; the caller holds the lock and saves."""
    ballot_round.state = ROUND_LIFECYCLE.after(action, state=ballot_round.state)
    ballot_round.state_since = at


def require_open_slate(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when nobody may be added: the slate is fixed, or it is a revote of the tied (E-53)."""
    require_open(ballot_round)
    if ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        raise IllegalTransition("Bầu lại giữa những người bằng phiếu nên không thêm người vào danh sách.")


def require_open(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when names may not come or go: the slate is fixed, or being looked at above."""
    if ballot_round.state != SLATE_OPEN:
        raise IllegalTransition("Danh sách đã chốt. Mở lại danh sách trước khi thêm hoặc rút tên.")
    congress = ballot_round.election.congress
    if congress.state == SUBMITTED:
        raise IllegalTransition(
            f"{congress.authority.committee} đang xem xét hồ sơ trình duyệt nên danh sách giữ nguyên. "
            "Rút hồ sơ trình duyệt trước khi thêm hoặc rút tên."
        )


def require_decided_by_congress(ballot_round: BallotRound, congress: Congress, what: str) -> None:
    """Raise IllegalTransition unless the slate is open and the congress sits, which alone decides ``what``."""
    if congress.state != SITTING:
        raise IllegalTransition(f"{what} do {congress.word} quyết định. Khai mạc {congress.word} trước.")
    require_open(ballot_round)


def require_ground(ballot_round: BallotRound) -> None:
    """Raise IllegalTransition when a recount has changed, or may yet change, what this round rests on."""
    refuse_recount(ballot_round.election)
    if not queries.has_ground(ballot_round):
        raise IllegalTransition(
            "Kết quả lần bầu trước đã thay đổi sau kiểm đếm lại nên lần bầu này không còn căn cứ. "
            "Không bỏ phiếu lần này; xem kết quả mới và báo cáo chủ tịch đại hội."
        )


def lock_election(election_id: int) -> tuple[Election, Congress]:
    """The election and its congress, both locked, the congress first."""
    found = Election.objects.get(pk=election_id)
    congress = lock_congress(found.congress_id)
    election = Election.objects.select_for_update(of=("self",)).get(pk=election_id)
    election.congress = congress
    return election, congress


def require_turn(election: Election) -> None:
    """Raise IllegalTransition while an office before this one is still to be elected (E-17)."""
    earlier = queries.previous_election(election)
    if earlier is not None and not earlier.is_concluded:
        raise IllegalTransition(
            f"{earlier} chưa kết thúc. Bầu lần lượt theo thứ tự các chức danh, mỗi chức danh một lần riêng."
        )
    for one in queries.elected_before(election):
        refuse_recount(one)
        if one.congress_id != election.congress_id and not one.is_concluded:
            raise IllegalTransition(f"{one} chưa kết thúc sau kiểm đếm lại. Bầu xong ban chấp hành trước.")
    if earlier is not None and queries.without_ground(earlier):
        raise IllegalTransition(f"Kết quả {str(earlier).lower()} không còn căn cứ sau kiểm đếm lại. Bầu lại trước.")


def require_continuable(election: Election, congress: Congress) -> SealedResult:
    """The result that a next round goes on from; raise IllegalTransition while there is nothing to go on from."""
    last = queries.last_round(election)
    is_over = election.is_concluded or election.is_annulled or congress.state != SITTING
    if is_over or last is None or not (last.state in OVER or is_past_voting(last)):
        raise IllegalTransition("Chỉ bầu tiếp khi lần bỏ phiếu trước đã niêm phong mà chưa bầu đủ số lượng.")
    refuse_recount(election)
    return queries.standing_seals(election)[-1]


def is_short_revote(ballot_round: BallotRound) -> bool:
    """Whether so many of the tied have withdrawn that there is nothing left to choose (E-53)."""
    is_revote = ballot_round.kind == BallotRound.Kind.TIE_REVOTE and ballot_round.state == SLATE_OPEN
    return is_revote and ballot_round.candidates.count() <= ballot_round.seats


def is_past_voting(ballot_round: BallotRound) -> bool:
    """Whether this open slate can never be voted on: too few of the tied, or a recount took its ground away."""
    if ballot_round.state != SLATE_OPEN:
        return False
    return is_short_revote(ballot_round) or not queries.has_ground(ballot_round)


def set_aside(ballot_round: BallotRound | None, *, at: datetime) -> None:
    """Không bỏ phiếu: a slate that was only being prepared stays to be read; a round voted on is left as it is."""
    if ballot_round is not None and ballot_round.state == SLATE_OPEN:
        move_round(ballot_round, "set_aside", at=at)
        ballot_round.save(update_fields=["state", "state_since"])


def refuse_recount(election: Election) -> None:
    """What is being counted again is nothing to decide on."""
    for one in election.rounds.filter(state=SEALED):
        if standings.live_count(one) is not None:
            raise IllegalTransition(f"{one} đang được kiểm đếm lại. Chờ niêm phong kết quả kiểm đếm lại.")


def goes_on_by_itself(election: Election) -> bool:
    """E-53 — Whether the next round is the re-vote that a first tie calls for: nobody decides on that by vote."""
    seals, last = queries.standing_seals(election), queries.last_round(election)
    if not seals or seals[-1].sheet.result["status"] != "tie":
        return False
    return not (last is not None and is_short_revote(last) and queries.has_ground(last))


def decide_by_cards(
    election: Election, what: str, *, refused: str, cards: Mapping[str, int | None], actor: User, at: datetime
) -> CardVote:
    """The card vote on going on or stopping, kept also when it is not adopted, then under the event ``refused``.

    Raises InvalidInput for a blank.
    """
    given = {name: number for name, number in cards.items() if number is not None}
    if "in_favour" not in given:
        text = "Ghi số thẻ tán thành."
        raise InvalidInput(f"{text} Việc này {election.congress.word} biểu quyết.", fields={"in_favour": [text]})
    text = f"{election}: {what}"[:300]
    vote = count_cards(election.congress, CardVote.Subject.OTHER, text, actor=actor, at=at, **given)
    if not vote.adopted:
        audit.record(refused, election, actor=actor, at=at, in_favour=vote.in_favour, base=vote.base)
    return vote


@transaction.atomic
def open_next_round(
    election_id: int,
    *,
    in_favour: int | None = None,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> BallotRound | None:
    """Bầu tiếp: among the tied for the last seats (E-53), or for the missing seats (E-55), by card vote of its own.

    After a first tie the congress votes again without deciding on that (``goes_on_by_itself``); no cards then. Its
    slate begins with those who were voted on, not elected and have not withdrawn since; of an ordinary round names
    may come and go until the congress fixes it. A revote with too few of the tied left is set aside for an ordinary
    round, in which more than half is needed again. None when the cards do not adopt it. Raises NotAllowed,
    IllegalTransition or InvalidInput.
    """
    election, congress = lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    basis = require_continuable(election, congress)
    last, vote = queries.last_round(election), None
    too_few = last is not None and is_short_revote(last) and queries.has_ground(last)
    revote = basis.sheet.result["status"] in REVOTED and not too_few
    if not goes_on_by_itself(election):
        what = f"bầu tiếp {basis.sheet.result['open_seats']} người còn thiếu"
        cards = {"in_favour": in_favour, "against": against, "abstained": abstained}
        vote = decide_by_cards(
            election,
            "bầu lại nữa giữa những người bằng phiếu" if revote else what,
            refused="election.round_not_adopted",
            cards=cards,
            actor=actor,
            at=at,
        )
        if not vote.adopted:
            return None
    set_aside(last, at=at)
    following: BallotRound = election.rounds.create(
        number=election.rounds.count() + 1,
        kind=BallotRound.Kind.TIE_REVOTE if revote else BallotRound.Kind.ORDINARY,
        seats=basis.sheet.result["open_seats"],
        opened_vote=vote,
        state=SLATE_OPEN,
        state_since=at,
    )
    _carry_names(following, basis, revote=revote)
    audit.record("election.round_opened", following, actor=actor, at=at, seats=following.seats)
    return following


def _carry_names(following: BallotRound, basis: SealedResult, *, revote: bool) -> None:
    """The tied, or all who were voted on and not elected; without those who have withdrawn since."""
    result, before = basis.sheet.result, basis.round
    keep = result["tied"] if revote else [pk for pk in result["votes"] if pk not in result["elected"]]
    for candidate in before.candidates.exclude(member__in=_withdrawn_since(before)):
        if str(candidate.member_id) in keep:
            following.candidates.create(
                member_id=candidate.member_id,
                source=candidate.source,
                nominated_by_id=candidate.nominated_by_id,
                nominator_name=candidate.nominator_name,
                nominator_from=candidate.nominator_from,
                support=candidate.support,
                support_of=candidate.support_of,
            )


def _withdrawn_since(ballot_round: BallotRound) -> list[int]:
    """Members whom the congress let withdraw in a round after this one."""
    agreed = Withdrawal.objects.filter(outcome=Withdrawal.Outcome.AGREED, round__election=ballot_round.election)
    return list(agreed.filter(round__number__gt=ballot_round.number).values_list("member_id", flat=True))


def require_concludable(election: Election, congress: Congress) -> None:
    """Raise IllegalTransition unless the last round is sealed with seats open, or no paper of it is handed out.

    The sitting congress decides; after its closing only a recount opens seats again, left to the superior (E-70).
    """
    last = queries.last_round(election)
    is_over = election.is_concluded or election.is_annulled or congress.state not in (SITTING, CLOSED)
    if is_over or last is None or last.state not in (SLATE_OPEN, *OVER):
        raise IllegalTransition(
            "Chỉ kết thúc cuộc bầu khi lần bỏ phiếu cuối đã niêm phong, hoặc mới lập danh sách mà chưa chốt. "
            "Đã chốt mà chưa bỏ phiếu thì mở lại danh sách trước."
        )
    refuse_recount(election)
    require_turn(election)


@transaction.atomic
def conclude(
    election_id: int,
    *,
    reasons: str,
    in_favour: int | None = None,
    against: int = 0,
    abstained: int = 0,
    actor: User,
    at: datetime,
) -> Election | None:
    """Đại hội quyết định dừng bầu with seats open (E-55, E-57), in words and cards; the superior fills them (E-70).

    After the closing no congress votes: then in words alone. A round whose slate was only being prepared is kept as
    one on which the congress decided not to vote. None when the cards do not adopt it.
    """
    election, congress = lock_election(election_id)
    policies.can_prepare(actor, congress).require()
    require_concludable(election, congress)
    if not reasons.strip():
        raise InvalidInput("Ghi quyết định của đại hội.", fields={"reasons": ["Ghi quyết định của đại hội."]})
    if congress.state == SITTING:
        cards = {"in_favour": in_favour, "against": against, "abstained": abstained}
        vote = decide_by_cards(
            election,
            f"dừng bầu. {reasons.strip()}",
            refused="election.stop_not_adopted",
            cards=cards,
            actor=actor,
            at=at,
        )
        if not vote.adopted:
            return None
        election.stopped_vote = vote
    set_aside(queries.last_round(election), at=at)
    election.is_concluded, election.conclusion = True, reasons.strip()[:300]
    election.save(update_fields=["is_concluded", "conclusion", "stopped_vote"])
    audit.record("election.concluded", election, actor=actor, at=at, reasons=election.conclusion)
    return election
