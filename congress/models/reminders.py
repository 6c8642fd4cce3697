"""Reminders and digests: content-free notes with a link, each written once however often the task runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


class Reminder(models.Model):
    """Nhắc việc cho một người. ``key`` names the thing, the clock and the level: the same again is not written."""

    class Level(models.TextChoices):
        NOTICE = "notice", "Báo tin"
        SOON = "soon", "Sắp đến hạn"
        LATE = "late", "Quá hạn"
        ESCALATED = "escalated", "Báo cấp trên"

    user = models.ForeignKey(USER, verbose_name="người nhận", on_delete=models.PROTECT, related_name="reminders")
    key = models.CharField("khóa", max_length=200)
    level = models.CharField("mức", max_length=10, choices=Level.choices)
    sentence = models.CharField("lời nhắc", max_length=300)
    url = models.CharField("đường dẫn", max_length=300)
    due_on = models.DateField("hạn", null=True, blank=True)
    created_at = models.DateTimeField("nhắc lúc")
    seen_at = models.DateTimeField("đã xem lúc", null=True, blank=True)

    class Meta:
        verbose_name = "nhắc việc"
        verbose_name_plural = "nhắc việc"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_reminder_per_person_and_key")]
        indexes = [models.Index(fields=["user"], condition=Q(seen_at__isnull=True), name="reminders_not_seen")]

    def __str__(self) -> str:
        return self.sentence


class Digest(models.Model):
    """Thư nhắc trong ngày: at most one a day and person; the mail says how many things wait, and the link."""

    user = models.ForeignKey(USER, verbose_name="người nhận", on_delete=models.PROTECT, related_name="digests")
    day = models.DateField("ngày")
    count = models.PositiveIntegerField("số việc")
    mailed_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thư nhắc trong ngày"
        verbose_name_plural = "thư nhắc trong ngày"
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_person_and_day")]

    def __str__(self) -> str:
        return f"{self.user}, {self.day:%d/%m/%Y}: {self.count} việc"
