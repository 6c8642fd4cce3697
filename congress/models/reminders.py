"""Reminders and digests: content-free notes with a link, each written once however often the task runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.models import Organization

USER = settings.AUTH_USER_MODEL


class Reminder(models.Model):
    """Nhắc việc cho một người. ``key`` names the thing, the clock and the level: the same again is not written.

    ``place``: where the person was told by their role; without a role there it is theirs no longer. ``about``: the
    body whose thing it is. ``topic``: what many lines of one list have in common.
    """

    class Level(models.TextChoices):
        NOTICE = "notice", "Báo tin"
        SOON = "soon", "Sắp đến hạn"
        LATE = "late", "Quá hạn"
        ESCALATED = "escalated", "Báo cấp trên"

    user = models.ForeignKey(USER, verbose_name="người nhận", on_delete=models.PROTECT, related_name="reminders")
    key = models.CharField("khóa", max_length=200)
    level = models.CharField("mức", max_length=10, choices=Level.choices)
    place = models.ForeignKey(
        Organization, verbose_name="nơi giữ vai trò", null=True, on_delete=models.PROTECT, related_name="+"
    )
    about = models.ForeignKey(
        Organization, verbose_name="về tổ chức", null=True, on_delete=models.PROTECT, related_name="+"
    )
    topic = models.CharField("nhóm việc", max_length=300, blank=True)
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


class MailChoice(models.Model):
    """Cách nhận thư nhắc of one person; without a row the mail of the day comes from seven in the morning."""

    FROM_HOUR = 7
    HOURS = range(5, 22)

    user = models.OneToOneField(
        USER, verbose_name="người nhận", on_delete=models.CASCADE, related_name="mail_choice", primary_key=True
    )
    wants_mail = models.BooleanField("nhận thư nhắc hằng ngày", default=True)
    from_hour = models.PositiveSmallIntegerField("không gửi trước", default=FROM_HOUR)

    class Meta:
        verbose_name = "cách nhận thư nhắc"
        verbose_name_plural = "cách nhận thư nhắc"
        constraints = [
            models.CheckConstraint(condition=Q(from_hour__gte=5, from_hour__lte=21), name="mails_come_by_day")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {f'từ {self.from_hour} giờ' if self.wants_mail else 'không nhận thư'}"


class ReminderRun(models.Model):
    """Lượt nhắc việc gần nhất: one row. Whoever sets ``began_at`` runs; ``ended_at``: when one last came to its end."""

    began_at = models.DateTimeField("bắt đầu lúc")
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lượt nhắc việc"
        verbose_name_plural = "lượt nhắc việc"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_for_the_run_of_reminders")]

    def __str__(self) -> str:
        return f"{self.began_at:%d/%m/%Y %H:%M}"
