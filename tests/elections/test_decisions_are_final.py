"""What was decided, voted, issued or sealed is not rewritten, whatever statement is sent: the database refuses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from congress.models import CardVote, ClearanceRequest, Congress, FormerPlan, Plan, PlanDeadline
from congress.services import preparing
from documents.models import CommitteeReport, NumberCounter, ReviewComment, ReviewRound
from documents.services import drafts, papers
from elections.models import (
    BallotLedger,
    Complaint,
    Count,
    CountedPaper,
    Election,
    OpinionBallot,
    Ratification,
    SealedResult,
    SignedSheet,
    SuperiorOpinion,
    TallySheet,
    WarningNote,
)
from elections.services import complaints, counting, sealing, single_papers, slates, withdrawals
from tests import frozen
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
        "UPDATE elections_election SET is_annulled = TRUE, conclusion = 'x'",
        "UPDATE elections_election SET is_concluded = FALSE",
        lambda: Election.objects.update(seats=9, is_annulled=True),
    ],
    "elections_complaint": [
        *(
            f"UPDATE elections_complaint SET {change}"  # noqa: S608  (our own statements)
            for change in (
                "about = 'x'",
                "received_on = '2022-01-01'",
                "conclusion = 'x'",
                "settled_on = NULL, settled_by_id = NULL",
                "recorded_by_id = (SELECT max(id) FROM accounts_user)",
                "congress_id = congress_id + 1",
            )
        ),
        "DELETE FROM elections_complaint",
        "INSERT INTO elections_complaint (congress_id, received_on, about, recorded_at, recorded_by_id, settled_on,"
        " settled_by_id, conclusion) SELECT congress_id, received_on, about, recorded_at, recorded_by_id, settled_on,"
        " settled_by_id, conclusion FROM elections_complaint",
        lambda: Complaint.objects.all().delete(),
    ],
}

ON_COUNTS: dict[str, list[Attack]] = {
    "elections_ballotledger": [
        "UPDATE elections_ballotledger SET printed = printed + 1, unused = unused + 1",
        "UPDATE elections_ballotledger SET closed_at = NULL",
        "UPDATE elections_ballotledger SET returned = returned - 1",
        "UPDATE elections_ballotledger SET void_reason = 'x'",
        "DELETE FROM elections_ballotledger",
        lambda: BallotLedger.objects.update(kept_at=None),
    ],
    "elections_count": [
        "UPDATE elections_count SET state = 'entering'",
        "UPDATE elections_count SET state = 'dropped', dropped_because = 'x'",
        "UPDATE elections_count SET reason = 'x'",
        "UPDATE elections_count SET method = 'totals'",
        "DELETE FROM elections_count",
        lambda: Count.objects.update(teams=2),
    ],
    "elections_countseat": [
        "UPDATE elections_countseat SET team = 7",
        "UPDATE elections_countseat SET teller_id = (SELECT MAX(id) FROM accounts_user) WHERE slot = 1",
        "DELETE FROM elections_countseat",
        "INSERT INTO elections_countseat (count_id, team, slot, teller_id, taken_at) SELECT count_id, 9, 1,"
        " (SELECT MAX(id) FROM accounts_user), taken_at FROM elections_countseat WHERE slot = 1",
    ],
    "elections_countentry": [
        "UPDATE elections_countentry SET figures = '{}'",
        "UPDATE elections_countentry SET revision = revision + 5",
        "DELETE FROM elections_countentry",
        "INSERT INTO elections_countentry (seat_id, revision, figures, submitted_at)"
        " SELECT seat_id, revision + 5, figures, submitted_at FROM elections_countentry",
    ],
    "elections_boardruling": [
        "UPDATE elections_boardruling SET verdict = 'valid', category = ''",
        "UPDATE elections_boardruling SET reason = 'x'",
        "DELETE FROM elections_boardruling",
        "INSERT INTO elections_boardruling (count_id, team, slip, question, verdict, category, reason, recorded_by_id,"
        " recorded_at) SELECT count_id, team, slip + 50, question, verdict, category, reason, recorded_by_id,"
        " recorded_at FROM elections_boardruling",
    ],
    "elections_warningnote": [
        "UPDATE elections_warningnote SET text = 'x'",
        "DELETE FROM elections_warningnote",
        "INSERT INTO elections_warningnote (sheet_id, code, message, text, written_by_id, written_at)"
        " SELECT sheet_id, code, 'x', text, written_by_id, written_at FROM elections_warningnote",
        lambda: WarningNote.objects.update(message="x"),
    ],
    "elections_tallysheet": [
        "UPDATE elections_tallysheet SET result = '{}'",
        "UPDATE elections_tallysheet SET entered_by_id = second_by_id, second_by_id = entered_by_id",
        "DELETE FROM elections_tallysheet",
        'INSERT INTO elections_tallysheet (round_id, number, entered_by_id, second_by_id, count_id, entered_at, "case",'
        " result, invalid_reasons) SELECT round_id, 9, entered_by_id, second_by_id, count_id, entered_at,"
        ' "case", result, invalid_reasons FROM elections_tallysheet',
        lambda: TallySheet.objects.update(number=9),
    ],
    "elections_sealedresult": [
        "UPDATE elections_sealedresult SET content = '{}'",
        "UPDATE elections_sealedresult SET reason = 'x'",
        "UPDATE elections_sealedresult SET edition = 2, reason = 'x'",
        "UPDATE elections_sealedresult SET sha256 = '0'",
        "DELETE FROM elections_sealedresult",
        lambda: SealedResult.objects.update(confirmed_by=None),
    ],
    "elections_disposalcertificate": [
        'UPDATE elections_disposalcertificate SET "rows" = 0',
        "DELETE FROM elections_disposalcertificate",
    ],
    "elections_signedsheet": [
        "UPDATE elections_signedsheet SET matches = NOT matches",
        "UPDATE elections_signedsheet SET retyped = '{}'",
        "UPDATE elections_signedsheet SET sha256 = '0'",
        "UPDATE elections_signedsheet SET checked_by_id = NULL, checked_at = NULL, matches = NULL",
        "DELETE FROM elections_signedsheet",
        lambda: SignedSheet.objects.update(file="x"),
    ],
    "elections_withdrawal": [
        "UPDATE elections_withdrawal SET outcome = 'pending', vote_id = NULL",
        "UPDATE elections_withdrawal SET outcome = 'refused'",
        "UPDATE elections_withdrawal SET reason = 'x'",
        "DELETE FROM elections_withdrawal",
    ],
    "elections_opinionballot": [
        "UPDATE elections_opinionballot SET support = '{}'",
        "UPDATE elections_opinionballot SET confirmed_by_id = NULL, confirmed_at = NULL",
        "DELETE FROM elections_opinionballot",
        lambda: OpinionBallot.objects.update(joining=["x"]),
    ],
    "elections_superioropinion": [
        "UPDATE elections_superioropinion SET text = 'x'",
        "DELETE FROM elections_superioropinion",
        lambda: SuperiorOpinion.objects.update(source="x"),
    ],
    "elections_candidate": [
        "UPDATE elections_candidate SET name = 'x'",
        "DELETE FROM elections_candidate",
    ],
    "elections_ballotround": [
        "UPDATE elections_ballotround SET state = 'counting'",
        "UPDATE elections_ballotround SET electorate = '{}'",
        "UPDATE elections_ballotround SET fixed_vote_id = NULL",
        "DELETE FROM elections_ballotround",
    ],
}
"""What a sealed count by papers rests on; every congress here is closed and its rounds are sealed."""
GONE = "elections_countedpaper"
"""Deleted with the seal; nobody adds to it any more."""


def counted_by_papers() -> World:
    return frozen.shared("counted by papers", count_by_papers)


def count_by_papers() -> World:
    """Everything that 0007 guards has its row: a withdrawal, an opinion ballot, a paper ruled on, a warning explained,
    papers disposed of, signed minutes read."""
    world = congress_at("sitting", members=12, committee_seats=3)
    ballot, last = world.round, world.members[4]
    slates.nominate(ballot.pk, member_id=last.pk, source="stood", actor=world.secretary, at=world.when(0, 14, 20))
    asked = withdrawals.ask_to_withdraw(
        ballot.pk,
        member_id=last.pk,
        reason="Tuổi cao",
        proposal="allow",
        actor=world.secretary,
        at=world.when(0, 14, 21),
    )
    withdrawals.decide_withdrawal(asked.pk, in_favour=12, actor=world.secretary, at=world.when(0, 14, 22))
    figures = {"issued": 12, "returned": 12, "valid": 12, "invalid": 0, "support": {}}
    times = {"entered_at": world.when(0, 14, 23), "confirmed_at": world.when(0, 14, 24)}
    people = {"entered_by": world.clerk, "confirmed_by": world.secretary}
    ballot.opinion_ballots.create(number=1, **figures, **times, **people)
    ballot.election.superior_opinions.create(
        text="Bầu tiếp", source="Điện thoại", recorded_by=world.secretary, recorded_at=world.when(0, 14, 25)
    )
    world.slate_fixed()
    world.close_ledger(returned=11)
    place = {"actor": world.head_teller, "at": world.when(0, 15)}
    counting.start_count(ballot.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    slate = [str(one.pk) for one in world.slate()]
    for person in world.typists:
        for slip in range(1, 12):
            paper = {"kept": slate[:3], "flaws": ["unclear"] if slip == 11 else []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=paper, actor=person, at=world.when(0, 14, 55))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 14, 58))
    single_papers.rule_on_paper(
        world.count.pk, slip=11, verdict="invalid", category="too_many", reason="Không rõ bầu ai", **place
    )
    texts = {one["message"]: "Một đồng chí không nộp phiếu." for one in sealing.warnings_of(ballot.sheets.get())}
    sealing.explain_warnings(ballot.pk, sheet_number=1, texts=texts, **place)
    world.sealed()
    world.closed()
    return world


def ratified() -> World:
    return frozen.shared("ratified with its whole history", ratify)


def ratify() -> World:
    """A congress with its whole history: a comment on a draft, a clearance, votes, a seal, a complaint, the decision.

    Its committee has reported, and its plan has a station of its own as if it had been issued with it.
    """
    world = congress_at("submitted")
    first = world.documents[0]
    drafts.comment(
        first.pk, section="", text="Bổ sung số liệu", weight="must", actor=world.approver, at=world.when(-13)
    )
    for step in STAGES[STAGES.index("cleared") : STAGES.index("ratified")]:
        getattr(world, step)()
    held, told = world.congress_id, {"actor": world.approver, "at": world.when(5)}
    one = complaints.record_complaint(held, received_on=world.held_on, about="Đơn (bịa)", **told)
    complaints.settle_complaint(held, one.pk, settled_on=world.held_on, conclusion="Không có căn cứ", **told)
    world.ratified()
    with triggers_asleep(connection):
        world.plan.stations.create(key="x", title="Bước (bịa)", owner="branch", offset=1, position=1)
    CommitteeReport.objects.create(
        organization=world.plan.organization,
        **dict.fromkeys(("code", "title", "number_scope", "notation", "layout", "term_label"), "x"),
        **dict.fromkeys(("as_of", "issued_on"), world.held_on),
        number=1,
        data={},
        created_by=world.approver,
        created_at=world.when(9),
    )
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


def test_an_election_under_seal_is_still_concluded():
    congress_at("sealed")

    assert Election.objects.update(is_concluded=False, conclusion="x") == 1


def test_an_election_under_seal_is_annulled_after_the_closing_and_never_taken_up_again():
    congress_at("closed")

    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Election.objects.update(is_annulled=True, conclusion="")
    assert Election.objects.update(is_annulled=True, conclusion="x") == 1
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Election.objects.update(is_annulled=False)


def test_a_run_of_numbers_goes_on():
    congress_at("sealed")
    counter = NumberCounter.objects.get()

    assert papers.next_number(counter.scope) == counter.last + 1
    assert NumberCounter.objects.update(last=50) == 1


# ---- what a sealed count rests on ----


@pytest.mark.parametrize("table", ON_COUNTS)
def test_what_a_sealed_count_rests_on_is_refused_to_every_statement(table):
    counted_by_papers()
    before = rows(table)

    assert before
    assert [attack for attack in ON_COUNTS[table] if "refused" not in answer_to(attack)] == []
    assert rows(table) == before


@pytest.mark.parametrize("table", ON_COUNTS)
def test_without_its_trigger_the_table_of_a_count_lets_the_same_statements_through(table):
    """The control: what is left to stop them then are constraints, such as that nobody types twice."""
    counted_by_papers()

    with transaction.atomic():
        with triggers_asleep(connection):
            answers = [answer_to(attack) for attack in ON_COUNTS[table]]
        transaction.set_rollback(True)

    assert [answer for answer in answers if "refused" in answer] == []
    assert "" in answers


def test_single_papers_are_gone_with_the_seal_and_none_is_added():
    world = counted_by_papers()
    seat = world.elections[0].rounds.get().counts.get().seats.first()

    assert rows(GONE) == []
    assert "refused" in answer_to(lambda: CountedPaper.objects.create(seat=seat, slip=1, reading={}))
    with transaction.atomic():
        with triggers_asleep(connection):
            assert answer_to(lambda: CountedPaper.objects.create(seat=seat, slip=1, reading={})) == ""
        transaction.set_rollback(True)


def test_single_papers_stay_while_they_are_counted():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    paper = {"kept": [str(world.slate()[0].pk)], "flaws": []}
    single_papers.write_paper(world.count.pk, slip=1, reading=paper, actor=world.teller, at=world.when(0, 15))

    assert "refused" in answer_to(lambda: CountedPaper.objects.all().delete())
    assert CountedPaper.objects.update(reading={}) == 1


def test_a_signed_sheet_that_nobody_has_read_keeps_its_picture():
    world = congress_at("sealed")
    world.upload_signed_sheet(SealedResult.objects.get())

    assert "refused" in answer_to("UPDATE elections_signedsheet SET sha256 = '0'")
    assert "refused" in answer_to("DELETE FROM elections_signedsheet")
    assert SignedSheet.objects.update(retyped={}) == 1


# ---- the seal fits the sheet ----


def seal(sheet: TallySheet, world: World, **changes: Any) -> SealedResult:
    people = {"entered_by": sheet.entered_by, "second_by": sheet.second_by, "confirmed_by": world.head_teller}
    fitting = {"round": sheet.round} | people
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
    counting.drop_count(world.count.pk, reasons="Đếm lại", actor=world.head_teller, at=world.when(0, 15, 10))

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


def final() -> None:
    """One congress ratified, another counted by papers and closed; one of them went by another plan before."""
    ratified()
    counted_by_papers()
    congress = Congress.objects.order_by("pk").first()
    FormerPlan.objects.create(congress=congress, plan=congress.plan, until=congress.state_since)


def replaceable() -> list[str]:
    """Sealed tables that let INSERT OR REPLACE put each row over itself."""
    return [name for name in tables_that_refuse_delete() if not answer_to(replace(name))]


def replace(table: str) -> str:
    return f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608  (our own table names)


@ON_SQLITE
def test_no_sealed_row_is_replaced_on_sqlite():
    """SQLite removes the old row of a REPLACE silently unless ``recursive_triggers`` is on."""
    final()
    tables = tables_that_refuse_delete()

    assert set(tables) >= {*ATTACKS, *ON_COUNTS, "accounts_auditevent", "documents_issuedpaper"}
    assert [name for name in tables if not rows(name)] == [GONE]
    assert replaceable() == [GONE]


@ON_SQLITE
def test_without_recursive_triggers_sealed_rows_would_be_replaced():
    """The control: it is the setting of the connection that stops REPLACE."""
    final()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            replaced = replaceable()
        finally:
            cursor.execute("PRAGMA recursive_triggers = ON")

    assert {"accounts_auditevent", "elections_superioropinion", "elections_ratification"} <= set(replaced)
