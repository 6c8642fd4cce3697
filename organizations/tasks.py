"""What the worker's clock asks of this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from organizations.services import imports, slips


@shared_task(ignore_result=True)
def forget_files() -> None:
    """Files of imports that nobody came back to go on their day, printed slips of accounts after their hours."""
    imports.forget(at=timezone.now())
    slips.destroy_overdue(at=timezone.now())
