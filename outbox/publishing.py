"""Handing an id to Celery. It may fail at any time: the row stays, and the sweeper hands it over again."""

from __future__ import annotations

import logging
import time
from uuid import UUID

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 5.0
_silent_until = 0.0


def publish(job_id: UUID) -> bool:
    """Tell a worker about the job; False, and no exception, when the broker cannot be reached.

    After a failure nothing is sent from this process for a few seconds, so that a broker that swallows
    connections delays one request and not each of them.
    """
    global _silent_until
    from outbox.tasks import run_job  # the task runs jobs, and jobs may promise jobs: a circle at import time

    if time.monotonic() < _silent_until:
        return False
    try:
        run_job.apply_async((str(job_id),), retry=False)
    except Exception:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning("job %s was not handed over; the sweeper will do it", job_id, exc_info=True)
        return False
    return True
