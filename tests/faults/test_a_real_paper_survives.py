"""Biên bản kiểm phiếu itself, made by real workers that are killed, flushed and told twice: one file, one hash."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from documents.models import IssuedPaper
from documents.services.papers import RENDER
from outbox.models import Job, JobState
from tests import servers
from tests.factories import congress_at
from tests.faults.conftest import send
from tests.faults.workers import Worker, wait_for

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]


@pytest.fixture
def paper(broker: servers.Server, process_environment: dict[str, str]) -> IssuedPaper:
    """F-10 of a sealed result: its job waits in the database and its id in Redis."""
    return congress_at("sealed").papers[0]


def job_of(paper: IssuedPaper) -> Job:
    return Job.objects.get(kind=RENDER, key=f"paper:{paper.pk}")


def wait_until_made(paper: IssuedPaper) -> None:
    wait_for(lambda: job_of(paper).state == JobState.DONE, "the paper to be made", seconds=60)


def assert_one_file_with_its_hash(paper: IssuedPaper, folder: Path) -> None:
    paper.refresh_from_db()
    [file] = [path for path in (folder / "files").rglob("*") if path.is_file()]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == paper.sha256
    assert file.read_bytes().startswith(b"%PDF-")
    assert paper.file_name.endswith(file.name)


@pytest.mark.parametrize("moment", [0.0, 0.2, 0.6])
def test_a_worker_killed_while_it_renders_leaves_one_file_in_the_end(
    moment: float, paper: IssuedPaper, start_worker: Callable[..., Worker], tmp_path: Path
):
    first = start_worker(ready=False)
    wait_for(lambda: job_of(paper).attempts == 1, "the first worker to begin")
    time.sleep(moment)

    first.kill()
    start_worker(OUTBOX_LEASE_SECONDS="10")
    wait_until_made(paper)

    assert_one_file_with_its_hash(paper, tmp_path)


def test_a_flushed_redis_loses_no_paper(
    paper: IssuedPaper, broker: servers.Server, start_worker: Callable[..., Worker], tmp_path: Path
):
    redis.Redis.from_url(broker.url).flushall()

    start_worker(OUTBOX_LEASE_SECONDS="10")
    wait_until_made(paper)

    assert_one_file_with_its_hash(paper, tmp_path)


def test_a_message_delivered_ten_times_makes_one_file(
    paper: IssuedPaper, start_worker: Callable[..., Worker], tmp_path: Path
):
    send(str(job_of(paper).pk), times=10)

    start_worker("--concurrency", "2", OUTBOX_LEASE_SECONDS="10")
    wait_until_made(paper)
    send(str(job_of(paper).pk), times=2)
    time.sleep(1)

    assert job_of(paper).attempts == 1
    assert_one_file_with_its_hash(paper, tmp_path)
