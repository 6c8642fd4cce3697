"""What the worker's clock asks of this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from documents.services import particulars


@shared_task(ignore_result=True)
def forget_lists() -> None:
    """Printed lists of particulars go after their day, also where nobody prints another one."""
    particulars.forget(at=timezone.now())
