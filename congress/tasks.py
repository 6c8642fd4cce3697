"""What the worker's clock asks of this app."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from congress.services import reminding


@shared_task(ignore_result=True, soft_time_limit=600, time_limit=660)  # a whole country takes longer than a paper
def remind() -> None:
    reminding.run(at=timezone.now())
