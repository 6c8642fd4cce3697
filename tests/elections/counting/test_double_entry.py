"""Two people type one count: equal figures make the proposal, different ones are typed again by both."""

from __future__ import annotations

from copy import deepcopy

import pytest

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed, NotReady, StaleVersion
from accounts.models import AuditEvent
from elections.models import Count, CountEntry
from elections.services import counting, ledgers, proposing, sealing
from elections.standings import standing_of
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return congress_at("counting", members=12, committee_seats=3)


def send(world: World, person: int, figures: dict, *, revision: int = 1) -> CountEntry:
    return counting.submit_entry(
        world.count.pk, figures=figures, revision=revision, actor=world.typists[person], at=world.when(0, 15, revision)
    )


def test_equal_figures_of_two_people_make_the_proposal(world):
    send(world, 0, world.figures())
    assert world.round.state == "counting"

    send(world, 1, world.figures())

    sheet = world.round.sheets.get()
    assert world.round.state == "counted"
    assert {sheet.entered_by, sheet.second_by} == set(world.typists)
    assert sheet.result["status"] == "complete"


def test_the_first_entry_says_nothing_of_a_result(world):
    send(world, 0, world.figures())

    assert not world.round.sheets.exists()
    assert proposing.newest_sheet(world.round) is None


def test_where_two_people_differ_only_that_figure_is_typed_again(world):
    right, wrong = world.figures(votes=[12, 11, 10, 3]), world.figures(votes=[12, 10, 10, 3])
    send(world, 0, right)
    send(world, 1, wrong)
    standing = standing_of(world.count, 1)
    assert standing.fields == ("L2",)
    assert not world.round.sheets.exists()

    everything_else_wrong = deepcopy(world.figures(votes=[0, 11, 0, 0])) | {"returned": 5}
    send(world, 0, right, revision=2)
    send(world, 1, everything_else_wrong, revision=2)

    assert world.round.state == "counted"
    assert [entry["votes"] for entry in [one.figures for one in CountEntry.objects.filter(revision=2)]] == [
        right["votes"],
        right["votes"],
    ]


def test_nobody_picks_a_winner_while_two_still_differ(world):
    send(world, 0, world.figures(votes=[12, 11, 10, 3]))
    send(world, 1, world.figures(votes=[12, 10, 10, 3]))
    send(world, 0, world.figures(votes=[12, 11, 10, 3]), revision=2)
    send(world, 1, world.figures(votes=[12, 9, 10, 3]), revision=2)

    assert world.round.state == "counting"
    assert standing_of(world.count, 1).fields == ("L2",)


def test_one_person_cannot_type_both_entries(world):
    send(world, 0, world.figures())

    again = send(world, 0, world.figures())

    assert again.revision == 1
    assert CountEntry.objects.count() == 1
    assert world.round.state == "counting"


def test_sending_the_same_again_returns_the_entry_and_other_figures_are_refused(world):
    first = send(world, 0, world.figures())
    events = AuditEvent.objects.count()

    assert send(world, 0, world.figures()) == first
    with pytest.raises(StaleVersion):
        send(world, 0, world.figures(votes=[11, 11, 11, 2]))
    assert AuditEvent.objects.count() == events


def test_a_later_revision_waits_for_a_difference(world):
    send(world, 0, world.figures())

    with pytest.raises(StaleVersion):
        send(world, 0, world.figures(), revision=2)


def test_every_error_of_one_persons_figures_is_named_at_once_and_nothing_is_stored(world):
    figures = world.figures(votes=[13, 11, 10, 3]) | {"returned": 11, "valid": 12, "invalid": None}

    with pytest.raises(InvalidInput) as refused:
        send(world, 0, figures)

    assert {"G", "K", "L1"} <= set(refused.value.fields)
    assert not CountEntry.objects.exists()
    assert not world.count.seats.exists()


def test_an_invalid_paper_without_its_reason_is_refused(world):
    figures = world.figures(invalid=1) | {"invalid_reasons": {}}

    with pytest.raises(InvalidInput) as refused:
        send(world, 0, figures)

    assert "K" in refused.value.fields


def test_counting_waits_for_a_closed_ledger():
    world = congress_at("slate_fixed", members=12, committee_seats=3)

    with pytest.raises(NotReady):
        counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))


@pytest.mark.parametrize(
    ("told", "letter"),
    [
        ({"printed": 11}, "S1"),
        ({"unused": 1}, "S1"),
        ({"spoiled": 1}, "S1"),
        ({"issued": 13, "printed": 13}, "E"),
        ({"returned": 13}, "G"),
        ({"returned": None}, "G"),
    ],
)
def test_a_ledger_that_does_not_add_up_stays_open(told, letter):
    world = congress_at("slate_fixed", members=12, committee_seats=3)

    with pytest.raises(InvalidInput) as refused:
        world.close_ledger(**told)

    assert letter in refused.value.fields
    assert not world.round.ledgers.exists()


def test_a_closed_ledger_is_kept_and_a_void_one_makes_room_for_another():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    with pytest.raises(IllegalTransition):
        world.close_ledger(printed=13, unused=1)

    ledgers.void_ledger(world.round.pk, reasons="Ghi nhầm", actor=world.head_teller, at=world.when(0, 14, 45))
    world.close_ledger(printed=13, unused=1)

    assert [one.printed for one in world.round.ledgers.all()] == [13, 12]


def test_a_dropped_count_keeps_its_entries_and_another_begins(world):
    send(world, 0, world.figures())
    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 5))
    assert world.round.state == "slate_fixed"

    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 15, 6))
    world.enter()

    assert [one.state for one in world.round.counts.all()] == [Count.State.AGREED, Count.State.DROPPED]
    assert CountEntry.objects.count() == 3


def test_the_seal_wants_every_warning_explained():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger(returned=11)
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 14, 50))
    world.enter(world.figures(votes=[11, 11, 11, 0]) | {"returned": 11, "valid": 11})
    with pytest.raises(NotReady) as refused:
        sealing.seal(world.round.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))
    (message,) = refused.value.gaps

    sealing.explain_warnings(
        world.round.pk,
        sheet_number=1,
        texts={message: "Một đồng chí ra về trước khi bỏ phiếu."},
        actor=world.teller,
        at=world.when(0, 15, 10),
    )
    sealed = sealing.seal(world.round.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))

    assert "Một đồng chí ra về" in sealed.content


def test_a_recount_becomes_the_next_edition_and_the_first_stays(world):
    ballot, figures = world.round, world.figures(votes=[12, 12, 11, 1])
    world.enter()
    first = sealing.seal(ballot.pk, sheet_number=1, actor=world.head_teller, at=world.when(0, 15, 20))
    again = counting.recount(ballot.pk, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, 30))
    for person in world.typists:
        counting.submit_entry(again.pk, figures=figures, actor=person, at=world.when(0, 15, 40))

    second = sealing.seal(ballot.pk, sheet_number=2, actor=world.head_teller, at=world.when(0, 15, 50))

    first.refresh_from_db()
    ballot.refresh_from_db()
    assert (first.edition, second.edition, second.reason) == (1, 2, "Có khiếu nại")
    assert first.sha256 != second.sha256
    assert ballot.state == "sealed"
    assert [paper.edition for paper in world.papers if paper.code == "F-10"] == [1, 2]


def test_the_secretary_a_candidate_and_a_stranger_do_not_sit(world):
    for person in (world.secretary, world.approver):
        with pytest.raises(NotAllowed):
            counting.submit_entry(world.count.pk, figures=world.figures(), actor=person, at=world.when(0, 15))
