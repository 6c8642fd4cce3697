"""On PostgreSQL the application's own role cannot rewrite what is sealed, whatever statement it sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import audit, insert_only
from accounts.checks import database_keeps_what_it_acknowledged
from accounts.models import AuditEvent
from tests.accounts.conftest import NOON

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ROLE = "application_under_test"
ATTACKS = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TRIGGER accounts_auditevent_insert_only ON {table}",
    "DROP TABLE {table} CASCADE",
    "SET session_replication_role = replica",
    "SELECT * FROM {table} FOR UPDATE",
    "CREATE TABLE of_my_own (id int)",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
]


def faults_of_the_database() -> list[str]:
    """What the deployment check says under the role we are connected with, without the server's durability."""
    found = database_keeps_what_it_acknowledged(databases=["default"])
    return sorted({str(one.id) for one in found} - {"accounts.E001"})


def connect_as(role: str) -> psycopg2.extensions.connection:
    told = connection.settings_dict
    return psycopg2.connect(host=told["HOST"], port=told["PORT"], dbname=told["NAME"], user=role)


@pytest.fixture
def restricted(make_user) -> Iterator[psycopg2.extensions.cursor]:
    with transaction.atomic():
        audit.record("account.created", make_user(), actor=None, at=NOON)
    call_command("restrict_database_role", ROLE, stdout=StringIO())
    with closing(connect_as(ROLE)) as link, link.cursor() as cursor:
        yield cursor
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}; DROP ROLE {ROLE}")


def test_every_insert_only_table_refuses_every_attack_of_the_application_role(restricted):
    allowed = []
    for table in insert_only.tables():
        restricted.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [table])
        (column,) = restricted.fetchone()
        for attack in ATTACKS:
            try:
                restricted.execute(attack.format(table=table, column=f'"{column}"'))
                allowed.append((table, attack))
            except psycopg2.Error:
                pass
            restricted.connection.rollback()

    assert allowed == []
    assert AuditEvent.objects.count() == 1


def test_the_application_role_may_do_its_daily_work(restricted):
    restricted.execute("SELECT count(*) FROM accounts_auditevent")
    restricted.execute("UPDATE accounts_user SET full_name = 'Trần Thị Bình'")
    restricted.execute("DELETE FROM cache")  # whatever other tests left there

    assert restricted.statusmessage.startswith("DELETE ")


def test_the_owner_can_do_what_the_application_role_cannot(restricted):
    """The control: it is the role that stops these statements, not a mistake in them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditevent DISABLE TRIGGER ALL")
        cursor.execute("UPDATE accounts_auditevent SET action = action")
        changed = cursor.rowcount
        cursor.execute("ALTER TABLE accounts_auditevent ENABLE TRIGGER ALL")

    assert changed == 1


def test_the_owner_of_the_tables_is_refused_as_application_role(db):
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("restrict_database_role", connection.settings_dict["USER"])


def test_the_deployment_check_tells_an_owner_from_the_application_role(restricted):
    as_owner = faults_of_the_database()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        as_application = faults_of_the_database()
        cursor.execute("RESET ROLE")

    assert as_owner == ["accounts.E002", "accounts.E003"]
    assert as_application == []


def test_the_deployment_check_tells_settings_that_lose_acknowledged_work(db):
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        said = [one.msg for one in database_keeps_what_it_acknowledged(databases=["default"])]
        cursor.execute("SET synchronous_commit = on")

    assert any("synchronous_commit = off" in sentence for sentence in said)
