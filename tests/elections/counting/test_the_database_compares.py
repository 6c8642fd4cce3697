"""Statements sent past the services: no sheet without equal entries, and what is counted stands meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from congress.models import CardVote
from elections.models import CountedPaper, DisposalCertificate, SealedResult, TallySheet
from elections.services import counting, single_papers
from elections.services.proposing import case_of, propose
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return congress_at("counting", members=12, committee_seats=3)


def send(world: World, person: int, votes: list[int], *, revision: int = 1) -> None:
    counting.submit_entry(
        world.count.pk,
        figures=world.figures(votes=votes),
        revision=revision,
        actor=world.typists[person],
        at=world.when(0, 15, revision),
    )


def insert_sheet(world: World, **other: Any) -> TallySheet:
    """A sheet past the service, with the proposal that belongs to its figures."""
    figures = world.figures() | other
    ballots = {name: figures[name] for name in ("returned", "valid", "invalid")}
    counted = {"ballots": {"issued": 12, **ballots}, "votes": figures["votes"]}
    return world.round.sheets.create(
        number=1,
        count=world.count,
        entered_by=world.teller,
        second_by=world.head_teller,
        entered_at=world.when(),
        case=case_of(world.round, world.congress, counted),
        result=propose(world.round, world.congress, counted),
    )


def type_alike(world: World) -> None:
    for seat, teller in enumerate(world.typists, start=1):
        place = world.count.seats.create(team=1, slot=seat, teller=teller, taken_at=world.when())
        place.entries.create(revision=1, figures=world.figures(), submitted_at=world.when())


def refused(what: str) -> Any:
    return pytest.raises(IntegrityError, match=what)


def test_no_sheet_for_two_different_entries(world):
    send(world, 0, [12, 12, 11, 1])
    send(world, 1, [12, 12, 10, 2])

    with refused("entries_agree|holds_what_was_typed"), transaction.atomic():
        insert_sheet(world)


def test_no_sheet_while_one_has_typed_again_and_the_other_not(world):
    send(world, 0, [12, 12, 11, 1])
    send(world, 1, [12, 12, 10, 2])
    send(world, 0, [12, 12, 10, 2], revision=2)

    with refused("entries_agree|holds_what_was_typed"), transaction.atomic():
        insert_sheet(world)


def test_no_sheet_that_holds_other_figures_than_both_typed(world):
    """The control is in the same test: with the figures typed, the same statement is taken."""
    type_alike(world)

    with refused("holds_what_was_typed"), transaction.atomic():
        insert_sheet(world, votes=world.figures(votes=[12, 12, 11, 1])["votes"])
    with refused("holds_what_was_typed"), transaction.atomic():
        insert_sheet(world, valid=11, invalid=1, votes=world.figures(votes=[11, 11, 10, 1])["votes"])

    assert insert_sheet(world).pk


WHILE_COUNTED = {
    "the seats": "UPDATE elections_ballotround SET seats = 2",
    "the base": "UPDATE elections_ballotround SET electorate = '{}'",
    "a name": "UPDATE elections_candidate SET name = 'x'",
    "a place on the ballot": "UPDATE elections_candidate SET position = 9",
    "a candidate away": "DELETE FROM elections_candidate",
    "the teams": "UPDATE elections_count SET teams = 2",
    "the method": "UPDATE elections_count SET method = 'papers'",
    "the reason": "UPDATE elections_count SET reason = 'x'",
    "the ledger void": "UPDATE elections_ballotledger SET void_reason = 'x'",
}


@pytest.mark.parametrize("statement", WHILE_COUNTED.values(), ids=WHILE_COUNTED.keys())
@pytest.mark.parametrize("stage", ["counting", "counted"])
def test_nothing_that_is_counted_changes_meanwhile(stage, statement):
    congress_at(stage)

    with refused("refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_before_the_slate_is_fixed_it_still_changes():
    """The control of the test above."""
    congress_at("sitting")

    with connection.cursor() as cursor:
        cursor.execute(WHILE_COUNTED["a place on the ballot"])
        assert cursor.rowcount == 1


def test_no_count_begins_on_a_sealed_round_without_a_reason():
    world = congress_at("sealed")
    place = {"ledger": world.round.ledgers.get(), "number": 2, "started_by": world.teller, "started_at": world.when()}

    for told in ({"method": "totals"}, {"method": "totals", "reason": "x", "state": "agreed"}):
        with refused("in_step"), transaction.atomic():
            world.round.counts.create(**place, **told)

    assert world.round.counts.create(**place, method="totals", reason="Có khiếu nại").pk


def test_no_withdrawal_and_no_opinion_ballot_joins_a_sealed_round():
    world = congress_at("sealed")
    who, when = {"recorded_by": world.secretary}, world.when()
    figures = {"issued": 1, "returned": 1, "valid": 1, "invalid": 0, "support": {}}

    with refused("before_seal"), transaction.atomic():
        world.round.withdrawals.create(member=world.members[1], reason="x", proposal="allow", recorded_at=when, **who)
    with refused("before_seal"), transaction.atomic():
        world.round.opinion_ballots.create(number=1, entered_by=world.clerk, entered_at=when, **figures)
    assert CardVote.objects.exists()


def test_no_certificate_for_papers_that_were_never_read():
    world = congress_at("sealed")

    with refused("by_papers"), transaction.atomic():
        DisposalCertificate.objects.create(
            seal=SealedResult.objects.get(), rows=99, certified_by=world.teller, certified_at=world.when()
        )


def test_the_rows_of_single_papers_do_not_keep_the_order_of_the_stack():
    """Twelve different papers: after both agree, the order in which the database holds them is no longer theirs."""
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    slate = [str(one.pk) for one in world.slate()]
    choices = [[0], [1], [2], [3], [0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [0, 1, 2], [1, 2, 3]]
    stack = [{"kept": [slate[place] for place in one], "flaws": []} for one in choices]
    for person in world.typists:
        for slip, reading in enumerate(stack, start=1):
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 15, 1))

    held = []
    for seat in world.count.seats.all():
        with connection.cursor() as cursor:
            place = "ctid" if connection.vendor == "postgresql" else "rowid"
            cursor.execute(f"SELECT id FROM elections_countedpaper WHERE seat_id = %s ORDER BY {place}", [seat.pk])  # noqa: S608  (our own column)
            keys = [row[0] for row in cursor.fetchall()]
        found = {str(one.pk).replace("-", ""): one.reading for one in seat.papers.all()}
        held.append([found[str(key).replace("-", "")] for key in keys])

    key = str
    assert [sorted(one, key=key) for one in held] == [sorted(stack, key=key)] * 2
    assert held != [stack, stack]
    assert not CountedPaper.objects.exclude(slip=None).exists()


def test_an_entry_of_a_count_by_papers_holds_no_sums():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    slate = [str(one.pk) for one in world.slate()]
    for place, person in enumerate(world.typists):
        for slip in range(1, 13):
            kept = slate[: 3 - (place if slip == 7 else 0)]
            reading = {"kept": kept, "flaws": []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 15, 1))

    entries = [seat.entries.get().figures for seat in world.count.seats.order_by("slot")]

    assert entries == [{"differs": []}, {"differs": [7]}]
