"""A sealed result counted again: the next edition, what it changes downstream, what it must not touch."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, NotReady
from congress import readiness
from documents.services import minutes
from elections import editions, queries
from elections.models import BallotRound, SealedResult
from elections.services import counting, rounds, sealing, slates
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

SHORT, TIED, FULL = [12, 11, 4, 3], [11, 9, 8, 8], [12, 11, 9, 3]
OTHERS = [12, 3, 9, 11]
"""Votes for four names and three seats, twelve voters."""


def sealed(votes: list[int]) -> World:
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=votes))
    world.sealed()
    return world


def first_round(world: World) -> BallotRound:
    return world.elections[0].rounds.get(number=1)


def count_again(world: World, ballot: BallotRound, votes: list[int], *, minute: int = 30) -> SealedResult:
    """Head opens, both type alike, head seals."""
    slate = [str(one.member_id) for one in ballot.candidates.order_by("position")]
    sheet = ballot.sheets.order_by("-number")[0]
    ballots = sheet.result["ballots"]
    figures: dict[str, Any] = {name: ballots[name] for name in ("returned", "valid", "invalid")}
    figures["votes"] = dict(zip(slate, votes, strict=True))
    again = counting.recount(ballot.pk, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, minute))
    for person in world.typists:
        counting.submit_entry(again.pk, figures=figures, actor=person, at=world.when(0, 15, minute + 1))
    number = ballot.sheets.count()
    return sealing.seal(ballot.pk, sheet_number=number, actor=world.head_teller, at=world.when(0, 15, minute + 2))


def next_round(world: World, votes: list[int]) -> BallotRound:
    """Opened, fixed, counted and sealed."""
    following = rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )
    world.slate_fixed()
    world.counting()
    world.enter(world.figures(votes=votes))
    world.sealed()
    return following


def elected(world: World) -> list[str]:
    return [str(one.member.pk) for one in queries.elected_of(world.elections[0])]


def slate_of(ballot: BallotRound) -> list[str]:
    return [str(pk) for pk in ballot.candidates.order_by("position").values_list("member_id", flat=True)]


# ---- who is elected, and whether the election is over ----


def test_a_recount_that_elects_another_replaces_who_is_elected():
    world = sealed(FULL)
    ballot = first_round(world)
    one, two, three, four = slate_of(ballot)
    assert elected(world) == [one, two, three]

    count_again(world, ballot, OTHERS)

    assert elected(world) == [one, four, three]
    assert world.elections[0].is_concluded


def test_a_recount_that_leaves_a_seat_open_opens_the_election_again():
    world = sealed(FULL)

    count_again(world, first_round(world), SHORT)

    election = world.elections[0]
    assert (election.is_concluded, election.conclusion, queries.open_seats(election)) == (False, "", 1)
    assert (
        rounds.open_next_round(
            election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16)
        ).seats
        == 1
    )


def test_a_recount_that_fills_the_seats_concludes_the_election_and_takes_the_prepared_round_away():
    world = sealed(SHORT)
    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 25)
    )

    count_again(world, first_round(world), FULL)

    election = world.elections[0]
    assert election.is_concluded
    assert [one.number for one in election.rounds.all()] == [1]


def test_a_recount_that_elects_the_same_keeps_the_decision_to_stop():
    world = sealed(SHORT)
    election = world.elections[0]
    rounds.conclude(
        election.pk,
        reasons="Đại hội không bầu tiếp.",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 15, 25),
    )

    count_again(world, first_round(world), [12, 10, 4, 3])

    assert world.elections[0].conclusion == "Đại hội không bầu tiếp."


def test_a_second_round_without_its_ground_elects_nobody_and_the_congress_votes_again():
    world = sealed(SHORT)
    ballot = first_round(world)
    one, two, three, four = slate_of(ballot)
    second = next_round(world, [8, 4])
    assert elected(world) == [one, two, three]

    count_again(world, ballot, [4, 12, 4, 11], minute=40)

    election = world.elections[0]
    assert elected(world) == [two, four]
    assert not queries.has_ground(second)
    assert not election.is_concluded
    third = rounds.open_next_round(election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16))
    assert (third.number, third.seats, set(slate_of(third))) == (3, 1, {one, three})


def test_a_second_round_whose_ground_is_the_same_goes_on_electing():
    world = sealed(SHORT)
    ballot = first_round(world)
    next_round(world, [8, 4])
    before = elected(world)

    count_again(world, ballot, [12, 10, 5, 3], minute=40)

    assert elected(world) == before
    assert world.elections[0].is_concluded
    assert editions.shaken_by_recount(ballot) == []


def test_a_tie_that_a_recount_dissolves_takes_the_ground_from_the_revote():
    world = sealed(TIED)
    ballot = first_round(world)
    one, two, three, four = slate_of(ballot)
    revote = next_round(world, [5, 7])
    assert elected(world) == [one, two, four]

    count_again(world, ballot, [11, 9, 9, 7], minute=40)

    assert elected(world) == [one, two, three]
    assert not queries.has_ground(revote)
    assert editions.shaken_by_recount(ballot) == [revote]
    assert world.elections[0].is_concluded


def test_later_elections_from_the_committee_are_named_when_it_changes():
    world = sealed(FULL)
    ballot = first_round(world)
    leader = world.elections[1].rounds.get()
    slates.nominate(leader.pk, member_id=int(slate_of(ballot)[1]), actor=world.secretary, at=world.when(0, 15, 22))
    assert editions.shaken_by_recount(ballot) == []

    count_again(world, ballot, OTHERS)

    assert editions.shaken_by_recount(ballot) == [leader]


# ---- both editions stand ----


def test_both_editions_are_kept_with_the_reason_and_every_figure_old_and_new():
    world = sealed(FULL)
    ballot = first_round(world)
    before = SealedResult.objects.get().content

    second = count_again(world, ballot, [12, 11, 9, 4])

    first = ballot.seals.get(edition=1)
    names = {one.member_id: one.shown_name for one in ballot.candidates.all()}
    changed = [(one.old, one.new) for one in editions.figures(first, second, names) if one.is_changed]
    assert (first.content, first.reason, second.reason) == (before, None, "Có khiếu nại")
    assert changed == [("3", "4")]
    assert [paper.code for paper in world.papers if paper.about == f"round:{ballot.pk}"] == ["F-10", "F-10", "F-25"]


def test_the_first_result_stands_until_the_recount_is_sealed():
    world = sealed(FULL)
    ballot, before = first_round(world), elected(world)
    again = counting.recount(ballot.pk, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, 30))

    assert elected(world) == before
    counting.drop_count(again.pk, reasons="Rút khiếu nại", actor=world.head_teller, at=world.when(0, 15, 31))

    ballot.refresh_from_db()
    assert (elected(world), ballot.state, ballot.seals.count()) == (before, "sealed", 1)


# ---- when it is refused ----


def test_nobody_but_the_head_counts_again_and_never_without_a_reason():
    world = sealed(FULL)
    ballot = first_round(world)

    for person in (world.teller, world.secretary, world.approver):
        with pytest.raises(NotAllowed):
            counting.recount(ballot.pk, reasons="Có khiếu nại", actor=person, at=world.when(0, 16))
    with pytest.raises(InvalidInput):
        counting.recount(ballot.pk, reasons=" ", actor=world.head_teller, at=world.when(0, 16))
    assert ballot.counts.count() == 1


def test_nothing_is_decided_on_what_is_being_counted_again():
    world = sealed(SHORT)
    ballot, election = first_round(world), world.elections[0]
    counting.recount(ballot.pk, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, 30))

    with pytest.raises(IllegalTransition):
        rounds.open_next_round(election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 16))
    with pytest.raises(IllegalTransition):
        rounds.conclude(
            election.pk, reasons="Dừng", in_favour=world.present(), actor=world.secretary, at=world.when(0, 16)
        )
    with pytest.raises(IllegalTransition):
        counting.recount(ballot.pk, reasons="Lần nữa", actor=world.head_teller, at=world.when(0, 16))
    assert any("kiểm đếm lại" in gap.sentence for gap in readiness.gaps(world.congress, readiness.CLOSING))


def test_a_recount_waits_while_a_later_round_is_voted_on():
    world = sealed(SHORT)
    ballot = first_round(world)
    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 25)
    )
    world.slate_fixed()

    with pytest.raises(IllegalTransition, match="đang bỏ phiếu hoặc kiểm phiếu"):
        counting.recount(ballot.pk, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 16))


def test_after_the_report_the_superior_decides():
    world = congress_at("reported")

    with pytest.raises(IllegalTransition, match="cấp trên"):
        counting.recount(world.round.pk, reasons="Khiếu nại", actor=world.head_teller, at=world.when(3))


def test_a_recount_after_the_closing_asks_for_new_minutes_and_a_newly_signed_sheet():
    world = congress_at("closed", members=12, committee_seats=3)
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    assert readiness.gaps(world.congress, readiness.REPORTING) == []

    count_again(world, first_round(world), FULL, minute=50)

    missing = [gap.url_name for gap in readiness.gaps(world.congress, readiness.REPORTING)]
    assert missing == ["elections:signed_sheets"]


def test_seats_that_a_recount_opens_after_the_closing_are_left_to_the_superior():
    world = congress_at("closed", members=12, committee_seats=3)
    count_again(world, first_round(world), SHORT, minute=50)
    election = world.elections[0]
    assert "elections:round" in [gap.url_name for gap in readiness.gaps(world.congress, readiness.REPORTING)]
    with pytest.raises(IllegalTransition):
        rounds.open_next_round(election.pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 18))

    rounds.conclude(
        election.pk,
        reasons="Khuyết một chi ủy viên, đề nghị cấp trên bổ sung.",
        actor=world.secretary,
        at=world.when(1),
    )

    assert "elections:round" not in [gap.url_name for gap in readiness.gaps(world.congress, readiness.REPORTING)]


def test_a_recount_needs_its_warnings_explained_again():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger(returned=11)
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))
    world.enter(world.figures(votes=[11, 11, 10, 0]) | {"returned": 11, "valid": 11})
    ballot = first_round(world)
    (warning,) = sealing.warnings_of(ballot.sheets.get())
    texts = {warning["message"]: "Một đồng chí không nộp lại phiếu."}
    place = {"sheet_number": 1, "actor": world.head_teller}
    sealing.explain_warnings(ballot.pk, texts=texts, at=world.when(0, 15, 5), **place)
    sealing.seal(ballot.pk, at=world.when(0, 15, 20), **place)

    with pytest.raises(NotReady) as refused:
        count_again(world, ballot, [11, 11, 10, 1])

    assert refused.value.gaps == (warning["message"],)
    assert ballot.seals.count() == 1
