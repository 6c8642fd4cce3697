from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from outbox import handlers, services
from outbox.models import Job

AT = datetime(2026, 5, 4, 8, 30, tzinfo=timezone.get_fixed_timezone(7 * 60))


class Clerk:
    """Does the jobs of a test, notes what it was given, and fails when told to."""

    def __init__(self) -> None:
        self.given: list[Any] = []
        self.failure: BaseException | None = None
        self.meanwhile: Callable[[Job], object] = lambda job: None

    def __call__(self, payload: Any, job: Job) -> None:
        self.given.append(payload)
        self.meanwhile(job)
        if self.failure is not None:
            raise self.failure


class KnownReason(Exception):
    """An exception whose text is for the user."""


@pytest.fixture
def clerk() -> Iterator[Clerk]:
    clerk = Clerk()
    handlers.register("paper", clerk, sentences=(KnownReason,))
    yield clerk
    handlers.unregister("paper")


def make_job(key: str = "F-10 số 1", *, kind: str = "paper", **payload: object) -> Job:
    with transaction.atomic():
        return services.promise(kind, key, payload, at=AT)
