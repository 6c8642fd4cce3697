"""The whole test suite: on PostgreSQL and Redis, then what asks the database and needs neither on SQLite.

Starts its own servers and ends them, also on Ctrl-C and on failure. What follows on the command line goes to
pytest. The last line says how many passed, failed and were skipped; the lines before it say why.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers  # noqa: E402  (the repository's root is no installed package)

SECOND_ROUND = ("--second-round", "-m", "not postgresql and not redis and not browser")
NOTHING_COLLECTED = 5


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, report: Path, exit_code: int) -> None:
        """Count one run from pytest's own XML; a run that broke before its report is one failure."""
        failed_before = self.failed
        for case in ElementTree.parse(report).iter("testcase") if report.exists() else ():  # noqa: S314  (our own file)
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            elif (skip := case.find("skipped")) is not None:
                self.skipped += 1
                self.reasons[skip.get("message", "")] += 1
            else:
                self.passed += 1
        if exit_code not in (0, NOTHING_COLLECTED) and self.failed == failed_before:
            self.failed += 1


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    tally = Tally()
    with ExitStack() as stack:
        work = Path(tempfile.mkdtemp(prefix="test-"))
        stack.callback(shutil.rmtree, work, ignore_errors=True)
        database = stack.enter_context(servers.postgresql())
        broker = stack.enter_context(servers.redis())
        service = {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
        embedded = {"DATABASE_URL": f"sqlite:///{work / 'embedded.sqlite3'}", "REDIS_URL": ""}
        day = {"MATRIX_SEED": os.environ.get("MATRIX_SEED") or f"{datetime.now(UTC):%Y-%m-%d}"}
        prepared = prepare(work, service, embedded)

        announce("Lượt 1: PostgreSQL và Redis, toàn bộ")
        print(f"Ma trận quyền truy cập: mẫu MATRIX_SEED={day['MATRIX_SEED']}; hỏi tất cả: make matrix", flush=True)
        code = run_pytest(arguments, work / "service", service | day | prepared[0])
        tally.add(work / "service" / "report.xml", code)

        announce("Lượt 2: SQLite, những gì hỏi cơ sở dữ liệu mà không cần máy chủ")
        code = run_pytest([*arguments, *SECOND_ROUND], work / "embedded", embedded | day | prepared[1])
        tally.add(work / "embedded" / "report.xml", code)

    print()
    for reason, count in tally.reasons.most_common():
        print(f"skipped {count}: {reason}")
    print(f"{time.monotonic() - started:.0f} s, {processor_minutes():.1f} processor minutes")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 0 if tally.passed and not tally.failed else 1


def prepare(work: Path, service: dict[str, str], embedded: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """A database with all tables for each round, made at the same time; processes of the tests copy it."""
    server, _, _ = service["DATABASE_URL"].rpartition("/")
    name = "prepared"
    with closing(connect(service["DATABASE_URL"])) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    running = [
        subprocess.Popen(migrate, cwd=ROOT, env=environment_of(work, one), stdin=subprocess.DEVNULL)
        for one in (service | {"DATABASE_URL": f"{server}/{name}"}, embedded)
    ]
    if any([one.wait() for one in running]):
        sys.exit("Không dựng được bảng: xem thông báo ở trên.")
    file = embedded["DATABASE_URL"].removeprefix("sqlite:///")
    return {"PREPARED_DATABASE": name, "PREPARED_SQLITE": file}, {"PREPARED_DATABASE": file, "PREPARED_SQLITE": file}


def connect(url: str) -> Any:
    import psycopg2

    parts = urlsplit(url)
    return psycopg2.connect(host=unquote(parts.hostname or ""), user=parts.username, dbname=parts.path.strip("/"))


def processor_minutes() -> float:
    """Of everything that was started and has ended, servers and browsers among it."""
    spent = os.times()
    return (spent.children_user + spent.children_system) / 60


def environment_of(work: Path, more: dict[str, str]) -> dict[str, str]:
    here = {"VAR_DIR": str(work), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    return os.environ | more | here | {"PYTHONDONTWRITEBYTECODE": ""}  # dozens of processes read the same modules


def announce(title: str) -> None:
    print(f"\n=== {title} ===", flush=True)


def run_pytest(arguments: list[str], work: Path, environment: dict[str, str]) -> int:
    work.mkdir()
    cores = str(len(os.sched_getaffinity(0)))
    command = [sys.executable, "-m", "pytest", "-q", "-n", cores, "--dist", "loadfile", "--no-loadscope-reorder"]
    command += [f"--junit-xml={work / 'report.xml'}", "-o", "junit_family=xunit2", *arguments]
    environment = environment_of(work, environment)
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """On Ctrl-C pytest has the signal already and tidies up; on SIGTERM it is told here."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
