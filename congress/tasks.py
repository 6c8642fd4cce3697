"""What the worker's clock asks of this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from congress.services import reminding


@shared_task(ignore_result=True)
def remind() -> None:
    reminding.remind(at=timezone.now())
