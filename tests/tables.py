"""Which tables of the database of the tests hold anything, and which of them the migrations filled."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection, models

_settled: set[str] = set()


def remember_settled() -> None:
    """What is there before the first test was written by migrations and stays: called once the tables are made."""
    _settled.update(_filled(list(_tables())))


def filled() -> list[str]:
    """Those with a row that no migration wrote."""
    return _filled([table for table in _tables() if table not in _settled])


def _filled(tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in tables)  # noqa: S608  (names of our own tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]


@cache
def _tables() -> dict[str, type[models.Model]]:
    managed = (one for one in apps.get_models(include_auto_created=True) if one._meta.managed)
    return {one._meta.db_table: one for one in managed}


def model_of(table: str) -> type[models.Model]:
    return _tables()[table]
