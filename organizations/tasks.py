"""What the worker's clock asks of this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from organizations.services import imports


@shared_task(ignore_result=True)
def forget_files() -> None:
    """Files of imports that nobody came back to are deleted on their day."""
    imports.forget(at=timezone.now())
