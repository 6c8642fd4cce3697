"""Rounds of one election: every state × every action, ties again, stopping, the order of offices, alternates."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import DomainError, IllegalTransition, InvalidInput
from accounts.models import AuditEvent
from congress.services import sitting
from elections import freezes, queries
from elections.lifecycle import ROUND_LIFECYCLE, STATE_NAMES
from elections.models import BallotRound, Election
from elections.services import counting, ledgers, rounds, sealing, slates, withdrawals
from tests.factories import World, congress_at
from tests.slates import leader_not_elected

pytestmark = pytest.mark.django_db

SHORT, TIED, FULL = [12, 11, 4, 3], [11, 9, 8, 8], [12, 11, 9, 3]
OTHER = [12, 10, 9, 4]
"""Never what was typed before: sending the same again is answered with what there is."""

# ---- states × actions ----

STATES: dict[str, Callable[[], World]] = {
    "slate_open": lambda: congress_at("sitting", members=12, committee_seats=3),
    "slate_fixed": lambda: congress_at("slate_fixed", members=12, committee_seats=3),
    "ledger_closed": lambda: with_ledger(),
    "counting": lambda: congress_at("counting", members=12, committee_seats=3),
    "counted": lambda: entered(FULL),
    "sealed_full": lambda: sealed(FULL),
    "sealed_short": lambda: sealed(SHORT),
    "sealed_tie": lambda: sealed(TIED),
    "recounting": lambda: recounting(SHORT),
    "recounted": lambda: recounted(SHORT, FULL),
    "set_aside": lambda: set_aside(),
}
"""Everything a first round can be in, by how it came there."""
ACTIONS: dict[str, Callable[[World, BallotRound], Any]] = {
    "fix_slate": lambda w, b: slates.fix_slate(b.pk, in_favour=12, actor=w.secretary, at=w.when(0, 16)),
    "reopen_slate": lambda w, b: slates.reopen_slate(
        b.pk, reasons="Danh sách in thiếu tên", in_favour=w.present(), actor=w.secretary, at=w.when(0, 16)
    ),
    "keep_ledger": lambda w, b: ledgers.keep_ledger(
        b.pk, figures=w.ledger(), close=True, actor=w.teller, at=w.when(0, 16)
    ),
    "void_ledger": lambda w, b: ledgers.void_ledger(b.pk, reasons="Ghi nhầm", actor=w.head_teller, at=w.when(0, 16)),
    "start_count": lambda w, b: counting.start_count(b.pk, actor=w.teller, at=w.when(0, 16)),
    "enter": lambda w, b: counting.submit_entry(
        newest(b), figures=figures(w, b, OTHER), actor=w.teller, at=w.when(0, 16)
    ),
    "drop_count": lambda w, b: counting.drop_count(newest(b), reasons="Đếm lại", actor=w.head_teller, at=w.when(0, 16)),
    "seal": lambda w, b: sealing.seal(b.pk, sheet_number=b.sheets.count(), actor=w.head_teller, at=w.when(0, 16)),
    "recount": lambda w, b: counting.recount(b.pk, reasons="Khiếu nại", actor=w.head_teller, at=w.when(0, 16)),
    "next_round": lambda w, b: rounds.open_next_round(
        b.election_id, in_favour=w.present(), actor=w.secretary, at=w.when(0, 16)
    ),
    "conclude": lambda w, b: rounds.conclude(
        b.election_id, reasons="Dừng", in_favour=w.present(), actor=w.secretary, at=w.when(0, 16)
    ),
}
LEGAL = {
    "slate_open": {"fix_slate", "conclude"},
    "slate_fixed": {"reopen_slate", "keep_ledger"},
    "ledger_closed": {"reopen_slate", "void_ledger", "start_count"},
    "counting": {"enter", "drop_count"},
    "counted": {"drop_count", "seal"},
    "sealed_full": {"recount"},
    "sealed_short": {"recount", "next_round", "conclude"},
    "sealed_tie": {"recount", "next_round", "conclude"},
    "recounting": {"enter", "drop_count"},
    "recounted": {"drop_count", "seal"},
    "set_aside": set(),
}


def newest(ballot: BallotRound) -> int:
    count = ballot.counts.order_by("-number").first()
    return count.pk if count else 0


def figures(world: World, ballot: BallotRound, votes: list[int] = FULL) -> dict[str, Any]:
    slate = [str(pk) for pk in ballot.candidates.order_by("position", "pk").values_list("member_id", flat=True)]
    return {"returned": 12, "valid": 12, "invalid": 0, "votes": dict(zip(slate, votes, strict=True))}


def with_ledger() -> World:
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    return world


def set_aside() -> World:
    world = congress_at("sitting", members=12, committee_seats=3)
    stop(world, 0)
    return world


def stop(world: World, number: int = 0) -> None:
    """The congress decides not to go on with that election."""
    election = world.elections[number]
    rounds.conclude(
        election.pk,
        reasons="Đại hội không bầu tiếp.",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 15, 40),
    )


def entered(votes: list[int]) -> World:
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=votes))
    return world


def sealed(votes: list[int]) -> World:
    world = entered(votes)
    world.sealed()
    return world


def recounting(votes: list[int]) -> World:
    world = sealed(votes)
    counting.recount(first(world).pk, reasons="Khiếu nại", actor=world.head_teller, at=world.when(0, 15, 30))
    return world


def recounted(votes: list[int], again: list[int]) -> World:
    world = recounting(votes)
    ballot = first(world)
    for person in world.typists:
        counting.submit_entry(
            newest(ballot), figures=figures(world, ballot, again), actor=person, at=world.when(0, 15, 31)
        )
    return world


def first(world: World) -> BallotRound:
    return world.elections[0].rounds.select_related("election").get(number=1)


def test_the_table_names_every_state_of_the_life_cycle():
    """The control: a state that nobody walks through is missing from the table."""
    assert {state.partition("_")[0] for state in STATES} >= {state.partition("_")[0] for state in STATE_NAMES}
    assert {row.action for row in ROUND_LIFECYCLE.rows} - set(ACTIONS) == {"agree", "set_aside"}


@pytest.mark.parametrize("state", STATES)
def test_in_each_state_exactly_these_acts_are_possible(state):
    world = STATES[state]()
    possible = set()
    for name, act in ACTIONS.items():
        try:
            with transaction.atomic():
                act(world, first(world))
                possible.add(name)
                transaction.set_rollback(True)
        except (DomainError, BallotRound.DoesNotExist, counting.Count.DoesNotExist):
            pass

    assert possible == LEGAL[state]


# ---- the next round ----


def go_on(world: World, votes: list[int], *, invalid: int = 0) -> BallotRound:
    following = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )
    world.slate_fixed()
    world.counting()
    world.enter(world.figures(votes=votes, invalid=invalid))
    world.sealed()
    return following


def names(world: World) -> list[int]:
    return [one.member.pk for one in queries.elected_of(world.elections[0])]


def slate(ballot: BallotRound) -> list[int]:
    return list(ballot.candidates.order_by("position").values_list("member_id", flat=True))


@pytest.mark.rule("E-53")
def test_a_tie_is_voted_on_again_among_the_tied_and_more_votes_win_without_half():
    world = sealed(TIED)
    one, two, _, four = slate(first(world))

    revote = go_on(world, [4, 5], invalid=3)

    assert (revote.kind, revote.seats, len(slate(revote))) == ("tie_revote", 1, 2)
    assert names(world) == [one, two, four]
    assert world.elections[0].is_concluded


@pytest.mark.rule("E-53")
def test_tied_again_the_congress_may_vote_among_them_once_more_or_stop():
    world = sealed(TIED)
    revote = go_on(world, [6, 6])
    assert not world.elections[0].is_concluded

    again = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16)
    )

    assert (again.kind, again.seats, set(slate(again))) == ("tie_revote", 1, set(slate(revote)))


def test_who_stops_after_a_second_tie_leaves_the_seat_vacant():
    world = sealed(TIED)
    go_on(world, [6, 6])

    rounds.conclude(
        world.elections[0].pk,
        reasons="Để khuyết một chi ủy viên.",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 16),
    )

    election = world.elections[0]
    assert (election.is_concluded, queries.open_seats(election), len(names(world))) == (True, 1, 2)


@pytest.mark.rule("E-55")
def test_going_on_and_stopping_are_card_votes_of_their_own_and_half_is_not_enough():
    world = sealed([12, 5, 4, 3])
    election, act = world.elections[0], {"actor": world.secretary, "at": world.when(0, 15, 22)}

    for decide in (rounds.open_next_round, partial(rounds.conclude, reasons="Dừng.")):
        with pytest.raises(InvalidInput, match="Ghi số thẻ tán thành"):
            decide(election.pk, **act)
        assert decide(election.pk, in_favour=6, against=6, **act) is None
    following = rounds.open_next_round(election.pk, in_favour=7, against=5, **act)
    rounds.conclude(election.pk, reasons="Không có ai.", in_favour=12, **act)

    texts = list(world.congress.card_votes.filter(subject="other").values_list("text", "in_favour", "adopted"))
    assert texts == [
        ("Bầu chi ủy: bầu tiếp 2 người còn thiếu", 6, False),
        ("Bầu chi ủy: dừng bầu. Dừng.", 6, False),
        ("Bầu chi ủy: bầu tiếp 2 người còn thiếu", 7, True),
        ("Bầu chi ủy: dừng bầu. Không có ai.", 12, True),
    ]
    assert following.opened_vote.in_favour == 7
    assert world.elections[0].stopped_vote.in_favour == 12
    assert AuditEvent.objects.filter(action__endswith="_not_adopted").count() == 2


@pytest.mark.rule("E-53")
def test_a_first_tie_is_voted_again_without_a_vote_on_that_and_a_second_with_one():
    world = sealed(TIED)
    act = {"actor": world.secretary, "at": world.when(0, 15, 22)}

    revote = go_on(world, [6, 6])
    assert (revote.kind, revote.opened_vote) == ("tie_revote", None)
    with pytest.raises(InvalidInput, match="Ghi số thẻ tán thành"):
        rounds.open_next_round(world.elections[0].pk, **act)

    again = rounds.open_next_round(world.elections[0].pk, in_favour=12, **act)
    assert again.opened_vote.text == "Bầu chi ủy: bầu lại nữa giữa những người bằng phiếu"


@pytest.mark.rule("E-55")
def test_a_second_and_a_third_round_fill_the_missing_seats_and_names_may_come_and_go():
    world = sealed([12, 5, 4, 3])
    election = world.elections[0]
    second = rounds.open_next_round(
        election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )
    newcomer = world.members[5]
    slates.nominate(second.pk, member_id=newcomer.pk, source="stood", actor=world.secretary, at=world.when(0, 15, 23))
    assert (second.seats, second.candidates.count()) == (2, 4)
    second.candidates.exclude(member=newcomer).order_by("-pk")[0].delete()
    world.slate_fixed()
    world.counting()
    world.enter(world.figures(votes=[8, 3, 6]))
    world.sealed()
    assert queries.open_seats(world.elections[0]) == 1

    third = go_on(world, [4, 8])

    assert (third.number, third.seats) == (3, 1)
    assert len(names(world)) == 3
    assert world.elections[0].is_concluded


@pytest.mark.rule("E-56")
def test_after_three_ballots_without_a_secretary_the_superior_appoints():
    world = congress_at("counting", members=12)
    slate_of_one = [4]
    for turn in range(3):
        if turn:
            rounds.open_next_round(
                world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
            )
            world.slate_fixed()
            world.counting()
        world.enter(world.figures(votes=slate_of_one))
        world.sealed()

    election: Election = world.elections[0]
    assert election.rounds.count() == 3
    assert election.is_concluded
    assert "cấp trên chỉ định bí thư" in election.conclusion
    with pytest.raises(IllegalTransition):
        rounds.open_next_round(election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16))


@pytest.mark.rule("E-17")
def test_the_secretary_is_voted_on_only_after_the_committee_and_by_a_ballot_of_its_own():
    world = sealed(SHORT)
    leader = world.elections[1].rounds.get()
    slates.nominate(leader.pk, member_id=names(world)[0], actor=world.secretary, at=world.when(0, 15, 22))

    with pytest.raises(IllegalTransition, match="chưa kết thúc"):
        slates.fix_slate(leader.pk, in_favour=12, actor=world.secretary, at=world.when(0, 15, 23))
    rounds.conclude(
        world.elections[0].pk,
        reasons="Dừng",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 15, 24),
    )

    assert slates.fix_slate(leader.pk, in_favour=12, actor=world.secretary, at=world.when(0, 15, 25)).seats == 1


def test_stopping_needs_the_decision_in_words():
    world = sealed(SHORT)

    with pytest.raises(InvalidInput):
        rounds.conclude(
            world.elections[0].pk, reasons=" ", in_favour=world.present(), actor=world.secretary, at=world.when(0, 16)
        )


# ---- a round on which the congress decides not to vote ----


def revote_of(world: World, *, leaving: int) -> BallotRound:
    """The revote among the tied, from which that many have withdrawn by decision of the congress."""
    revote = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )
    for member in slate(revote)[:leaving]:
        act = {"actor": world.secretary, "at": world.when(0, 16)}
        asked = withdrawals.ask_to_withdraw(revote.pk, member_id=member, reason="Sức khỏe", proposal="allow", **act)
        withdrawals.decide_withdrawal(asked.pk, in_favour=12, **act)
    return revote


@pytest.mark.rule("E-55")
def test_a_round_that_was_only_being_prepared_is_set_aside_when_the_congress_stops():
    world = sealed(SHORT)
    second = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )

    stop(world)

    second.refresh_from_db()
    assert (second.state, second.candidates.count()) == ("set_aside", 2)
    assert (world.elections[0].is_concluded, len(names(world))) == (True, 2)


def test_a_slate_that_was_fixed_is_opened_again_before_the_congress_may_stop():
    world = sealed(SHORT)
    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )
    world.slate_fixed()

    with pytest.raises(IllegalTransition, match="mở lại danh sách trước"):
        stop(world)
    slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 15, 30))
    stop(world)

    assert world.elections[0].is_concluded


@pytest.mark.rule("E-17")
def test_nobody_stops_an_election_whose_turn_has_not_come():
    world = sealed(SHORT)

    with pytest.raises(IllegalTransition, match="Bầu chi ủy chưa kết thúc"):
        stop(world, 1)


def closed(world: World) -> World:
    """The resolution adopted, the sitting closed, the signed minutes read."""
    act = {"actor": world.secretary, "at": world.when(0, 16)}
    sitting.record_card_vote(world.congress_id, subject="resolution", text="Nghị quyết", in_favour=12, **act)
    sitting.close_sitting(
        world.congress_id, closed_at=world.when(0, 16, 30), actor=world.secretary, at=world.when(0, 17)
    )
    world.sign_minutes()
    return world


def test_with_leaders_for_whom_nobody_stands_the_congress_closes_reports_and_is_ratified():
    world = congress_at("sealed", members=12, committee_seats=3, has_deputy=True)
    assert not world.elections[2].rounds.get().candidates.exists()

    stop(world, 1)
    stop(world, 2)
    closed(world).reported()
    world.ratified()

    assert [one.rounds.get().state for one in world.elections] == ["sealed", "set_aside", "set_aside"]
    assert world.congress.state == "ratified"


@pytest.mark.rule("E-57")
def test_the_election_of_a_leader_who_was_planned_and_not_elected_may_be_stopped():
    world = leader_not_elected()

    stop(world, 1)

    assert world.elections[1].is_concluded
    assert world.elections[1].rounds.get().state == "set_aside"


@pytest.mark.rule("E-53", "E-55")
def test_too_few_of_the_tied_left_the_congress_votes_on_the_seats_in_an_ordinary_round():
    world = sealed([12, 8, 8, 8])
    revote = revote_of(world, leaving=1)

    ordinary = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16, 5)
    )

    assert world.elections[0].rounds.get(number=2).state == "set_aside"
    assert (ordinary.kind, ordinary.seats, ordinary.number) == ("ordinary", 2, 3)
    assert set(slate(ordinary)) == set(slate(revote))


def test_of_a_shrunken_revote_more_than_half_is_needed_again_and_its_result_stands():
    world = sealed([12, 8, 8, 8])
    revote_of(world, leaving=1)
    ordinary = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16, 5)
    )
    newcomer = world.members[6].pk
    slates.nominate(ordinary.pk, member_id=newcomer, source="stood", actor=world.secretary, at=world.when(0, 16, 6))
    world.slate_fixed()
    world.counting()
    votes = [6 if pk == newcomer else 9 for pk in [one.pk for one in world.slate()]]
    world.enter(world.figures(votes=votes))
    world.sealed()

    assert world.elections[0].is_concluded
    assert len(names(world)) == 3
    assert newcomer not in names(world)


def test_a_shrunken_revote_may_also_end_the_election():
    world = sealed([12, 8, 8, 8])
    revote_of(world, leaving=1)

    stop(world)

    assert (world.elections[0].is_concluded, queries.open_seats(world.elections[0])) == (True, 2)


def test_a_revote_with_enough_names_is_not_replaced():
    world = sealed([12, 8, 8, 8])
    revote_of(world, leaving=0)

    with pytest.raises(IllegalTransition):
        rounds.open_next_round(
            world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16, 5)
        )


@pytest.mark.rule("E-56")
def test_a_round_without_a_vote_is_no_ballot_of_the_three_for_a_secretary():
    world = congress_at("sitting", members=12)
    election = world.elections[0]
    before = election.rounds.get()
    BallotRound.objects.filter(pk=before.pk).update(state="set_aside")
    after = election.rounds.create(number=2, seats=1, state_since=world.when())

    assert (queries.ballot_number(before), queries.ballot_number(after)) == (1, 1)


def test_a_round_set_aside_stays_as_it_was():
    world = set_aside()

    kept = BallotRound.objects.filter(pk=first(world).pk)

    for change in ({"seats": 2}, {"state": "slate_open"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            kept.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        kept._raw_delete("default")


def test_who_stood_in_a_round_without_a_vote_may_count_the_others():
    world = set_aside()
    stood = first(world).candidates.first().member_id

    assert stood not in freezes.on_a_slate(world.congress)
