"""What every test may use, and which tests a machine cannot run."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from hypothesis import settings as hypothesis_settings

from tests import frozen, tables

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests

CHROMIUM = "/usr/bin/chromium"
QUIET_CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.load_profile("repeatable")


LONG = (
    *("browser/test_pages_floors.py", "journeys/test_seeds.py", "journeys/test_whole_way", "access/test_reading.py"),
    *("access/test_answers.py", "access/test_events.py", "browser/", "faults/", "benchmarks/", "races/", "access/"),
)
"""What takes longest begins first, so that no processor is idle at the end; the rest follows in its usual order."""

ASKED_IN_THE_FIRST_ROUND = ("browser", "faults", "races", "papers", "benchmarks", "rules")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--second-round", action="store_true", help="leave out what no database could answer differently")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Nothing is even read of folders that have no test for the second round."""
    return True if config.getoption("--second-round") and collection_path.name in ASKED_IN_THE_FIRST_ROUND else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = differs_by_database if config.getoption("--second-round") else is_asked_on_this_database
    config.hook.pytest_deselected(items=[item for item in items if not asked(item)])
    items[:] = [item for item in items if asked(item)]
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if name in str(item.path)), len(LONG)))
    skip_what_this_machine_cannot_run(items)


def is_asked_on_this_database(item: pytest.Item) -> bool:
    return connection.vendor == "sqlite" or item.get_closest_marker("embedded") is None


def differs_by_database(item: pytest.Item) -> bool:
    """Whether it asks the database at all, and is not marked to be asked ``once``."""
    names = getattr(item, "fixturenames", ())
    asks = item.get_closest_marker("django_db") or {"db", "transactional_db", "django_db_setup"} & set(names)
    return bool(asks) and not item.get_closest_marker("once")


def skip_what_this_machine_cannot_run(items: list[pytest.Item]) -> None:
    reasons = {
        "postgresql": "" if connection.vendor == "postgresql" else "cần PostgreSQL (DATABASE_URL)",
        "redis": "" if os.environ.get("REDIS_URL") else "cần Redis (REDIS_URL)",
        "browser": "" if Path(CHROMIUM).exists() else "cần Chromium của Debian",
    }
    for item in items:
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """PostgreSQL copies the prepared database by itself (``TEMPLATE``), SQLite does here."""
    if connection.vendor != "sqlite" or not settings.PREPARED:
        yield
        return
    name = connection.settings_dict["TEST"]["NAME"] = "file:prepared?mode=memory&cache=shared"
    with closing(sqlite3.connect(name, uri=True)) as memory:
        with closing(sqlite3.connect(settings.PREPARED)) as prepared:
            prepared.backup(memory)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The tables, and the folder of worlds that the processes of one run share."""
    base = tmp_path_factory.getbasetemp()
    frozen.folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with django_db_blocker.unblock():
        tables.remember_settled()


@pytest.fixture(autouse=True)
def worlds_are_kept_by_plain_tests_alone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Others get what a plain test kept; whoever needs what building sends to the broker builds."""
    frozen.changed_by_test = lambda: bool(monkeypatch._setattr or monkeypatch._setitem)
    frozen.may_copy = "broker" not in request.fixturenames
    yield
    frozen.changed_by_test, frozen.may_copy = bool, True


@pytest.fixture(autouse=True)
def files_in_a_folder_of_the_test(tmp_path: Path) -> Iterator[None]:
    """What a test uploads or prints never lands in the developer's own files."""
    with override_settings(MEDIA_ROOT=tmp_path / "files"):  # tells the storage too, which remembers its place
        yield


@pytest.fixture
def process_environment(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    """Environment for real processes (a worker, a server) that shall see the database of this test."""
    base = connection.settings_dict
    if connection.vendor == "postgresql":
        url = f"postgres://{base['USER']}@{base['HOST'].replace('/', '%2F')}:{base['PORT']}/{base['NAME']}"
    else:
        url = f"sqlite:///{base['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET_CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
