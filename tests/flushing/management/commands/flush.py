"""Empties the tables that tests filled, with the triggers of sealed tables asleep (tests that commit end with it).

Django's own empties every table there is, also what migrations wrote, and then has the applications write it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests import tables


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        filled = tables.filled()
        if not filled:
            return
        with triggers_asleep(connection), connection.constraint_checks_disabled(), connection.cursor() as cursor:
            for table in filled:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  (names of our own tables)


@contextmanager
def triggers_asleep(connection: BaseDatabaseWrapper, *of_verbs: str) -> Iterator[None]:
    """On SQLite, which has no such switch, they are taken away and put back: all, or those of these verbs."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = origin")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = [(name, text) for name, text in cursor.fetchall() if _fires_on(text, of_verbs)]
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement)


def _fires_on(statement: str, verbs: tuple[str, ...]) -> bool:
    head = statement.partition(" ON ")[0].upper()
    return not verbs or any(verb in head for verb in verbs)
