"""Promise work, and try failed work again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.transaction import TransactionManagementError

from outbox import handlers
from outbox.models import Job, JobState
from outbox.publishing import publish


def promise(kind: str, key: str, payload: Mapping[str, Any], *, at: datetime) -> Job:
    """Hẹn một việc làm sau: write the job in the caller's transaction and hand its id over after the commit.

    The same kind and key again give the job there already is, whatever its state; a failed one is tried
    again by ``retry``. Raises LookupError for a kind without handler and TransactionManagementError
    outside a transaction: a promise must stand or fall with what it belongs to.
    """
    handlers.get(kind)
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("a job is promised inside the transaction it belongs to")
    job, created = Job.objects.get_or_create(kind=kind, key=key, defaults={"payload": dict(payload), "created_at": at})
    if created:
        transaction.on_commit(partial(publish, job.pk))
    return job


@transaction.atomic
def retry(job_id: UUID, *, at: datetime) -> Job:
    """Thử lại: a failed job starts afresh with all its attempts; any other job is left as it is.

    Pressed twice, it counts once. The caller records who pressed.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state == JobState.FAILED:
        job.state, job.attempts, job.error, job.published_at = JobState.WAITING, 0, "", at
        job.save(update_fields=["state", "attempts", "error", "published_at"])
        transaction.on_commit(partial(publish, job.pk))
    return job
