"""A count that two people type at the same instant, in two tabs, while the head drops, seals or counts again.

Every race has its control: with the locks taken away, or with what else holds it, the same invariant breaks.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.decisions import Decision
from accounts.errors import StaleVersion
from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress.models import CardVote
from documents.models import IssuedPaper
from documents.uploads import PDF, Upload
from elections import policies
from elections.models import (
    BallotLedger,
    BallotRound,
    BoardRuling,
    Count,
    CountedPaper,
    CountEntry,
    CountSeat,
    SealedResult,
    SignedSheet,
    TallySheet,
)
from elections.rules.signed_paper import key_figures
from elections.services import counting, ledgers, proposing, sealing, signed_sheets, single_papers, slates
from elections.standings import live_count
from tests.factories import SIGNED_PAPER, World, congress_at, make_user
from tests.races.conftest import (
    PAUSE_SECONDS,
    Act,
    Outcome,
    Race,
    break_without_it,
    hold_always,
    lost_clearly,
    one_won,
    won,
)
from tests.races.scenes import definition_of

pytestmark = pytest.mark.postgresql


def fresh(user: User) -> User:
    """The same person without anything loaded before: every thread loads its own."""
    return User.objects.get(pk=user.pk)


def board(world: World) -> list[User]:
    """Three tellers who may type, the head apart."""
    return [world.teller, *(member.user for member in world.members[5:7])]


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


def recount(world: World, *, reasons: str = "Khiếu nại.") -> Act:
    return head(counting.recount, ballot(world).pk, world, reasons=reasons)


def write(world: World, person: User, slip: int, *, flaws: Sequence[str] = ()) -> Act:
    reading = {"kept": list(figures(world)["votes"])[:3], "flaws": [*flaws]}
    return partial(
        single_papers.write_paper,
        count(world).pk,
        slip=slip,
        reading=reading,
        actor=fresh(person),
        at=world.when(0, 15),
    )


def send_stack(world: World, person: int) -> Act:
    return partial(
        single_papers.submit_papers, count(world).pk, actor=fresh(board(world)[person]), at=world.when(0, 15, 5)
    )


# ---- the scenes ----


def open_slate() -> World:
    """Twelve members are to elect three of four; three tellers and their head."""
    world = congress_at("sitting", members=12, committee_seats=3)
    more = world.members[5:7]
    for member in more:
        member.user = make_user(Role.TELLER, world.branch, full_name=member.full_name)
        member.save(update_fields=["user"])
    people = {"head_teller": [world.members[-1].pk], "teller": [world.members[-2].pk, *(one.pk for one in more)]}
    world._elect("tellers", people, world.when(0, 14, 20))
    return world


def papers_out(world: World) -> None:
    world.slate_fixed()


def papers_back(world: World) -> None:
    world.close_ledger()


def entering(world: World) -> None:
    start(world)()


def one_sent(world: World) -> None:
    submit(world, 0)()


def agreed(world: World) -> None:
    submit(world, 1)()


def sealed(world: World) -> None:
    seal(world)()


def recounted(world: World) -> None:
    """Counted again and typed alike; the second edition waits for its seal."""
    recount(world)()
    for person in (0, 1):
        submit(world, person)()


def pictured(world: World) -> None:
    picture = Upload(SIGNED_PAPER, "bien-ban.pdf", PDF)
    signed_sheets.upload_signed_sheet(
        ballot(world).pk, upload=picture, actor=fresh(world.secretary), at=world.when(0, 16)
    )


def by_papers(world: World) -> None:
    start(world, method="papers")()
    for person in board(world)[:2]:
        counting.take_seat(count(world).pk, team=1, actor=fresh(person), at=world.when(0, 15))


def stacks_read(world: World) -> None:
    """Both have read all twelve papers alike and sent nothing."""
    for person in board(world)[:2]:
        for slip in range(1, 13):
            write(world, person, slip)()


def in_doubt(world: World) -> None:
    """Both have sent, and the board has to rule on the last paper."""
    for place, person in enumerate(board(world)[:2]):
        write(world, person, 12, flaws=["unclear"])()
        send_stack(world, place)()


SCENES = {
    "open slate": (None, open_slate),
    "papers out": ("open slate", papers_out),
    "papers back": ("papers out", papers_back),
    "entering": ("papers back", entering),
    "one sent": ("entering", one_sent),
    "agreed": ("one sent", agreed),
    "sealed": ("agreed", sealed),
    "recounted": ("sealed", recounted),
    "pictured": ("sealed", pictured),
    "by papers": ("papers back", by_papers),
    "stacks read": ("by papers", stacks_read),
    "in doubt": ("stacks read", in_doubt),
}


# ---- what must hold ----


def events(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def both_make_one_proposal(world: World, outcomes: list[Outcome]) -> bool:
    last = count(world)
    sheets = TallySheet.objects.filter(count=last).count()
    seats = CountSeat.objects.filter(count=last).count()
    entries = CountEntry.objects.filter(seat__count=last).count()
    return won(outcomes) == 2 and (seats, entries, sheets, ballot(world).state) == (2, 2, 1, "counted")


def one_entry_for_both(world: World, outcomes: list[Outcome]) -> bool:
    entries = CountEntry.objects.filter(seat__count=count(world)).count()
    return won(outcomes) == 2 and outcomes[0] == outcomes[1] and entries == events("election.entry_submitted") == 1


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


def seals_and_events_agree(world: World) -> bool:
    """Editions without a gap, each of a count of its own, with its event and its minutes."""
    editions = sorted(SealedResult.objects.filter(round=ballot(world)).values_list("edition", flat=True))
    sealed = Count.objects.filter(round=ballot(world), state=Count.State.SEALED).count()
    minutes = IssuedPaper.objects.filter(congress_id=world.congress_id, code="F-10").count()
    return editions == [*range(1, sealed + 1)] and events("election.sealed") == minutes == sealed


def one_seal(world: World, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and seals_and_events_agree(world) and live_count(ballot(world)) is None


def sealed_or_dropped(world: World, outcomes: list[Outcome]) -> bool:
    state = Count.State.DROPPED if isinstance(outcomes[0], Exception) else Count.State.SEALED
    return one_won(outcomes) and seals_and_events_agree(world) and count(world).state == state


def sealed_and_perhaps_counted_again(world: World, outcomes: list[Outcome]) -> bool:
    """The seal comes through; a recount only of what is sealed as a whole: its event stands after that of the seal."""
    sealed, recounted = outcomes
    order = list(
        AuditEvent.objects.filter(action__in=["election.sealed", "election.recount_started"])
        .order_by("sequence")
        .values_list("action", flat=True)
    )
    again = not isinstance(recounted, Exception)
    return (
        not isinstance(sealed, Exception)
        and lost_clearly(outcomes)
        and seals_and_events_agree(world)
        and order == ["election.sealed", "election.recount_started"][: 1 + again]
        and (live_count(ballot(world)) is not None) == again
    )


def two_of_three_sit(world: World, outcomes: list[Outcome]) -> bool:
    seats = list(CountSeat.objects.filter(count=count(world)).values_list("slot", flat=True))
    return won(outcomes) == 2 and lost_clearly(outcomes) and sorted(seats) == [1, 2]


def one_paper(world: World, outcomes: list[Outcome]) -> bool:
    return won(outcomes) == 2 and CountedPaper.objects.filter(seat__count=count(world)).count() == 1


def one_count(world: World, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and ballot(world).counts.filter(state="entering").count() == 1


def one_ruling(world: World, outcomes: list[Outcome]) -> bool:
    """One ruling, and with it the proposal: no other paper waited."""
    rulings = BoardRuling.objects.filter(count=count(world)).count()
    return one_won(outcomes) and rulings == events("election.paper_ruled") == 1 and ballot(world).state == "counted"


def one_reading(world: World, outcomes: list[Outcome]) -> bool:
    """Who read first is the one whose figures stand."""
    sheet = SignedSheet.objects.get(seal__round=ballot(world))
    winner = next((one for one in outcomes if not isinstance(one, Exception)), None)
    read = [events(f"election.signed_sheet_{how}") for how in ("matches", "differs")]
    return one_won(outcomes) and winner == sheet and sheet.retyped == winner.retyped and sum(read) == 1


def counted_or_open_again(world: World, outcomes: list[Outcome]) -> bool:
    """Either the count begins on the papers taken back, or the slate is open and the papers are void."""
    started = not isinstance(outcomes[0], Exception)
    is_void = BallotLedger.objects.get(round=ballot(world)).void_reason is not None
    state = "counting" if started else "slate_open"
    return one_won(outcomes) and (ballot(world).state, is_void) == (state, not started)


def one_vote_on_the_slate(world: World, outcomes: list[Outcome]) -> bool:
    votes = CardVote.objects.filter(congress_id=world.congress_id, subject=CardVote.Subject.SLATE)
    return one_won(outcomes) and votes.count() == 1 and ballot(world).fixed_vote_id == votes.get().pk


def one_ledger(world: World, outcomes: list[Outcome]) -> bool:
    ledger = BallotLedger.objects.get(round=ballot(world))
    return one_won(outcomes) and ledger.closed_at is not None and events("election.ledger_closed") == 1


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
    return [seal(world), recount(world)]


def two_recounts(world: World) -> list[Act]:
    return [recount(world), recount(world, reasons="Kiểm đếm lại.")]


def three_people(world: World) -> list[Act]:
    seat = partial(counting.take_seat, count(world).pk, team=1, at=world.when(0, 15))
    return [partial(seat, actor=fresh(person)) for person in board(world)]


def one_paper_in_two_tabs(world: World) -> list[Act]:
    return [write(world, world.teller, 1), write(world, world.teller, 1)]


def both_send_their_stacks(world: World) -> list[Act]:
    return [send_stack(world, 0), send_stack(world, 1)]


def two_rulings(world: World) -> list[Act]:
    rule = partial(single_papers.rule_on_paper, count(world).pk, slip=12, reason="Không rõ bầu ai")
    place = {"actor": fresh(world.head_teller), "at": world.when(0, 15, 10)}
    return [partial(rule, verdict="valid", **place), partial(rule, verdict="invalid", category="too_many", **place)]


def two_readers(world: World) -> list[Act]:
    """One reads what was sealed, the other a figure that was not."""
    true = key_figures(ballot(world).seals.get().sheet.result)
    read = partial(signed_sheets.read_signed_sheet, ballot(world).pk, edition=1, number=1, at=world.when(0, 16, 10))
    return [
        partial(read, read=true, actor=fresh(world.head_teller)),
        partial(read, read=true | {"valid": 11}, actor=fresh(world.teller)),
    ]


def two_starts(world: World) -> list[Act]:
    return [start(world, person=0), start(world, person=1)]


def start_and_reopen(world: World) -> list[Act]:
    reopen = partial(
        slates.reopen_slate,
        ballot(world).pk,
        reasons="Phiếu in thiếu tên",
        in_favour=world.present(),
        actor=fresh(world.secretary),
        at=world.when(0, 14, 50),
    )
    return [start(world), reopen]


def two_slates(world: World) -> list[Act]:
    fix = partial(slates.fix_slate, ballot(world).pk, in_favour=12, at=world.when(0, 14, 30))
    return [partial(fix, actor=fresh(world.secretary)), partial(fix, actor=fresh(world.clerk))]


def two_ledgers(world: World) -> list[Act]:
    close = partial(ledgers.keep_ledger, ballot(world).pk, figures=world.ledger(), close=True, at=world.when(0, 14, 40))
    return [partial(close, actor=fresh(person)) for person in board(world)[:2]]


RACES = {
    "two people submit": Race("entering", two_people, both_make_one_proposal),
    "one person in two tabs": Race("entering", two_tabs, one_entry_for_both),
    "one person in two tabs, other figures": Race("entering", two_tabs_that_differ, one_entry_and_the_other_told),
    "second entry and drop": Race("one sent", second_entry_and_drop, dropped_with_what_came_before),
    "seal twice": Race("agreed", two_seals, one_seal),
    "seal a recount twice": Race("recounted", two_seals, one_seal),
    "seal and drop": Race("agreed", seal_and_drop, sealed_or_dropped),
    "seal a recount and drop it": Race("recounted", seal_and_drop, sealed_or_dropped),
    "seal and recount": Race(
        "agreed", seal_and_recount, sealed_and_perhaps_counted_again, ("without_locks", "seal_is_no_transaction")
    ),
    "recount twice": Race("sealed", two_recounts, one_count),
    "three people for two seats": Race("entering", three_people, two_of_three_sit),
    "one paper in two tabs": Race("by papers", one_paper_in_two_tabs, one_paper, ("thinking", "slips_unconstrained")),
    "both send their stacks": Race(
        "stacks read", both_send_their_stacks, both_make_one_proposal, ("thinking", "records_unlocked")
    ),
    "rule on a paper twice": Race("in doubt", two_rulings, one_ruling),
    "read the signed minutes twice": Race("pictured", two_readers, one_reading),
    "start twice": Race("papers back", two_starts, one_count),
    "start and open the slate again": Race(
        "papers back", start_and_reopen, counted_or_open_again, ("thinking", "slow_to_reopen")
    ),
    "fix the slate twice": Race("open slate", two_slates, one_vote_on_the_slate),
    "close the ledger twice": Race("papers out", two_ledgers, one_ledger),
}


@pytest.mark.parametrize("name", RACES)
def test_exactly_one_record_comes_of_it(name, scenes, runners, record_property):
    hold_always(RACES[name], scenes, runners, record_property)


# ---- the controls ----


ASKED = (
    "can_enter_count",
    "can_head_the_board",
    "can_keep_ledger",
    "can_seal",
    "can_prepare",
    "can_handle_signed_sheet",
)


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
    discard = counting.discard_papers
    monkeypatch.setattr(counting, "discard_papers", lambda count: (sleep(PAUSE_SECONDS), discard(count))[1])


@pytest.fixture
def records_unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain of events makes nobody wait, either: its lock alone lets the second see what the first has sent."""
    numbers, agree = itertools.count(1_000_000), counting.agree_if_equal
    monkeypatch.setattr(audit, "_lock_end_of_chain", lambda: (next(numbers), ""))

    def agree_and_think(*args: Any, **kwargs: Any) -> None:
        agree(*args, **kwargs)
        sleep(PAUSE_SECONDS)

    monkeypatch.setattr(counting, "agree_if_equal", agree_and_think)


@pytest.fixture
def slow_to_reopen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opens the slate again is as slow as who begins to count, who has more to look at."""
    move = slates.move_round

    def move_slowly(*args: Any, **kwargs: Any) -> None:
        move(*args, **kwargs)
        sleep(PAUSE_SECONDS)

    monkeypatch.setattr(slates, "move_round", move_slowly)


@pytest.fixture
def seal_is_no_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seal is no transaction any more: a recount begins when the round says sealed and its record does not yet.

    It shows that sealing is one step for everybody else, and nothing of the lock: with the transaction alone a
    recount that looks too early finds nothing sealed and is refused. To meet, the two are led to that moment by hand.
    """
    says_sealed = threading.Event()
    settle, again = sealing._settle, counting.recount

    def settle_slowly(ballot_round: BallotRound) -> None:
        says_sealed.set()
        sleep(5 * PAUSE_SECONDS)
        settle(ballot_round)

    def recount_meanwhile(*args: Any, **kwargs: Any) -> Count:
        says_sealed.wait(timeout=5)
        says_sealed.clear()
        return again(*args, **kwargs)

    monkeypatch.setattr(sealing, "seal", sealing.seal.__wrapped__)
    monkeypatch.setattr(sealing, "_issue_minutes", transaction.atomic(sealing._issue_minutes))
    monkeypatch.setattr(sealing, "_settle", settle_slowly)
    monkeypatch.setattr(counting, "recount", recount_meanwhile)
    monkeypatch.setattr(audit, "record", transaction.atomic(audit.record))


@pytest.fixture
def slips_unconstrained(scenes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two rows for one paper may be written, and everybody takes a moment before writing a new row.

    Without the constraint only: the lock on the count makes one row of two as well, and either is enough.
    """
    table, name = "elections_countedpaper", "one_paper_per_slip"
    written, create = definition_of(table, name), QuerySet.create
    monkeypatch.setattr(QuerySet, "create", lambda self, **row: (sleep(PAUSE_SECONDS), create(self, **row))[1])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    scenes.at("by papers")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {written}")


@pytest.mark.parametrize("name", RACES)
def test_without_lock_or_constraint_it_breaks(name, scenes, runners, record_property, request):
    """Once in ten at least: who comes first without a lock is nobody's promise."""
    break_without_it(RACES[name], scenes, runners, record_property, request)


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
def test_the_database_takes_no_second_row_and_would_without_its_constraint(name, scenes):
    table, again = SECOND_ROWS[name]
    world = scenes.at("stacks read" if table == "elections_countedpaper" else "one sent")
    with pytest.raises(IntegrityError):
        again(world)

    with transaction.atomic():
        without_constraint(table, name)
        if table == "elections_countentry":  # the trigger on the order of revisions would stand in for it
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER elections_countentry_next ON elections_countentry")
        again(world)
        transaction.set_rollback(True)
