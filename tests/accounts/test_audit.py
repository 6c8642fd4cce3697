"""The record of events: one per act, chained, and closed to change in the database itself."""

# ruff: noqa: S608  (the statements are made of our own words; that is what an attacker with the right would send)

from __future__ import annotations

import random
import threading
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, connections, transaction
from django.utils import timezone

from accounts import audit
from accounts.audit_scope import AuditScope
from accounts.models import AuditEvent, User
from tests.accounts.conftest import NOON

REFUSED_BY_DATABASE = (IntegrityError, InternalError)
TABLE = AuditEvent._meta.db_table


def record_many(user: User, count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            audit.record("account.created", user, actor=user, at=NOON, number=number)
    connection.check_constraints()  # settles deferred ones: PostgreSQL would refuse ALTER and TRUNCATE before that


def without_triggers(*statements: str) -> None:
    """What someone with the owner's rights could do: take the triggers away first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.execute(statement)


def test_an_act_leaves_exactly_one_event_with_who_what_and_when(an):
    with transaction.atomic():
        audit.record("account.created", an, actor=an, at=NOON, day=date(2026, 3, 2), round=2)

    (event,) = AuditEvent.objects.all()
    assert (event.sequence, event.actor, event.action, event.outcome, event.at) == (
        1,
        an,
        "account.created",
        "done",
        NOON,
    )
    assert (event.subject_type, event.subject_id, event.subject_label) == ("accounts.user", str(an.pk), "Nguyễn Văn An")
    assert event.details == {"day": "2026-03-02", "round": 2}


def test_an_event_is_filed_where_its_subject_belongs(an, monkeypatch):
    monkeypatch.setattr(User, "audit_scope", lambda self: AuditScope("1/7/", 12), raising=False)

    with transaction.atomic():
        event = audit.record("account.created", an, actor=an, at=NOON)

    assert (event.organization_path, event.congress_id) == ("1/7/", 12)


def test_an_act_that_is_rolled_back_leaves_no_event(an):
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("account.created", an, actor=an, at=NOON)
        raise RuntimeError

    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("account.created", None, actor=None, at=NOON)


def test_an_action_nobody_described_is_refused(an):
    with pytest.raises(ValueError, match="unknown audit action"), transaction.atomic():
        audit.record("account.flew_away", an, actor=an, at=NOON)


def test_one_action_cannot_have_two_sentences():
    with pytest.raises(ValueError, match="already described"):
        audit.describe({"account.created": "làm việc khác"})


def test_a_fraction_is_refused_because_it_would_not_hash_the_same_twice(an):
    with pytest.raises(ValueError, match="whole numbers"), transaction.atomic():
        audit.record("account.created", an, actor=an, at=NOON, share=0.5)


def test_text_that_no_database_stores_is_mended_and_the_chain_still_holds(an):
    with transaction.atomic():
        audit.record_refusal("access.refused", None, actor=an, at=NOON, reason="a\x00b", path="/\ud800/")

    assert AuditEvent.objects.get().details == {"reason": "a�b", "path": "/?/"}
    assert audit.verify_chain() == []


def test_the_moment_of_recording_is_the_databases_own(an, clock):
    with transaction.atomic():
        event = audit.record("account.created", an, actor=an, at=NOON)

    assert timezone.now() == NOON
    assert event.recorded_at.year != 2026 or event.recorded_at != NOON
    assert AuditEvent.objects.get().recorded_at == event.recorded_at


@pytest.mark.postgresql
def test_a_moment_of_recording_that_somebody_chose_is_refused(an):
    event = AuditEvent(sequence=1, at=NOON, recorded_at=NOON, action="account.created", outcome="done", hash="x")

    with pytest.raises(REFUSED_BY_DATABASE, match="clock of the database"), transaction.atomic():
        event.save(force_insert=True)


def test_a_sentence_with_a_missing_detail_shows_an_ellipsis(an):
    event = AuditEvent(action="access.refused", details={"path": "/nhat-ky/"})

    assert audit.sentence(event) == "bị từ chối tại /nhat-ky/: …"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"UPDATE {TABLE} SET action = 'x'", id="update"),
        pytest.param(f"DELETE FROM {TABLE}", id="delete"),
        pytest.param(f"TRUNCATE {TABLE}", id="truncate", marks=pytest.mark.postgresql),
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(an, statement):
    record_many(an, 2)

    with pytest.raises(REFUSED_BY_DATABASE), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEvent.objects.count() == 2


def test_the_same_statement_succeeds_without_the_triggers(an):
    record_many(an, 1)

    without_triggers(f"UPDATE {TABLE} SET action = 'x'")

    assert AuditEvent.objects.get().action == "x"


def test_an_untouched_chain_holds(an):
    record_many(an, 5)

    assert audit.verify_chain() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'account.deactivated'"),
        ("outcome", "'refused'"),
        ("actor_id", "NULL"),
        ("acting_role", "'approver'"),
        ("at", "'2020-01-01 00:00:00+00'"),
        ("recorded_at", "'2020-01-01 00:00:00+00'"),
        ("subject_type", "'x'"),
        ("subject_id", "'999'"),
        ("subject_label", "'người khác'"),
        ("organization_path", "'9/'"),
        ("congress_id", "9"),
        ("details", "'{\"number\": 99}'"),
    ],
)
def test_an_altered_event_is_found_at_its_place_whatever_was_altered(an, column, value):
    record_many(an, 5)

    without_triggers(f"UPDATE {TABLE} SET {column} = {value} WHERE sequence = 3")

    assert [fault.sequence for fault in audit.verify_chain()] == [3]


def test_a_removed_event_is_found_where_it_is_missing(an):
    record_many(an, 5)

    without_triggers(f"DELETE FROM {TABLE} WHERE sequence = 3")

    assert [fault.message for fault in audit.verify_chain()] == ["Thiếu sự kiện số 3 đến 3."]


def test_an_event_hashed_anew_breaks_the_link_to_the_next(an):
    record_many(an, 3)
    forged = AuditEvent.objects.get(sequence=2)
    forged.action = "account.deactivated"

    without_triggers(
        f"UPDATE {TABLE} SET action = 'account.deactivated', hash = '{audit.fingerprint(forged)}' WHERE sequence = 2"
    )

    assert [fault.sequence for fault in audit.verify_chain()] == [3]


def test_a_cut_off_end_needs_a_witness_outside(an):
    record_many(an, 3)

    without_triggers(f"DELETE FROM {TABLE} WHERE sequence = 3")

    assert audit.verify_chain() == []


def test_random_alterations_are_all_found_and_localised(an):
    record_many(an, 40)
    chosen = sorted(random.Random(7).sample(range(1, 41), 12))  # noqa: S311  (a repeatable choice, not a secret)

    without_triggers(*(f"UPDATE {TABLE} SET subject_label = 'x{n}' WHERE sequence = {n}" for n in chosen))

    assert [fault.sequence for fault in audit.verify_chain()] == chosen


def test_the_command_tells_the_end_of_an_intact_chain(an):
    record_many(an, 2)
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue() == f"Nhật ký nguyên vẹn: 2 sự kiện. Dấu vết cuối: {AuditEvent.objects.first().hash}.\n"


def test_the_command_names_the_fault_and_ends_with_one(an):
    record_many(an, 3)
    without_triggers(f"UPDATE {TABLE} SET action = 'x' WHERE sequence = 2")
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stdout=out)

    assert (ended.value.code, out.getvalue()) == (1, "Nội dung sự kiện số 2 đã bị sửa.\n")


def write_at_once(user: User, writers: int, each: int) -> list[BaseException]:
    failures: list[BaseException] = []
    barrier = threading.Barrier(writers)

    def write() -> None:
        try:
            barrier.wait(10)
            record_many(user, each)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain(make_user):
    failures = write_at_once(make_user(), writers=8, each=20)

    assert failures == []
    assert AuditEvent.objects.count() == 160
    assert audit.verify_chain() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_collide_when_each_asks_for_a_lock_of_its_own(make_user, monkeypatch):
    """The control: without a common lock the test above would fail."""
    from psycopg2.extensions import AsIs, register_adapter  # only where PostgreSQL is

    class AnyLock(int):
        pass

    register_adapter(AnyLock, lambda _: AsIs(random.randrange(10**9)))  # noqa: S311  (any number will do)
    monkeypatch.setattr(audit, "CHAIN_LOCK", AnyLock(1))

    failures = write_at_once(make_user(), writers=8, each=20)

    assert any(isinstance(error, IntegrityError) for error in failures)
