"""Worlds that take seconds to build: built once for a whole run, copied in as rows wherever they are wanted again.

The first process that asks builds the world by the services; its rows and files are kept in the folder of the run,
and every other test, also of another process, gets exactly these. What builds it must not depend on the test.
"""

from __future__ import annotations

import fcntl
import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from tests import tables
from tests.flushing.management.commands.flush import triggers_asleep

Told = TypeVar("Told")
folder: Path | None = None
"""Where this run keeps its worlds; ``conftest`` says so."""
may_copy = True
"""Whether rows and files are all that the running test wants of a world."""
changed_by_test: Callable[[], bool] = bool
"""Whether the running test has changed something, the clock for instance, that would find its way into a world."""


@dataclass(frozen=True)
class Frozen:
    """``told`` is what the builder returned, ``rows`` what each table held, ``files`` what was stored."""

    told: Any
    rows: dict[str, Any]
    files: dict[str, bytes]


def shared(name: str, build: Callable[[], Told]) -> Told:
    """The world of that name. Built on the spot where the database holds something already."""
    if folder is None or not may_copy or tables.filled():
        return build()
    place = folder / f"{connection.vendor}-{sha256(name.encode()).hexdigest()[:16]}"
    with _one_at_a_time(place):
        if not place.exists():
            told = build()
            if not changed_by_test():
                place.write_bytes(pickle.dumps(freeze(told)))
            return told
    told = thaw(pickle.loads(place.read_bytes()))  # noqa: S301  (written by this run)
    return told


@contextmanager
def _one_at_a_time(place: Path) -> Iterator[None]:
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def freeze(told: Any) -> Frozen:
    stored = Path(settings.MEDIA_ROOT)
    files = [path for path in stored.rglob("*") if path.is_file()]
    return Frozen(
        told,
        {table: _read(table) for table in tables.filled()},
        {str(path.relative_to(stored)): path.read_bytes() for path in files},
    )


def thaw(frozen: Frozen) -> Any:
    with transaction.atomic():
        with triggers_asleep(connection, "INSERT"):
            for table, rows in frozen.rows.items():
                _write(table, rows)
        _count_on(list(frozen.rows))
    for name, content in frozen.files.items():
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return frozen.told


def _read(table: str) -> Any:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copied = io.BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', copied)
            return copied.getvalue()
        names = [column.column for column in tables.model_of(table)._meta.local_concrete_fields]
        as_stored = ", ".join(f'+"{name}"' for name in names)  # an expression has no type that Python would convert
        cursor.execute(f'SELECT {as_stored} FROM "{table}"')  # noqa: S608  (names of our own tables)
        return names, cursor.fetchall()


def _write(table: str, rows: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(rows))
            return
        names, values = rows
        columns, gaps = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
        cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({gaps})', values)  # noqa: S608  (names of our own tables)


def _count_on(filled: list[str]) -> None:
    """The next row gets the number after the last one."""
    models = [tables.model_of(table) for table in filled]
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(";".join(statement.rstrip(";") for statement in statements))
