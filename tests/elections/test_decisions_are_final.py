"""What was decided, voted, issued or sealed is not rewritten, whatever statement is sent: the database refuses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from congress.models import CardVote, ClearanceRequest, Plan, PlanDeadline
from congress.services import preparing
from documents.models import NumberCounter, ReviewComment, ReviewRound
from documents.services import drafts, papers
from elections.models import Election, Ratification, SealedResult, TallySheet
from elections.services import counting
from tests.factories import STAGES, World, congress_at
from tests.flushing.management.commands.flush import triggers_asleep

pytestmark = pytest.mark.django_db

Attack = str | Callable[[], Any]
ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE chỉ có ở SQLite")

ATTACKS: dict[str, list[Attack]] = {
    "elections_ratification": [
        "UPDATE elections_ratification SET outcome = 'refused', reasons = 'x'",
        "UPDATE elections_ratification SET outcome = 'pending', decided_by_id = NULL, decided_at = NULL",
        "UPDATE elections_ratification SET decision_id = NULL",
        "DELETE FROM elections_ratification",
        lambda: Ratification.objects.update(decide_by=date(2023, 1, 1)),
        lambda: Ratification.objects.get().save(),
        lambda: Ratification.objects.all().delete(),
    ],
    "congress_clearancerequest": [
        "UPDATE congress_clearancerequest SET outcome = 'returned', reasons = 'x'",
        "UPDATE congress_clearancerequest SET outcome = 'pending', decided_by_id = NULL, decided_at = NULL",
        "UPDATE congress_clearancerequest SET outcome = 'revoked', number = 9",
        "DELETE FROM congress_clearancerequest",
        lambda: ClearanceRequest.objects.update(reasons="x"),
        lambda: ClearanceRequest.objects.all().delete(),
    ],
    "congress_cardvote": [
        "UPDATE congress_cardvote SET in_favour = 0, adopted = FALSE",
        "DELETE FROM congress_cardvote",
        lambda: CardVote.objects.update(base=1),
        lambda: CardVote.objects.filter(subject="resolution").delete(),
    ],
    "congress_plan": [
        *(
            f"UPDATE congress_plan SET {change}"  # noqa: S608  (our own statements)
            for change in (
                "number = 99",
                "issued_on = '2022-01-01'",
                "subject = 'x'",
                "term_label = '2025-2030'",
                "organization_id = organization_id + 1",
                "coverage = 'own'",
                "based_on_id = id + 1",
                "basis = '[\"x\"]'",
                "state = 'draft'",
                "issued_by_id = created_by_id",
            )
        ),
        "DELETE FROM congress_plan",
        lambda: Plan.objects.update(subject="x"),
    ],
    "congress_plandeadline": [
        "UPDATE congress_plandeadline SET due_on = '2022-12-31'",
        "UPDATE congress_plandeadline SET plan_id = plan_id + 1",
        "DELETE FROM congress_plandeadline",
        "INSERT INTO congress_plandeadline (plan_id, kind, due_on) "
        "SELECT id, 'dossier', '2022-12-31' FROM congress_plan",
        lambda: Plan.objects.get().deadlines.create(kind="dossier", due_on=date(2022, 12, 31)),
        lambda: PlanDeadline.objects.all().delete(),
    ],
    "documents_reviewround": [
        "UPDATE documents_reviewround SET outcome = 'open', closed_by_id = NULL, closed_at = NULL",
        "UPDATE documents_reviewround SET outcome = 'changes_requested', reasons = 'x'",
        "DELETE FROM documents_reviewround",
        lambda: ReviewRound.objects.update(number=9),
        lambda: ReviewRound.objects.filter(comments=None).delete(),
    ],
    "documents_reviewcomment": [
        "UPDATE documents_reviewcomment SET text = 'x'",
        "DELETE FROM documents_reviewcomment",
        lambda: ReviewComment.objects.update(weight="should"),
        lambda: ReviewComment.objects.all().delete(),
    ],
    "documents_numbercounter": [
        "UPDATE documents_numbercounter SET last = 0",
        "UPDATE documents_numbercounter SET last = last - 1",
        "UPDATE documents_numbercounter SET scope = scope || '-old'",
        "DELETE FROM documents_numbercounter",
        "INSERT INTO documents_numbercounter (scope, last) SELECT scope, 0 FROM documents_numbercounter WHERE last > 0 "
        "ON CONFLICT (scope) DO UPDATE SET last = 0",
        lambda: NumberCounter.objects.all().delete(),
    ],
    "elections_election": [
        "UPDATE elections_election SET seats = 9",
        "UPDATE elections_election SET office = 'deputy_secretary'",
        "UPDATE elections_election SET attempt = 7",
        "UPDATE elections_election SET congress_id = congress_id + 1",
        "DELETE FROM elections_election",
        lambda: Election.objects.update(seats=9, is_annulled=True),
    ],
}


def ratified() -> World:
    """A congress with its whole history: a comment on a draft, a clearance, votes, a seal and the decision."""
    world = congress_at("submitted")
    first = world.documents[0]
    drafts.comment(
        first.pk, section="", text="Bổ sung số liệu", weight="must", actor=world.approver, at=world.when(-13)
    )
    for step in STAGES[STAGES.index("cleared") : STAGES.index("ratified") + 1]:
        getattr(world, step)()
    return world


def rows(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  (our own table names)
        return cursor.fetchall()


def send(attack: Attack) -> None:
    if callable(attack):
        attack()
        return
    with connection.cursor() as cursor:
        cursor.execute(attack)


def answer_to(attack: Attack) -> str:
    """What the database says to it: "" when it goes through. Undone in any case."""
    try:
        with transaction.atomic():
            send(attack)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


# ---- decisions, votes, issued plans, reviews, numbers ----


@pytest.mark.parametrize("table", ATTACKS)
def test_what_is_final_is_refused_to_every_statement(table):
    ratified()
    before = rows(table)

    assert before
    assert [attack for attack in ATTACKS[table] if "refused" not in answer_to(attack)] == []
    assert rows(table) == before


@pytest.mark.parametrize("table", ATTACKS)
def test_without_its_trigger_the_table_lets_the_same_statements_through(table):
    """The control: it is the trigger that stops them, not a mistake in the statement."""
    ratified()

    with transaction.atomic():
        with triggers_asleep(connection):
            answers = [answer_to(attack) for attack in ATTACKS[table]]
        transaction.set_rollback(True)

    assert [answer for answer in answers if answer] == []


def test_what_is_not_yet_decided_may_change():
    """The control: it is the decision that forbids, not the table."""
    world = congress_at("submitted")
    assert ClearanceRequest.objects.update(reasons="Đang xem") == 1
    assert ReviewRound.objects.update(reasons="Đang xem") == 3

    world.cleared()
    world.sitting()
    assert Election.objects.update(seats=2) == 1


def test_a_pending_ratification_may_change_but_not_go():
    congress_at("reported")

    assert Ratification.objects.update(decide_by=date(2023, 1, 1)) == 1
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Ratification.objects.all().delete()


def test_a_draft_plan_changes_with_its_deadlines_until_it_is_issued():
    plan = congress_at("preparing").plan
    draft = Plan.objects.create(
        organization=plan.organization, subject="Nháp", term_label="2025-2030", created_by=plan.created_by
    )
    due = draft.deadlines.create(kind="papers", due_on=date(2025, 1, 1))
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        draft.deadlines.update(plan=plan, kind="dossier")

    due.due_on = date(2025, 2, 1)
    due.save()
    draft.subject = "Nháp sửa"
    draft.save()
    draft.delete()

    assert list(Plan.objects.all()) == [plan]


def test_a_clearance_may_be_revoked_once_and_stays_revoked():
    world = congress_at("cleared")

    preparing.revoke_clearance(world.congress_id, reasons="Sai hồ sơ", actor=world.approver, at=world.when(-5))

    assert ClearanceRequest.objects.get().outcome == "revoked"
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        ClearanceRequest.objects.update(outcome="cleared")


def test_an_election_under_seal_is_still_concluded_and_annulled():
    congress_at("sealed")

    assert Election.objects.update(is_annulled=True, is_concluded=False, conclusion="x") == 1


def test_a_run_of_numbers_goes_on():
    congress_at("sealed")
    counter = NumberCounter.objects.get()

    assert papers.next_number(counter.scope) == counter.last + 1
    assert NumberCounter.objects.update(last=50) == 1


# ---- the seal fits the sheet ----


def seal(sheet: TallySheet, world: World, **changes: Any) -> SealedResult:
    fitting = {"round": sheet.round, "entered_by": sheet.entered_by, "confirmed_by": world.head_teller}
    return SealedResult.objects.create(
        sheet=sheet, content="{}", sha256="0" * 64, sealed_at=world.when(0, 16), **(fitting | changes)
    )


def test_a_seal_names_the_one_who_entered_its_sheet():
    """Else the person who entered could confirm under another's name."""
    world = congress_at("counted")
    sheet = TallySheet.objects.get()

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        seal(sheet, world, entered_by=world.secretary, confirmed_by=sheet.entered_by)

    assert seal(sheet, world).pk


def test_a_seal_stands_under_the_round_of_its_sheet():
    world = congress_at("counted", members=10, committee_seats=3)
    sheet = TallySheet.objects.get()
    another = world.elections[1].rounds.get()

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        seal(sheet, world, round=another)

    assert seal(sheet, world).pk


def test_a_rejected_count_is_not_sealed():
    world = congress_at("counted")
    counting.reject_count(world.round.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 10))

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        seal(TallySheet.objects.get(), world)


# ---- INSERT OR REPLACE ----


def tables_that_refuse_delete() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tbl_name FROM sqlite_master"
            " WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%' ORDER BY tbl_name"
        )
        return [name for (name,) in cursor.fetchall()]


def replaceable() -> list[str]:
    """Sealed tables that let INSERT OR REPLACE put each row over itself."""
    return [name for name in tables_that_refuse_delete() if not answer_to(replace(name))]


def replace(table: str) -> str:
    return f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608  (our own table names)


@ON_SQLITE
def test_no_sealed_row_is_replaced_on_sqlite():
    """SQLite removes the old row of a REPLACE silently unless ``recursive_triggers`` is on."""
    ratified()
    tables = tables_that_refuse_delete()

    assert set(tables) >= {*ATTACKS, "accounts_auditevent", "elections_sealedresult", "documents_issuedpaper"}
    assert [name for name in tables if not rows(name)] == []
    assert replaceable() == []


@ON_SQLITE
def test_without_recursive_triggers_sealed_rows_would_be_replaced():
    """The control: it is the setting of the connection that stops REPLACE."""
    ratified()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            replaced = replaceable()
        finally:
            cursor.execute("PRAGMA recursive_triggers = ON")

    assert {"accounts_auditevent", "elections_sealedresult", "elections_ratification"} <= set(replaced)
