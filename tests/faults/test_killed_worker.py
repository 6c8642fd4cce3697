"""F2, F16: a worker is killed outright; another finishes, and what was to be one is one."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable

import pytest

from outbox.models import JobState
from tests.faults import points
from tests.faults.conftest import PARAGRAPH, Desk
from tests.faults.workers import Worker

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]


@pytest.mark.parametrize("point", points.POINTS)
def test_another_worker_finishes_what_a_killed_one_began(point: str, desk: Desk, start_worker: Callable[..., Worker]):
    desk.hold()
    first = start_worker(ready=False)
    job = desk.give(point=point)
    desk.reached()

    first.kill()
    desk.release()
    start_worker()
    desk.wait(job, desk.give("behind it", kind="nothing"))

    [file] = desk.files()
    assert file.stem == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.read_bytes() == (PARAGRAPH + job.key).encode()
    assert (job.state, job.error, job.lease_token) == (JobState.DONE, "", None)


def test_a_killed_child_is_replaced_by_its_parent(desk: Desk, start_worker: Callable[..., Worker]):
    desk.hold()
    start_worker()
    job = desk.give(point=points.FILE_HALF_WRITTEN)

    os.kill(desk.reached(), signal.SIGKILL)
    desk.release()
    desk.wait(job)

    assert (job.state, job.attempts, len(desk.files())) == (JobState.DONE, 2, 1)


def test_a_job_that_kills_its_worker_each_time_is_given_up_and_harms_no_other(
    desk: Desk, start_worker: Callable[..., Worker]
):
    poison = desk.give("poison", kind="kill_the_worker")
    others = [desk.give(f"paper {number}") for number in range(5)]

    start_worker("--concurrency", "2")
    desk.wait(poison, *others)

    assert (poison.state, poison.attempts) == (JobState.FAILED, 3)
    assert poison.describe() == (
        "Không tạo được tệp: máy chủ gặp lỗi khi xử lý, đã thử 3 lần. "
        "Bấm “Thử lại”; nếu vẫn không được, báo quản trị hệ thống."
    )
    assert [(other.state, other.attempts) for other in others] == [(JobState.DONE, 1)] * 5
    assert len(desk.files()) == 5
