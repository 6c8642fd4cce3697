"""Scenes that every repetition begins from: set up once, then brought back by undoing only what was changed since.

A scene is the whole database as it stood. It is kept as copies of its tables; to come back, rows written since are
taken away and what is missing is put in again, with the triggers asleep. No table is emptied, nothing is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.management import call_command
from django.db import connection

Scene = tuple[str | None, Callable[..., Any]]
"""The scene before it (None: an empty database) and what has to happen; the first one of a row returns the world."""

BACK = """
    IF EXISTS (SELECT 1 FROM public.{table} WHERE xmin::text::bigint > since)
        OR (SELECT count(*) FROM public.{table}) <> {rows} THEN
        DELETE FROM public.{table} WHERE xmin::text::bigint > since;
        INSERT INTO public.{table} SELECT * FROM {scene}.{table} AS held
            WHERE NOT EXISTS (SELECT 1 FROM public.{table} AS now WHERE now.{key} = held.{key});
    END IF;
"""
BRING_BACK = """
CREATE FUNCTION {scene}.bring_back(since bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    {tables}
    RETURN pg_current_xact_id()::text::bigint;
END $$
"""
"""Written out for every table: PostgreSQL plans a statement in a function once."""
TABLES = """
SELECT quote_ident(held.relname), quote_ident(key.attname)
FROM pg_class AS held
JOIN pg_index AS one ON one.indrelid = held.oid AND one.indisprimary
JOIN pg_attribute AS key ON key.attrelid = one.indrelid AND key.attnum = one.indkey[0]
WHERE held.relkind = 'r' AND held.relnamespace = 'public'::regnamespace
"""


class Scenes:
    """The scenes of one file of races, each set up when it is first asked for."""

    def __init__(self, scenes: Mapping[str, Scene]) -> None:
        self.scenes, self.worlds = scenes, dict[str, Any]()
        self.now, self.since = "", 0
        self.stagehand = connection.copy()  # whose triggers always sleep: to switch them costs every plan of a session
        with self.stagehand.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")

    def at(self, name: str) -> Any:
        """The world of that scene, as it stood when it was set up."""
        if name not in self.worlds:
            self._set_up(name)
        else:
            self._bring_back(name)
        return self.worlds[name]

    def _set_up(self, name: str) -> None:
        before, happens = self.scenes[name]
        if before is None:
            empty_everything()
            self.worlds[name] = happens()
        else:
            world = self.at(before)
            happens(world)
            self.worlds[name] = world
        keep(f'"{name}"')
        self.now, self.since = name, transaction_now()

    def _bring_back(self, name: str) -> None:
        since = self.since if self.now == name else 0  # another scene: every row goes
        with self.stagehand.cursor() as cursor:
            cursor.execute(f'SELECT "{name}".bring_back(%s)', [since])
            (self.since,) = cursor.fetchone()
        self.now = name

    def strike(self) -> None:
        """Nothing is left for the tests that follow."""
        self.stagehand.close()
        with connection.cursor() as cursor:
            for name in self.worlds:
                cursor.execute(f'DROP SCHEMA "{name}" CASCADE')
        empty_everything()


def keep(scene: str) -> None:
    """Copies every table and writes the function that brings it back."""
    tables = []
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {scene}")
        cursor.execute(TABLES)
        for table, key in cursor.fetchall():
            cursor.execute(f"CREATE TABLE {scene}.{table} AS TABLE public.{table}")
            tables.append(BACK.format(scene=scene, table=table, key=key, rows=cursor.rowcount))
        cursor.execute(BRING_BACK.format(scene=scene, tables="".join(tables)))


def transaction_now() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (number,) = cursor.fetchone()
        return int(number)


def empty_everything() -> None:
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


def definition_of(table: str, name: str) -> str:
    """How the constraint ``name`` of ``table`` is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
            [name, table],
        )
        (written,) = cursor.fetchone()
        return str(written)
