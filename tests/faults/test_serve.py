"""``manage.py serve``: whatever ends it, nothing that it started is left running."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings

pytestmark = pytest.mark.xdist_group("serve")
READY = re.compile(r"http://127\.0\.0\.1:(\d+)/")


class Served:
    """One running ``serve`` and everything below it."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log

    def port(self) -> int:
        wait_for(lambda: READY.search(self.said()) or self.process.poll() is not None)
        match = READY.search(self.said())
        assert match, self.said()
        return int(match[1])

    def said(self) -> str:
        return self.log.read_text()

    def family(self) -> dict[int, str]:
        """Process id → command line of every descendant."""
        return {pid: command_line(pid) for pid in descendants(self.process.pid)}

    def one(self, words: str) -> int:
        """The first process started for these words."""
        return min(pid for pid, command in self.family().items() if words in command)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The embedded default with an empty, migrated database."""
    folder = tmp_path_factory.mktemp("served")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "REDIS_URL": "",
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    if prepared := os.environ.get("PREPARED_SQLITE"):  # by scripts/test.py: the tables and nothing else
        shutil.copy(prepared, folder / "db.sqlite3")
    else:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=settings.ROOT, env=environment, check=True)
    return environment


@pytest.fixture
def serve(environment: dict[str, str], tmp_path: Path) -> Iterator[object]:
    started: list[Served] = []

    def start(port: int = 0) -> Served:
        log = tmp_path / f"{len(started)}.log"
        command = [sys.executable, "manage.py", "serve", "--port", str(port), "--web-workers", "1"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=settings.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        started.append(Served(process, log))
        return started[-1]

    yield start
    for served in started:
        left = [*served.family(), served.process.pid] if served.process.poll() is None else []
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        served.process.wait()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name)
def test_a_signal_ends_everything(serve, how):
    served = serve()
    address = f"http://127.0.0.1:{served.port()}/"
    family = served.family()

    assert answer(address) < 500
    served.process.send_signal(how)

    assert served.process.wait(timeout=20) == 0
    assert len(family) >= 3, "a web server, its worker process, a task worker"
    assert running(family) == {}


@pytest.mark.parametrize("words", ["granian", "celery"])
def test_when_one_part_dies_the_other_is_ended_and_the_reason_is_said(serve, words):
    served = serve()
    served.port()
    family = served.family()

    os.kill(served.one(words), signal.SIGKILL)

    assert served.process.wait(timeout=20) == 1
    assert "đã tự dừng" in served.said()
    assert running(family) == {}


def test_when_it_is_killed_outright_its_parts_end_by_themselves(serve):
    served = serve()
    served.port()
    family = served.family()

    served.process.kill()

    wait_for(lambda: running(family) == {})


def test_a_busy_port_is_passed_over_and_said(serve):
    with socket.create_server(("127.0.0.1", 0)) as other:
        busy = other.getsockname()[1]

        served = serve(busy)

        assert served.port() > busy
        assert f"Cổng {busy} đang bận" in served.said()


def answer(address: str) -> int:
    try:
        with urlopen(address, timeout=10) as response:
            return response.status
    except HTTPError as refusal:
        return refusal.code


def descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found, below = [], [pid]
    while below:
        below = [child for parent in below for child in parents.get(parent, [])]
        found += below
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def running(family: dict[int, str]) -> dict[int, str]:
    """Those still there under the same command line: a number may have gone to somebody else."""
    return {pid: command for pid, command in family.items() if command and command_line(pid) == command}


def wait_for(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)
