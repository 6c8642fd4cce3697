"""What Celery may ask of us: two tasks, and an id is all that travels."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task

from outbox import runner


@shared_task(ignore_result=True)
def run_job(job_id: object) -> None:
    with fewer_collections():
        runner.run(job_id)


@shared_task(ignore_result=True)
def sweep() -> None:
    runner.sweep()


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Laying out makes many objects that live until its end; collecting meanwhile takes a third of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
