"""A Redis of its own for each test, workers on the test's database, and jobs to give them."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.celery import app
from outbox import handlers, publishing, services
from outbox.models import Job, JobState
from tests import servers
from tests.faults import workers
from tests.faults.workers import Worker, wait_for

KINDS = ("store", "kill_the_worker", "nothing")
PARAGRAPH = "Biên bản kiểm phiếu bầu cử chi ủy. " * 2000


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """This process promises the jobs but never does them."""
    for kind in KINDS:
        handlers.register(kind, _never)
    yield
    for kind in KINDS:
        handlers.unregister(kind)


def _never(payload: object, job: Job) -> None:
    raise AssertionError("jobs are done by workers")


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Server]:
    with servers.redis() as server:
        yield from _publishing_to(server, monkeypatch)


def _publishing_to(server: servers.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Server]:
    usual = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.broker_url, app.conf.broker_transport_options = server.url, settings.BROKER_OF_REDIS
    app._after_fork()  # forget connections to the usual broker
    monkeypatch.setattr(publishing, "_silent_until", 0.0)
    yield server
    app.conf.broker_url, app.conf.broker_transport_options = usual
    app._after_fork()


@pytest.fixture
def start_worker(
    process_environment: dict[str, str], broker: servers.Server, tmp_path: Path
) -> Iterator[Callable[..., Worker]]:
    """``start_worker(*options, **environment)``: prefork with one child unless told otherwise; ready on return."""
    started: list[Worker] = []
    numbers = itertools.count(1)

    def start(*options: str, ready: bool = True, **environment: str) -> Worker:
        hasty = {"REDIS_URL": broker.url, "OUTBOX_LEASE_SECONDS": "1.5", "OUTBOX_SWEEP_SECONDS": "0.5"}
        worker = workers.start(
            process_environment | hasty | environment,
            tmp_path / f"worker-{next(numbers)}.log",
            *(options or ("--concurrency", "1")),
        )
        started.append(worker)
        if ready:
            worker.wait_until_ready()
        return worker

    yield start
    for worker in started:
        worker.kill()


@dataclass
class Desk:
    """Where jobs of a test are given and their traces are read."""

    folder: Path

    def give(self, key: str = "a paper", *, kind: str = "store", **payload: object) -> Job:
        with transaction.atomic():
            return services.promise(
                kind,
                key,
                {"folder": str(self.folder), "content": PARAGRAPH + key} | payload,
                at=timezone.now(),
            )

    def hold(self) -> None:
        (self.folder / "hold").touch()

    def release(self) -> None:
        (self.folder / "hold").unlink()

    def reached(self) -> int:
        """Wait for a worker to stand still; the id of that process."""
        mark = self.folder / "reached"
        wait_for(lambda: mark.exists() and mark.read_text(), "a worker to reach the point")
        return int(mark.read_text())

    def runs(self, job: Job) -> int:
        mark = self.folder / "runs"
        return mark.read_text().splitlines().count(str(job.pk)) if mark.exists() else 0

    def files(self) -> list[Path]:
        """Everything that lies there, also what a killed worker left."""
        return [path for path in (self.folder / "files").rglob("*") if path.is_file()]

    def wait(self, *jobs: Job, seconds: float = 30) -> None:
        ids = [job.pk for job in jobs]
        unfinished = Job.objects.filter(pk__in=ids).exclude(state__in=[JobState.DONE, JobState.FAILED])
        wait_for(lambda: not unfinished.exists(), "the jobs to be finished", seconds=seconds)
        for job in jobs:
            job.refresh_from_db()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / uuid.uuid4().hex[:8]
    folder.mkdir()
    return Desk(folder)


def send(job_id: object, times: int = 1) -> None:
    """Straight to the broker, past the promise."""
    for _ in range(times):
        app.send_task("outbox.tasks.run_job", (job_id,), retry=False)
