"""A folder and a database of its own for one run, so that a measurement never touches anybody's data."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # of the make that called us, not of the one we measure


@dataclass(frozen=True, slots=True)
class Scratch:
    """``quick`` asks for the smallest run that still goes every way."""

    folder: Path
    environment: dict[str, str]
    quick: bool

    def times(self, usual: int) -> int:
        return max(1, usual // 10) if self.quick else usual


@contextmanager
def scratch(*, quick: bool) -> Iterator[Scratch]:
    """Sets the environment of this process, too: Django, set up afterwards, sees the same database as its children.

    SQLite in the folder, or a new database on the server of ``DATABASE_URL``; ``REDIS_URL`` is used as given, and
    should name a Redis database that no running installation uses.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name, database(Path(name)) as url:
        changed = {
            "DATABASE_URL": url,
            "VAR_DIR": name,
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
            "LOG_LEVEL": "WARNING",
        }
        os.environ.update(changed)
        without_make = {
            key: text for key, text in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
        }
        yield Scratch(Path(name), without_make, quick)


@contextmanager
def database(folder: Path) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    name = f"bench_{os.getpid()}"
    run_on_server(given, f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    finally:
        close_own_connections()
        run_on_server(given, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run_on_server(url: str, statement: str) -> None:
    import dj_database_url  # only where a server is asked for
    import psycopg2

    known = dj_database_url.parse(url)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    connection = psycopg2.connect(**{key: known[name] for key, name in names.items() if known.get(name)})
    connection.autocommit = True  # a database cannot be made inside a transaction
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def close_own_connections() -> None:
    if "django" in sys.modules:
        with suppress(Exception):
            from django.db import connections

            connections.close_all()
