"""A count that two people type at the same instant, in two tabs, while the head drops, seals or counts again.

One world is counted over and over, so that five hundred repetitions of every race take a minute or so. Every race
has its control: with the locks taken away the same invariant breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.decisions import Decision
from accounts.errors import StaleVersion
from accounts.models import AuditEvent, User
from accounts.roles import Role
from elections import policies
from elections.models import BallotRound, Count, CountedPaper, CountEntry, CountSeat, SealedResult, TallySheet
from elections.services import counting, proposing, sealing, single_papers
from elections.standings import live_count
from tests.factories import World, congress_at, make_user
from tests.races.conftest import PAUSE_SECONDS, REPETITIONS, Outcome, lost_clearly, one_won, together, won

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
Act = Callable[[], object]


@dataclass(frozen=True)
class Race:
    """How to come to the line (once per repetition), who runs, and what must hold afterwards."""

    line_up: Callable[[World], None]
    acts: Callable[[World], list[Act]]
    holds: Callable[[World, list[Outcome]], bool]


def fresh(user: User) -> User:
    """The same person without anything loaded before: every thread loads its own."""
    return User.objects.get(pk=user.pk)


def board(world: World) -> list[User]:
    """Three tellers who may type, the head apart."""
    return [world.teller, *(member.user for member in world.members[5:7])]


def board_of_four() -> World:
    """Twelve members elect three of four; the ledger is closed."""
    world = congress_at("sitting", members=12, committee_seats=3)
    more = world.members[5:7]
    for member in more:
        member.user = make_user(Role.TELLER, world.branch, full_name=member.full_name)
        member.save(update_fields=["user"])
    people = {"head_teller": [world.members[-1].pk], "teller": [world.members[-2].pk, *(one.pk for one in more)]}
    world._elect("tellers", people, world.when(0, 14, 20))
    world.slate_fixed()
    world.close_ledger()
    return world


def ballot(world: World) -> BallotRound:
    """The first ballot of all, sealed or not."""
    return world.elections[0].rounds.get()


def count(world: World) -> Count:
    """Its newest count."""
    return ballot(world).counts.order_by("-number")[0]


def figures(world: World, votes: Sequence[int] = (12, 12, 12, 0)) -> dict[str, Any]:
    """What twelve papers say."""
    slate = ballot(world).candidates.order_by("position").values_list("member_id", flat=True)
    whole = {str(pk): papers for pk, papers in zip(slate, votes, strict=True)}
    return {"returned": 12, "valid": 12, "invalid": 0, "votes": whole}


# ---- acts ----


def submit(world: World, person: int, *, votes: Sequence[int] = (12, 12, 12, 0)) -> Act:
    return partial(
        counting.submit_entry,
        count(world).pk,
        figures=figures(world, votes),
        actor=fresh(board(world)[person]),
        at=world.when(0, 15),
    )


def head(call: Callable[..., object], pk: int, world: World, **more: object) -> Act:
    return partial(call, pk, actor=fresh(world.head_teller), at=world.when(0, 15, 30), **more)


def drop(world: World) -> Act:
    return head(counting.drop_count, count(world).pk, world, reasons="Đếm lại.")


def seal(world: World) -> Act:
    sheet = proposing.newest_sheet(ballot(world))
    assert sheet is not None
    return head(sealing.seal, ballot(world).pk, world, sheet_number=sheet.number)


def start(world: World, *, method: str = "totals", person: int = 0) -> Act:
    return partial(
        counting.start_count,
        ballot(world).pk,
        method=method,
        actor=fresh(board(world)[person]),
        at=world.when(0, 14, 50),
    )


# ---- on the line ----


def ready(world: World) -> None:
    """Nobody counts; what was counted before is dropped."""
    if live_count(ballot(world)) is not None:
        drop(world)()


def entering(world: World) -> None:
    ready(world)
    start(world)()


def by_papers(world: World) -> None:
    ready(world)
    start(world, method="papers")()
    for person in board(world)[:1]:
        counting.take_seat(count(world).pk, team=1, actor=fresh(person), at=world.when(0, 15))


def one_sent(world: World) -> None:
    entering(world)
    submit(world, 0)()


def agreed(world: World) -> None:
    """Two typed alike: the first time the count itself, later a recount of what is sealed."""
    if ballot(world).state == "sealed" and live_count(ballot(world)) is None:
        head(counting.recount, ballot(world).pk, world, reasons="Kiểm đếm lại.")()
    elif ballot(world).state != "sealed":
        entering(world)
    if count(world).state == Count.State.ENTERING:
        for person in (0, 1):
            submit(world, person)()


def sealed(world: World) -> None:
    """Sealed, and nobody counts again."""
    if ballot(world).state != "sealed":
        agreed(world)
        seal(world)()
    ready(world)


# ---- what must hold ----


def events(world: World, action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def both_make_one_proposal(world: World, outcomes: list[Outcome]) -> bool:
    last = count(world)
    sheets = TallySheet.objects.filter(count=last).count()
    seats = CountSeat.objects.filter(count=last).count()
    entries = CountEntry.objects.filter(seat__count=last).count()
    return won(outcomes) == 2 and (seats, entries, sheets, ballot(world).state) == (2, 2, 1, "counted")


def one_entry_for_both(world: World, outcomes: list[Outcome]) -> bool:
    entries = list(CountEntry.objects.filter(seat__count=count(world)))
    told = events(world, "election.entry_submitted") == CountEntry.objects.count()
    return won(outcomes) == 2 and outcomes[0] == outcomes[1] and len(entries) == 1 and told


def one_entry_and_the_other_told(world: World, outcomes: list[Outcome]) -> bool:
    entries = CountEntry.objects.filter(seat__count=count(world)).count()
    return one_won(outcomes) and any(isinstance(one, StaleVersion) for one in outcomes) and entries == 1


def dropped_with_what_came_before(world: World, outcomes: list[Outcome]) -> bool:
    """Dropped in any case; the entry is there exactly when its sender was not refused, and no proposal stands."""
    entry, dropped = outcomes
    sent = not isinstance(entry, Exception)
    entries = CountEntry.objects.filter(seat__count=count(world)).count()
    sheets = TallySheet.objects.filter(count=count(world)).count()
    return (
        not isinstance(dropped, Exception)
        and lost_clearly(outcomes)
        and (entries, sheets) == (1 + sent, int(sent))
        and count(world).state == Count.State.DROPPED
        and ballot(world).state == "slate_fixed"
        and proposing.newest_sheet(ballot(world)) is None
    )


def seals_of(world: World) -> list[int]:
    return sorted(SealedResult.objects.filter(round=ballot(world)).values_list("edition", flat=True))


def seals_and_events_agree(world: World) -> bool:
    editions = seals_of(world)
    sealed = Count.objects.filter(round=ballot(world), state=Count.State.SEALED).count()
    return editions == list(range(1, sealed + 1)) and events(world, "election.sealed") == sealed


def one_seal(world: World, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and seals_and_events_agree(world) and live_count(ballot(world)) is None


def sealed_or_dropped(world: World, outcomes: list[Outcome]) -> bool:
    state = Count.State.DROPPED if isinstance(outcomes[0], Exception) else Count.State.SEALED
    return one_won(outcomes) and seals_and_events_agree(world) and count(world).state == state


def sealed_and_perhaps_counted_again(world: World, outcomes: list[Outcome]) -> bool:
    """The seal comes through; the recount only after it."""
    sealed, recounted = outcomes
    lives = Count.objects.filter(round=ballot(world), state__in=["entering", "agreed"]).count()
    return (
        not isinstance(sealed, Exception)
        and lost_clearly(outcomes)
        and seals_and_events_agree(world)
        and lives == int(not isinstance(recounted, Exception))
    )


def two_of_three_sit(world: World, outcomes: list[Outcome]) -> bool:
    seats = list(CountSeat.objects.filter(count=count(world)).values_list("slot", flat=True))
    return won(outcomes) == 2 and lost_clearly(outcomes) and sorted(seats) == [1, 2]


def one_paper(world: World, outcomes: list[Outcome]) -> bool:
    return won(outcomes) == 2 and CountedPaper.objects.filter(seat__count=count(world)).count() == 1


def one_count(world: World, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and ballot(world).counts.filter(state="entering").count() == 1


# ---- the races ----


def two_people(world: World) -> list[Act]:
    return [submit(world, 0), submit(world, 1)]


def two_tabs(world: World) -> list[Act]:
    """As a double click is, too."""
    return [submit(world, 0), submit(world, 0)]


def two_tabs_that_differ(world: World) -> list[Act]:
    return [submit(world, 0), submit(world, 0, votes=[11, 11, 11, 2])]


def second_entry_and_drop(world: World) -> list[Act]:
    return [submit(world, 1), drop(world)]


def two_seals(world: World) -> list[Act]:
    return [seal(world), seal(world)]


def seal_and_drop(world: World) -> list[Act]:
    return [seal(world), drop(world)]


def seal_and_recount(world: World) -> list[Act]:
    return [seal(world), head(counting.recount, ballot(world).pk, world, reasons="Khiếu nại.")]


def two_recounts(world: World) -> list[Act]:
    again = partial(head, counting.recount, ballot(world).pk, world)
    return [again(reasons="Khiếu nại."), again(reasons="Kiểm đếm lại.")]


def three_people(world: World) -> list[Act]:
    seat = partial(counting.take_seat, count(world).pk, team=1, at=world.when(0, 15))
    return [partial(seat, actor=fresh(person)) for person in board(world)]


def one_paper_in_two_tabs(world: World) -> list[Act]:
    reading = {"kept": list(figures(world)["votes"])[:3], "flaws": []}
    write = partial(single_papers.write_paper, count(world).pk, slip=1, reading=reading, at=world.when(0, 15))
    return [partial(write, actor=fresh(world.teller)), partial(write, actor=fresh(world.teller))]


def two_starts(world: World) -> list[Act]:
    return [start(world, person=0), start(world, person=1)]


RACES = {
    "two people submit": Race(entering, two_people, both_make_one_proposal),
    "one person in two tabs": Race(entering, two_tabs, one_entry_for_both),
    "one person in two tabs, other figures": Race(entering, two_tabs_that_differ, one_entry_and_the_other_told),
    "second entry and drop": Race(one_sent, second_entry_and_drop, dropped_with_what_came_before),
    "seal twice": Race(agreed, two_seals, one_seal),
    "seal and drop": Race(agreed, seal_and_drop, sealed_or_dropped),
    "seal and recount": Race(agreed, seal_and_recount, sealed_and_perhaps_counted_again),
    "recount twice": Race(sealed, two_recounts, one_count),
    "three people for two seats": Race(entering, three_people, two_of_three_sit),
    "one paper in two tabs": Race(by_papers, one_paper_in_two_tabs, one_paper),
    "start twice": Race(ready, two_starts, one_count),
}


@pytest.mark.parametrize("name", RACES)
def test_exactly_one_record_comes_of_it(name):
    race, world = RACES[name], board_of_four()

    for turn in range(REPETITIONS):
        race.line_up(world)
        outcomes = together(*race.acts(world))
        assert race.holds(world, outcomes), (turn, outcomes)

    assert audit.verify_chain() == []


ASKED = ("can_enter_count", "can_head_the_board", "can_keep_ledger", "can_seal")


@pytest.fixture
def thinking(without_locks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No locks, and everybody takes a moment between what they read and what they do."""
    for name in ASKED:
        asked = getattr(policies, name)

        def ask(*args: Any, asked: Callable[..., Decision] = asked) -> Decision:
            found = asked(*args)
            sleep(PAUSE_SECONDS)
            return found

        monkeypatch.setattr(policies, name, ask)


HELD_OTHERWISE = {"one paper in two tabs", "seal and recount"}
"""Two writers of one row are made one by its unique constraint (its control is below), and a recount that looks
before the seal is refused for what it saw: neither needs the lock."""


@pytest.mark.parametrize("name", sorted(RACES.keys() - HELD_OTHERWISE))
def test_without_locks_it_breaks(name, request):
    """Once in ten at least: who comes first without a lock is nobody's promise."""
    race, world = RACES[name], board_of_four()
    race.line_up(world)
    acts = race.acts(world)
    request.getfixturevalue("thinking")

    broken = not race.holds(world, together(*acts))
    for _ in range(0 if broken else 10):
        try:
            race.line_up(world)
            broken = not race.holds(world, together(*race.acts(world)))
        except Exception:
            broken = True
        if broken:
            break

    assert broken


# ---- what the database holds by itself ----


def without_constraint(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        cursor.execute(f"DROP INDEX IF EXISTS {name}")


SECOND_ROWS = {
    "one_entry_per_seat_and_revision": (
        "elections_countentry",
        lambda world: _again(CountEntry, seat__count=count(world)),
    ),
    "one_seat_per_teller_and_count": (
        "elections_countseat",
        lambda world: _again(CountSeat, count=count(world), slot=1),
    ),
    "one_paper_per_slip": ("elections_countedpaper", lambda world: _again(CountedPaper, seat__count=count(world))),
}


def _again(model: type[Any], **which: Any) -> None:
    """The same row once more, as a writer beside the services would."""
    row = model.objects.filter(**which).first()
    row.pk = None
    if model is CountSeat:
        row.slot = 2
    row._state.adding = True
    with transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("name", SECOND_ROWS)
def test_the_database_takes_no_second_row_and_would_without_its_constraint(name):
    world, (table, again) = board_of_four(), SECOND_ROWS[name]
    if table == "elections_countedpaper":
        by_papers(world)
        one_paper_in_two_tabs(world)[0]()
    else:
        one_sent(world)
    with pytest.raises(IntegrityError):
        again(world)

    with transaction.atomic():
        without_constraint(table, name)
        again(world)
        transaction.set_rollback(True)
