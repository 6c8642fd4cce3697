"""The timeline of one congress: its milestones, and requests to deviate from what the plan says."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from congress.models.congresses import Congress
from congress.models.plans import PlanStation

USER = settings.AUTH_USER_MODEL


class Milestone(models.Model):
    """Mốc trong lộ trình của một đại hội. ``due_on`` is what the template gives, ``planned_on`` what people set."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="milestones")
    key = models.SlugField("mã bước", max_length=40)
    title = models.CharField("bước", max_length=200)
    owner = models.CharField("ai làm", max_length=15, choices=PlanStation.Owner.choices)
    after = models.JSONField("sau các bước", default=list, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự")
    due_on = models.DateField("hạn theo lộ trình mẫu", null=True, blank=True)
    planned_on = models.DateField("ngày dự kiến", null=True, blank=True)
    done_on = models.DateField("ngày xong", null=True, blank=True)
    done_by = models.ForeignKey(
        USER, verbose_name="người ghi đã xong", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "mốc trong lộ trình"
        verbose_name_plural = "lộ trình đại hội"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "key"], name="one_milestone_per_key_and_congress"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_by__isnull=False), name="a_done_milestone_names_who"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def audit_scope(self) -> AuditScope:
        return self.congress.audit_scope()


class Deviation(models.Model):
    """Đề nghị được làm khác kế hoạch: asked by the branch with a letter, answered by the superior."""

    class Answer(models.TextChoices):
        PENDING = "pending", "Chờ trả lời"
        GRANTED = "granted", "Đồng ý"
        REFUSED = "refused", "Không đồng ý"
        WITHDRAWN = "withdrawn", "Đã rút"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="deviations")
    rule = models.CharField("quy định liên quan", max_length=40)
    wanted_on = models.DateField("ngày đề nghị", null=True, blank=True)
    letter = models.TextField("nội dung đề nghị")
    asked_by = models.ForeignKey(USER, verbose_name="người đề nghị", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("đề nghị lúc")
    answer = models.CharField("trả lời", max_length=10, choices=Answer.choices, default=Answer.PENDING)
    reasons = models.TextField("ý kiến trả lời", blank=True)
    answered_by = models.ForeignKey(
        USER, verbose_name="người trả lời", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    class Meta:
        verbose_name = "đề nghị làm khác kế hoạch"
        verbose_name_plural = "đề nghị làm khác kế hoạch"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "rule"], condition=Q(answer="pending"), name="one_pending_deviation_per_rule"
            ),
            models.CheckConstraint(
                condition=Q(answer="pending") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an_answered_deviation_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["pending", "withdrawn"]) | ~Q(answered_by=F("asked_by")),
                name="who_asks_to_deviate_does_not_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.congress}"

    def audit_scope(self) -> AuditScope:
        return self.congress.audit_scope()
