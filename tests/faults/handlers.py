"""Jobs for workers that are going to be killed: ``celery -A config worker -I tests.faults.handlers``.

A job holds still at the point its payload names, after leaving a file that says which process is there,
until the file ``hold`` is gone. NO_LEASE=1 takes the lease away: the negative control.
"""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from celery.signals import task_success
from django.core.files.storage import FileSystemStorage

from documents import files
from outbox import handlers, runner
from outbox.models import Job
from tests.faults.points import (
    BEFORE_THE_LEASE,
    BEFORE_THE_WORK,
    DONE_NOT_YET_SAID,
    FILE_HALF_WRITTEN,
    FILE_NOT_YET_NAMED,
    ROW_NOT_YET_DONE,
)


def store(payload: Mapping[str, Any], job: Job) -> None:
    """Store the content; with ``different_each_time`` as a careless renderer would, with the time in the file."""
    folder = Path(payload["folder"])
    with (folder / "runs").open("a") as runs:
        runs.write(f"{job.pk}\n")
    reach(BEFORE_THE_WORK, payload)
    content = payload["content"].encode()
    if payload.get("different_each_time"):
        content += uuid.uuid4().bytes
    time.sleep(payload.get("seconds", 0))
    with disk_that_stops(payload):
        files.store_once("papers/paper.pdf", content, storage=FileSystemStorage(folder / "files"))
    reach(ROW_NOT_YET_DONE, payload)


def kill_the_worker(payload: Mapping[str, Any], job: Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def do_nothing(payload: Mapping[str, Any], job: Job) -> None:
    """Done as soon as the messages before it were taken."""


def reach(point: str, payload: Mapping[str, Any]) -> None:
    if payload.get("point") != point:
        return
    folder = Path(payload["folder"])
    if not (folder / "hold").exists():
        return
    (folder / "reached").write_text(str(os.getpid()))
    while (folder / "hold").exists():
        time.sleep(0.02)


class disk_that_stops:
    """While it lasts, a file is only half on the disk, or whole but without its name, when the job holds still."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        self.payload = payload

    def __enter__(self) -> None:
        files.os = SimpleNamespace(**{**vars(os), "fsync": self.fsync})

    def __exit__(self, *failure: object) -> None:
        files.os = os

    def fsync(self, descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        if self.payload.get("point") == FILE_HALF_WRITTEN and (Path(self.payload["folder"]) / "hold").exists():
            os.ftruncate(descriptor, size // 2)
            reach(FILE_HALF_WRITTEN, self.payload)
        reach(FILE_NOT_YET_NAMED, self.payload)
        os.fsync(descriptor)


take_lease = runner.take_lease


def take_lease_slowly(job_id: uuid.UUID) -> uuid.UUID | None:
    reach(BEFORE_THE_LEASE, Job.objects.get(pk=job_id).payload)
    return take_lease(job_id)


def take_what_is_held(job_id: uuid.UUID) -> uuid.UUID:
    """No condition: whoever comes works. The row still says running, as its constraint wants."""
    take_lease(job_id)
    token = Job.objects.values_list("lease_token", flat=True).get(pk=job_id)
    return token or uuid.uuid4()


@task_success.connect
def hold_before_the_broker_is_told(sender: Any, **kwargs: Any) -> None:
    known = [job_id for job_id in map(runner.as_id, sender.request.args or ()) if job_id]
    for job in Job.objects.filter(pk__in=known):
        reach(DONE_NOT_YET_SAID, job.payload)


runner.take_lease = take_what_is_held if os.environ.get("NO_LEASE") else take_lease_slowly
handlers.register("store", store)
handlers.register("kill_the_worker", kill_the_worker)
handlers.register("nothing", do_nothing)
