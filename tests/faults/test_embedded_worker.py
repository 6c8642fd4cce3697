"""The embedded default: SQLite, a broker in a folder, one solo worker; no server at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults import workers
from tests.faults.workers import Worker, wait_for

PROMISE = """
import sys
import tests.faults.handlers
from django.db import transaction
from django.utils import timezone
from outbox.services import promise
folder, number = {folder!r}, {number}
with transaction.atomic():
    for at in range(number):
        promise("store", f"paper {{at}}", {{"folder": folder, "content": f"content {{at}}"}}, at=timezone.now())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder of its own with a database that knows the outbox and nothing else."""
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "REDIS_URL": "",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "OUTBOX_LEASE_SECONDS": "1.5",
        "OUTBOX_SWEEP_SECONDS": "0.5",
    }


@pytest.fixture
def solo(environment: dict[str, str], tmp_path: Path) -> Iterator[Worker]:
    manage(environment, "migrate", "outbox", "--skip-checks")
    worker = workers.start(environment, tmp_path / "worker.log")
    yield worker
    worker.kill()


def manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=settings.ROOT, env=environment, check=True)


def states(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "db.sqlite3", timeout=20) as database:
        return [state for (state,) in database.execute("SELECT state FROM outbox_job")]


def promise(environment: dict[str, str], folder: Path, number: int) -> None:
    manage(environment, "shell", "--no-imports", "-c", PROMISE.format(folder=str(folder), number=number))


def asked_for(folder: Path) -> list[Path]:
    """Messages about jobs that nobody has taken; what the clock asks for lies in the same folder."""
    found = sorted((folder / "broker" / "in").glob("*.msg"))
    return [one for one in found if "run_job" in one.read_text()]


def test_a_solo_worker_does_promised_jobs_from_a_folder(environment: dict[str, str], solo: Worker, tmp_path: Path):
    promise(environment, tmp_path, 5)

    wait_for(lambda: states(tmp_path) == ["done"] * 5, "five jobs done")
    solo.stop()

    contents = sorted(path.read_text() for path in (tmp_path / "files").rglob("*.pdf"))
    assert contents == [f"content {number}" for number in range(5)]
    assert asked_for(tmp_path) == []


def test_messages_removed_from_the_folder_or_spoiled_cost_only_time(environment: dict[str, str], tmp_path: Path):
    manage(environment, "migrate", "outbox", "--skip-checks")
    promise(environment, tmp_path, 4)
    messages = asked_for(tmp_path)
    assert len(messages) == 4
    messages[0].unlink()
    messages[1].write_text("")
    messages[2].write_text('{"body": 1}')

    worker = workers.start(environment, tmp_path / "worker.log")
    try:
        wait_for(lambda: states(tmp_path) == ["done"] * 4, "four jobs done")
    finally:
        worker.kill()
