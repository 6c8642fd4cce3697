"""What the pages ask about promised work."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from outbox.models import Job, JobState

LATE_AFTER = timedelta(seconds=60)


def unfinished(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Something will still happen to these by itself."""
    return jobs.filter(state__in=[JobState.WAITING, JobState.RUNNING])


def late(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Nobody has touched these for a minute: no worker is there, or too few.

    While there are any, pages say “Tạo tệp chậm hơn bình thường”.
    """
    return jobs.filter(state=JobState.WAITING, attempts=0, created_at__lt=Now() - LATE_AFTER)
