"""Plain SQL past every service: what the congress fixed, what was counted and what was reported stays as it is.

On PostgreSQL as the application's own role.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from elections.models import TallySheet
from elections.services import complaints, counting, single_papers, slates
from elections.services.proposing import case_of, propose
from tests.elections.counting.test_no_step_without_its_row import Attack, answer_to, as_application
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

ROUND, CANDIDATE, SHEET = "elections_ballotround", "elections_candidate", "elections_tallysheet"
ELECTION, ENTRY, COMPLAINT = "elections_election", "elections_countentry", "elections_complaint"
VOTE, RULING = "congress_cardvote", "elections_boardruling"
ANY_VOTE = f"(SELECT min(id) FROM {VOTE})"  # noqa: S608  (names of our own tables, here and below)


def changes(table: str, *values: str, where: str = "1 = 1") -> list[Attack]:
    return [(f"UPDATE {table} SET {value} WHERE {where}",) for value in values]  # noqa: S608  (names of our own tables)


def vote_on(subject: str, congress: str = "congress_id") -> str:
    columns = "subject, text, in_favour, against, abstained, base, adopted, sitting, taken_at, recorded_by_id"
    copied = columns.replace("subject", f"'{subject}'").replace("adopted", "TRUE")
    return f"INSERT INTO {VOTE} (congress_id, {columns}) SELECT {congress}, {copied} FROM {VOTE} WHERE id = {ANY_VOTE}"  # noqa: S608  (names of our own tables)


def fix_the_open(vote: str) -> str:
    """Fix the one slate that is open first in order: the next election's."""
    first = f"(SELECT min(id) FROM {ROUND} WHERE state = 'slate_open')"  # noqa: S608  (names of our own tables)
    return f"UPDATE {ROUND} SET state = 'slate_fixed', fixed_vote_id = {vote} WHERE id = {first}"  # noqa: S608  (names of our own tables)


NEWEST_ON_A_SLATE = f"(SELECT max(id) FROM {VOTE} WHERE subject = 'slate')"  # noqa: S608  (names of our own tables)
ONE_MORE_NAME: Attack = (
    f"INSERT INTO {CANDIDATE} (round_id, member_id, source, position) SELECT id, (SELECT max(id) FROM"  # noqa: S608  (names of our own tables)
    f" organizations_member), 'stood', 99 FROM {ROUND} WHERE state = 'slate_fixed'",
)
A_SECOND_ENTRY_FIRST: Attack = (
    "INSERT INTO elections_countseat (count_id, team, slot, teller_id, taken_at)"
    " SELECT id, 1, 1, started_by_id, started_at FROM elections_count",
    f"INSERT INTO {ENTRY} (seat_id, revision, figures, submitted_at)"  # noqa: S608  (names of our own tables)
    " SELECT id, 2, '{}', taken_at FROM elections_countseat",
)
A_SETTLED_COMPLAINT: Attack = (
    f"INSERT INTO {COMPLAINT} (congress_id, received_on, about, recorded_at, recorded_by_id, settled_on, settled_by_id,"  # noqa: S608  (names of our own tables)
    f" conclusion) SELECT congress_id, received_on, 'x', recorded_at, recorded_by_id, received_on, recorded_by_id, 'x'"
    f" FROM {COMPLAINT}",
)
ONE_MORE_ELECTION: Attack = (
    f"INSERT INTO {ELECTION} (congress_id, office, attempt, seats, is_concluded, is_annulled, conclusion)"  # noqa: S608  (names of our own tables)
    f" SELECT congress_id, office, 7, seats, FALSE, FALSE, '' FROM {ELECTION}",
)
IN_FIXED = f"round_id IN (SELECT id FROM {ROUND} WHERE state = 'slate_fixed')"  # noqa: S608  (names of our own tables)

ATTACKS: dict[str, dict[str, list[Attack]]] = {
    "slate_fixed": {
        f"{ROUND}_fixed": changes(
            ROUND,
            "seats = seats - 1",
            "electorate = '{}'",
            "electorate = NULL",
            "fixed_vote_id = NULL",
            f"fixed_vote_id = {ANY_VOTE}",
            f"opened_vote_id = {ANY_VOTE}",
            f"seats_vote_id = {ANY_VOTE}",
            "kind = 'tie_revote'",
            "state = 'slate_open', seats = seats - 1",
            where="state = 'slate_fixed'",
        ),
        f"{CANDIDATE}_fixed_insert": [ONE_MORE_NAME],
        f"{CANDIDATE}_fixed_update": changes(
            CANDIDATE, "name = 'x'", "nominator_name = 'x'", "position = 9", "source = 'stood'", where=IN_FIXED
        ),
        f"{CANDIDATE}_fixed_delete": [(f"DELETE FROM {CANDIDATE} WHERE {IN_FIXED}",)],  # noqa: S608  (names of our own tables)
    },
    "counting": {
        f"{ROUND}_fixed": changes(ROUND, f"opened_vote_id = {ANY_VOTE}", where="state = 'counting'"),
        f"{ENTRY}_next": [A_SECOND_ENTRY_FIRST],
    },
    "counted": {},
    "sealed": {f"{ROUND}_by_its_vote": [(fix_the_open(NEWEST_ON_A_SLATE),)]},
    "closed": {
        f"{ELECTION}_annulled": [
            *changes(ELECTION, "is_annulled = TRUE, conclusion = ''"),
            (*changes(ELECTION, "is_annulled = TRUE, conclusion = 'x'")[0], *changes(ELECTION, "conclusion = 'y'")[0]),
        ],
        f"{ELECTION}_stopped": [
            (
                vote_on("other"),
                *changes(ELECTION, f"stopped_vote_id = (SELECT max(id) FROM {VOTE})")[0],  # noqa: S608  (names of our own tables)
                *changes(ELECTION, "stopped_vote_id = NULL")[0],
            )
        ],
        f"{COMPLAINT}_as_recorded": changes(
            COMPLAINT, "recorded_at = '2020-01-01'", "recorded_by_id = (SELECT max(id) FROM accounts_user)"
        ),
        f"{COMPLAINT}_comes_open": [A_SETTLED_COMPLAINT],
    },
    "reported": {
        f"{ELECTION}_reported": changes(ELECTION, "is_annulled = TRUE, conclusion = 'x'", "is_concluded = FALSE"),
        f"{ELECTION}_reported_insert": [ONE_MORE_ELECTION],
    },
}
"""Stage → guard → what it must refuse there, the last statement of each."""
ON_POSTGRESQL: dict[str, dict[str, list[Attack]]] = {
    "sealed": {
        f"{ROUND}_by_its_vote": [
            (
                vote_on("slate"),
                vote_on("other"),
                fix_the_open(NEWEST_ON_A_SLATE),
            ),
            (vote_on("slate", "(SELECT max(id) FROM congress_congress)"), fix_the_open(NEWEST_ON_A_SLATE)),
        ],
        f"{ELECTION}_by_cards": changes(ELECTION, "is_annulled = TRUE, conclusion = 'x'"),
        f"{ELECTION}_stopped_by_cards": changes(ELECTION, f"stopped_vote_id = {NEWEST_ON_A_SLATE}"),
    },
}
"""There a guard may look into the tables of other apps: the newest vote of this congress, and no other."""


def stage(world: World, name: str) -> None:
    getattr(world, name)()
    if name == "closed":
        told = {"actor": world.staff, "at": world.when(3)}
        complaints.record_complaint(world.congress_id, received_on=world.held_on, about="Đơn (bịa)", **told)


def answers(ask: Callable[[str, Attack], str]) -> Iterator[tuple[str, str, Attack, str]]:
    """Every attack at its stage with what was answered, along one way from the open slate to the report."""
    world = congress_at("sitting", members=12, committee_seats=3)
    congress_at("cleared")
    for name, guards in ATTACKS.items():
        stage(world, name)
        more = ON_POSTGRESQL.get(name, {}) if connection.vendor == "postgresql" else {}
        for guard in {**guards, **more}:
            for attack in [*guards.get(guard, []), *more.get(guard, [])]:
                yield name, guard, attack, ask(guard, attack)


def without(guard: str, ask: Callable[[], str]) -> str:
    table = next(
        one for one in (ROUND, CANDIDATE, SHEET, ELECTION, ENTRY, COMPLAINT, RULING) if guard.startswith(f"{one}_")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {guard}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        answer = ask()
        transaction.set_rollback(True)
    return answer


def test_what_was_fixed_recorded_and_reported_is_refused_to_every_statement():
    assert [one for one in answers(as_application) if one[1] not in one[3]] == []


def test_without_its_guard_each_of_these_statements_goes_through():
    """The control: it is this one trigger that stops them, not a mistake in them and not another."""
    found = answers(lambda guard, attack: without(guard, lambda: answer_to(attack)))

    assert [one for one in found if one[3]] == []


def test_a_fixed_slate_is_opened_changed_and_fixed_again():
    """The control of the freeze: the congress's own way stays open."""
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    before = world.round.fixed_vote_id

    slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 14, 31))
    assert world.round.candidates.update(position=9) == 4
    world.slate_fixed()

    assert world.round.state == "slate_fixed"
    assert world.round.fixed_vote_id != before


# ---- a sheet and the proposal beside it ----

Forged = Callable[[dict[str, Any], dict[str, Any]], None]


def no_figures(case: dict[str, Any], result: dict[str, Any]) -> None:
    case.clear()


def one_elected_less(case: dict[str, Any], result: dict[str, Any]) -> None:
    result["elected"] = result["elected"][:2]


def one_passed_over(case: dict[str, Any], result: dict[str, Any]) -> None:
    result.update(elected=result["elected"][:2], open_seats=1, status="short")


def another_elected(case: dict[str, Any], result: dict[str, Any]) -> None:
    last = next(name for name in case["votes"] if name not in result["elected"])
    result["elected"] = [*result["elected"][:2], last]


def one_not_on_the_slate(case: dict[str, Any], result: dict[str, Any]) -> None:
    result["elected"] = [*result["elected"][:2], "0"]


def other_votes(case: dict[str, Any], result: dict[str, Any]) -> None:
    result["votes"] = dict.fromkeys(result["votes"], 12)


def other_papers(case: dict[str, Any], result: dict[str, Any]) -> None:
    result["ballots"] |= {"valid": 11}


def more_needed(case: dict[str, Any], result: dict[str, Any]) -> None:
    result.update(needed=13, elected=[], open_seats=3, status="short")


def tied_by_hand(case: dict[str, Any], result: dict[str, Any]) -> None:
    result.update(elected=result["elected"][:2], tied=list(case["votes"])[2:], open_seats=1, status="tie")


def not_acceptable(case: dict[str, Any], result: dict[str, Any]) -> None:
    result["status"] = "rejected"


def another_seat(case: dict[str, Any], result: dict[str, Any]) -> None:
    case["seats"] = 2


def nothing(case: dict[str, Any], result: dict[str, Any]) -> None:
    result.clear()


FORGED: list[Forged] = [
    no_figures,
    one_elected_less,
    one_passed_over,
    another_elected,
    one_not_on_the_slate,
    other_votes,
    other_papers,
    more_needed,
    tied_by_hand,
    not_acceptable,
    another_seat,
    nothing,
]


def counted(world: World, **figures: Any) -> dict[str, Any]:
    told = world.figures() | figures
    ballots = {name: told[name] for name in ("returned", "valid", "invalid")}
    return {"ballots": {"issued": world.count.ledger.issued, **ballots}, "votes": told["votes"]}


def insert(world: World, found: dict[str, Any], forge: Forged | None = None) -> str:
    """A sheet past the services; what the database says to it. Undone in any case."""
    case, result = case_of(world.round, world.congress, found), propose(world.round, world.congress, found)
    case, result = json.loads(json.dumps(case)), json.loads(json.dumps(result))
    if forge:
        forge(case, result)
    told = {"number": 1, "count": world.count, "entered_at": world.when(), "case": case, "result": result}
    try:
        with transaction.atomic():
            TallySheet.objects.create(
                round=world.round, entered_by=world.typists[0], second_by=world.typists[1], **told
            )
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def type_alike(world: World, *, team: int = 1, people: tuple[Any, ...] = (), **figures: Any) -> None:
    for slot, person in enumerate(people or world.typists, start=1):
        seat = world.count.seats.create(team=team, slot=slot, teller=person, taken_at=world.when())
        seat.entries.create(revision=1, figures=world.figures() | figures, submitted_at=world.when())


def test_no_proposal_that_the_figures_do_not_bear_out():
    """The control is in the same test: the true one is taken, and without the guard each of the others is, too."""
    world, guard = congress_at("counting", members=12, committee_seats=3), f"{SHEET}_borne_out"
    type_alike(world)
    found = counted(world)

    assert [one.__name__ for one in FORGED if f"{SHEET}_" not in insert(world, found, one)] == []
    assert insert(world, found) == ""
    let = [one.__name__ for one in FORGED if without(guard, lambda one=one: past_its_base(world, found, one)) == ""]
    assert let == [one.__name__ for one in FORGED]


def past_its_base(world: World, found: dict[str, Any], forge: Forged) -> str:
    """Without the guard that compares bases, which has something to say on some of these, too."""
    return without(f"{SHEET}_on_its_base", lambda: insert(world, found, forge))


def one_called_less(case: dict[str, Any], result: dict[str, Any]) -> None:
    case["electorate"]["summoned"] -= 1


def one_more_excused(case: dict[str, Any], result: dict[str, Any]) -> None:
    case["electorate"]["excused_throughout"] = 1


def nobody_present(case: dict[str, Any], result: dict[str, Any]) -> None:
    case["electorate"]["present"] = None


def smaller_base(case: dict[str, Any], result: dict[str, Any]) -> None:
    result.update(base=10, needed=6)


@pytest.mark.rule("E-63k")
def test_no_sheet_on_another_base_than_the_round_was_fixed_with():
    world, guard = congress_at("counting", members=12, committee_seats=3), f"{SHEET}_on_its_base"
    type_alike(world)
    found, forged = counted(world), (one_called_less, one_more_excused, nobody_present, smaller_base)

    assert [one.__name__ for one in forged if guard not in insert(world, found, one)] == []
    assert insert(world, found) == ""
    assert [one.__name__ for one in forged if without(guard, lambda one=one: insert(world, found, one))] == []


@pytest.mark.rule("E-63k")
def test_no_recount_on_another_base_than_was_sealed():
    world, guard = congress_at("sealed", members=12, committee_seats=3), f"{SHEET}_on_its_base"
    ballot = world.elections[0].rounds.get()
    again = counting.recount(ballot.pk, reasons="x", actor=world.head_teller, at=world.when(0, 15, 30))
    for person in world.typists:
        figures = {**ballot.sheets.get().case["ballots"], "votes": ballot.sheets.get().case["votes"]}
        seat = again.seats.create(team=1, slot=len(again.seats.all()) + 1, teller=person, taken_at=world.when())
        seat.entries.create(revision=1, figures=figures, submitted_at=world.when())
    before = ballot.sheets.get()

    def sheet(**electorate: int) -> str:
        case = {**before.case, "electorate": before.case["electorate"] | electorate}
        who = {"entered_by": world.typists[0], "second_by": world.typists[1], "entered_at": world.when()}
        try:
            with transaction.atomic():
                ballot.sheets.create(number=2, count=again, case=case, result=before.result, **who)
                transaction.set_rollback(True)
        except DatabaseError as error:
            return str(error)
        return ""

    assert guard in sheet(excused_throughout=1)
    assert sheet() == ""
    assert without(guard, lambda: sheet(excused_throughout=1)) == ""


# ---- a ruling on one name ----

RULED = {
    "of an invalid paper": {"verdict": "invalid", "category": "marked", "uncounted": [1]},
    "without its category": {"verdict": "valid", "category": "", "uncounted": [1]},
    "of nobody": {"verdict": "valid", "category": "name_strike_unclear", "uncounted": []},
    "a category without a name": {"verdict": "valid", "category": "name_strike_unclear", "uncounted": None},
}


@pytest.mark.rule("E-49")
@pytest.mark.parametrize("name", RULED)
def test_no_name_is_left_out_of_a_paper_but_of_a_valid_one_with_its_category(name):
    world, guard = by_papers(), "elections_boardruling_of_one_name"
    who = {"recorded_by": world.head_teller, "recorded_at": world.when(0, 15, 2)}

    def rule(**told: Any) -> str:
        try:
            with transaction.atomic():
                world.count.rulings.create(team=1, slip=12, question="x", reason="x", **who, **told)
                transaction.set_rollback(True)
        except DatabaseError as error:
            return str(error)
        return ""

    assert guard in rule(**RULED[name])
    assert without(guard, lambda: rule(**RULED[name])) == ""
    assert rule(verdict="valid", category="name_strike_unclear", uncounted=[1]) == ""
    assert rule(verdict="valid", category="", uncounted=None) == ""


def by_papers() -> World:
    """Eleven clear papers and one that nobody can read; both people of the board have sent the same."""
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    slate = [str(one.pk) for one in world.slate()]
    for person in world.typists:
        for slip in range(1, 13):
            reading = {"kept": slate[:3], "flaws": ["unclear"] if slip == 12 else []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 15, 1))
    return world


def test_no_sheet_by_papers_while_one_waits_for_the_board():
    world, guard = by_papers(), f"{SHEET}_of_papers"
    found = counted(world, valid=11, invalid=1, votes=world.figures(votes=[11, 11, 11, 0])["votes"])

    assert guard in insert(world, found)
    assert without(guard, lambda: insert(world, found)) == ""

    world.count.rulings.create(
        team=1,
        slip=12,
        question="x",
        verdict="invalid",
        category="too_many",
        reason="x",
        recorded_by=world.head_teller,
        recorded_at=world.when(0, 15, 2),
    )
    assert insert(world, found) == ""


@pytest.mark.parametrize(
    ("valid", "votes"), [(11, [11, 11, 10, 0]), (11, [11, 10, 11, 1]), (12, [11, 11, 11, 0])], ids=str
)
def test_no_sheet_by_papers_with_figures_that_they_cannot_give(valid, votes):
    world, guard = by_papers(), f"{SHEET}_of_papers"
    who = {"recorded_by": world.head_teller, "recorded_at": world.when(0, 15, 2)}
    told = {"verdict": "invalid", "category": "too_many", "reason": "x", "question": "x"}
    world.count.rulings.create(team=1, slip=12, **told, **who)
    found = counted(world, valid=valid, invalid=12 - valid, votes=world.figures(votes=votes)["votes"])

    assert guard in insert(world, found)
    assert without(guard, lambda: insert(world, found)) == ""


def test_the_sheet_of_two_teams_is_what_they_counted_together():
    world, guard = congress_at("slate_fixed", members=12, committee_seats=3), f"{SHEET}_of_teams"
    world.close_ledger()
    told = {
        "number": 1,
        "method": "totals",
        "teams": 2,
        "started_by": world.teller,
        "started_at": world.when(0, 14, 50),
    }
    world.round.counts.create(ledger=world.round.ledgers.get(), **told)
    half = {"returned": 6, "valid": 6}
    type_alike(world, **half, votes=world.figures(votes=[6, 6, 5, 1])["votes"])
    others = (world.secretary, world.clerk)
    type_alike(world, team=2, people=others, **half, votes=world.figures(votes=[6, 5, 6, 1])["votes"])

    assert insert(world, counted(world, votes=world.figures(votes=[12, 11, 11, 2])["votes"])) == ""
    for votes in ([12, 11, 12, 1], [12, 12, 10, 2]):
        found = counted(world, votes=world.figures(votes=votes)["votes"])
        assert guard in insert(world, found)
        assert without(guard, lambda found=found: insert(world, found)) == ""
