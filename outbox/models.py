"""Work promised inside a transaction and done after it.

The row is the promise; the message to Celery is only a hint that may be lost, doubled or late.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from outbox import handlers

MOST_ATTEMPTS = 3


class JobState(models.TextChoices):
    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang xử lý"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không làm được"


class Job(models.Model):
    """One piece of work. ``kind`` and ``key`` together name it: promised twice, it is still one.

    ``lease_token`` belongs to the worker that took the job last; only its holder may say how it ended.
    Times other than ``created_at`` are the database's, so that hosts with different clocks agree.
    """

    id = models.UUIDField("mã", primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("loại việc", max_length=60)
    key = models.CharField("khóa", max_length=200)
    payload = models.JSONField("dữ liệu", default=dict)
    state = models.CharField("trạng thái", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField("số lần đã thử", default=0)
    lease_until = models.DateTimeField("hạn giữ việc", null=True, blank=True)
    lease_token = models.UUIDField("người đang giữ", null=True, blank=True)
    created_at = models.DateTimeField("hẹn lúc")
    published_at = models.DateTimeField("báo cho bộ xử lý lúc", db_default=Now())
    done_at = models.DateTimeField("xong lúc", null=True, blank=True)
    error = models.TextField("lý do không làm được", blank=True, default="")

    class Meta:
        verbose_name = "việc đã hẹn"
        verbose_name_plural = "việc đã hẹn"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="outbox_one_job_per_key"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="outbox_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="outbox_lease_only_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="outbox_done_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at"],
                condition=Q(state__in=("waiting", "running")),
                name="outbox_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def is_finished(self) -> bool:
        """Nothing more will happen unless somebody presses “Thử lại”."""
        return self.state in (JobState.DONE, JobState.FAILED)

    def describe(self) -> str:
        """One Vietnamese sentence about where the job is now."""
        if self.state == JobState.DONE:
            return "Đã xong."
        if self.state == JobState.FAILED:
            return self.error
        if self.state == JobState.WAITING and self.attempts:
            return f"{handlers.doing_words(self.kind)}: lần {self.attempts} chưa được, hệ thống sẽ tự thử lại."
        return f"{handlers.doing_words(self.kind)}…"
