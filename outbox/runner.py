"""Doing a promised job: take the lease, try, say how it ended.

A message may come late, twice, or from a stranger; the row decides. What one UPDATE statement
changes under its own condition holds on SQLite and on PostgreSQL, without a lock held while working.
"""

from __future__ import annotations

import logging
import sys
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from outbox import handlers
from outbox.models import MOST_ATTEMPTS, Job, JobState
from outbox.publishing import publish

logger = logging.getLogger(__name__)

SWEEP_LIMIT = 500
EXPIRED_LEASE = Q(state=JobState.RUNNING, lease_until__lt=Now())


def run(job_id: object) -> bool:
    """Do the job if it is there to be done; True when this call finished it.

    Anything that is not the id of such a job is dropped: a forged id changes nothing.
    """
    known = as_id(job_id)
    if known is None or not Job.objects.filter(pk=known).exists():
        logger.error("dropped a message about an unknown job: %.80r", job_id)
        return False
    token = take_lease(known)
    if token is None:
        return False
    job = Job.objects.get(pk=known)
    try:
        handlers.get(job.kind).work(job.payload, job)
    except BaseException as failure:
        if not _is_failed_work(failure):
            give_back(job, token)
            raise
        logger.exception("job %s (%s) failed, attempt %d", job.pk, job, job.attempts)
        _note_failure(job, token, failure)
        return False
    return (
        _held(job, token).update(state=JobState.DONE, done_at=Now(), lease_token=None, lease_until=None, error="") == 1
    )


def run_waiting() -> int:
    """Do every waiting job in this process, once each; how many were finished. For commands, never in a web process."""
    waiting = Job.objects.filter(state=JobState.WAITING).values_list("pk", flat=True)
    return sum(run(job_id) for job_id in list(waiting))


def take_lease(job_id: uuid.UUID) -> uuid.UUID | None:
    """The token of the new lease, or None when somebody holds the job or nothing is left to do.

    The attempt is counted here, before the try: a job that kills its worker is counted too.
    """
    token = uuid.uuid4()
    free = Job.objects.filter(Q(state=JobState.WAITING) | EXPIRED_LEASE, pk=job_id, attempts__lt=MOST_ATTEMPTS)
    taken = free.update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=Now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
    )
    return token if taken else None


def give_back(job: Job, token: uuid.UUID) -> None:
    """The worker is being stopped: the attempt does not count."""
    _held(job, token).update(state=JobState.WAITING, attempts=F("attempts") - 1, lease_token=None, lease_until=None)


def sweep() -> int:
    """Hand over again what was not done, and give up what killed its worker each time; how many were handed over.

    A job is handed over at most once per sweep interval, so that a long queue does not grow by being swept.
    """
    _give_up_the_poisonous()
    quiet = Now() - timedelta(seconds=settings.OUTBOX_SWEEP_SECONDS)
    left = Job.objects.filter(Q(state=JobState.WAITING) | EXPIRED_LEASE, published_at__lt=quiet)
    handed_over = 0
    for job_id in list(left.values_list("pk", flat=True)[:SWEEP_LIMIT]):
        if not publish(job_id):
            break
        handed_over += Job.objects.filter(pk=job_id).update(published_at=Now())
    return handed_over


def _give_up_the_poisonous() -> None:
    for job in Job.objects.filter(EXPIRED_LEASE, attempts__gte=MOST_ATTEMPTS):
        logger.error("job %s (%s) lost its worker %d times", job.pk, job, job.attempts)
        Job.objects.filter(EXPIRED_LEASE, pk=job.pk, lease_token=job.lease_token).update(
            state=JobState.FAILED, error=_sentence(job), lease_token=None, lease_until=None
        )


def _note_failure(job: Job, token: uuid.UUID, failure: BaseException) -> None:
    if not transaction.get_connection().in_atomic_block:
        close_old_connections()  # the work may have failed because its connection did
    last = job.attempts >= MOST_ATTEMPTS
    _held(job, token).update(
        state=JobState.FAILED if last else JobState.WAITING,
        error=_sentence(job, failure),
        published_at=Now(),
        lease_token=None,
        lease_until=None,
    )


def _sentence(job: Job, failure: BaseException | None = None) -> str:
    """What the user reads. The text of an exception is shown only where its author wrote it for users."""
    words = handlers.failed_words(job.kind)
    if failure is not None and isinstance(failure, handlers.sentences(job.kind)):
        return f"{words}: {failure}"
    return (
        f"{words}: máy chủ gặp lỗi khi xử lý, đã thử {job.attempts} lần. "
        "Bấm “Thử lại”; nếu vẫn không được, báo quản trị hệ thống."
    )


def _held(job: Job, token: uuid.UUID) -> QuerySet[Job]:
    """The row while the lease is still ours: a worker that was overtaken changes nothing."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=token)


def _is_failed_work(failure: BaseException) -> bool:
    """WeasyPrint's refusal to fetch is a BaseException; everything else of that sort means stop."""
    fatal = getattr(sys.modules.get("weasyprint.urls"), "FatalURLFetchingError", ())
    return isinstance(failure, Exception) or isinstance(failure, fatal)


def as_id(job_id: object) -> uuid.UUID | None:
    """What a message calls an id, or None: a message may hold anything."""
    if not isinstance(job_id, str | uuid.UUID) or len(str(job_id)) != 36:
        return None
    try:
        return uuid.UUID(str(job_id))
    except ValueError:
        return None
