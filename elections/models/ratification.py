"""Việc chuẩn y: the dossier of results sent up, what was decided on it, and complaints that hold it up."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from congress.models import Congress
from documents.models import IssuedPaper

USER = settings.AUTH_USER_MODEL


class Ratification(models.Model):
    """Việc chuẩn y: one dossier sent up, decided by another person of the superior committee."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Đang xem xét"
        RATIFIED = "ratified", "Chuẩn y"
        RETURNED = "returned", "Trả lại để hoàn thiện"
        REFUSED = "refused", "Không chuẩn y, yêu cầu bầu lại"

    congress = models.ForeignKey(
        Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="ratifications"
    )
    number = models.PositiveSmallIntegerField("lần trình")
    submission = models.OneToOneField(
        IssuedPaper, verbose_name="tờ trình", on_delete=models.PROTECT, related_name="submitted_in"
    )
    submitted_by = models.ForeignKey(USER, verbose_name="người trình", on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("trình lúc")
    decide_by = models.DateField("hạn quyết định")
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reasons = models.TextField("lý do", blank=True)
    decided_by = models.ForeignKey(
        USER, verbose_name="người quyết định", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    decision = models.OneToOneField(
        IssuedPaper,
        verbose_name="quyết định chuẩn y",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_in",
    )

    class Meta:
        verbose_name = "việc chuẩn y"
        verbose_name_plural = "việc chuẩn y"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "number"], name="one_ratification_per_number"),
            models.UniqueConstraint(
                fields=["congress"], condition=Q(outcome="pending"), name="one_pending_ratification"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | ~Q(decided_by=F("submitted_by")), name="who_submits_does_not_ratify"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_ratification_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["returned", "refused"]) | ~Q(reasons=""),
                name="a_returned_or_refused_result_has_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"Đề nghị chuẩn y lần {self.number}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)


class Complaint(models.Model):
    """Đơn khiếu nại, tố cáo về bầu cử received after the closing (E-67): the superior's decision waits for its end."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="complaints")
    received_on = models.DateField("ngày nhận")
    about = models.CharField("nội dung", max_length=500)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")
    settled_on = models.DateField("ngày kết luận", null=True, blank=True)
    conclusion = models.CharField("kết luận", max_length=500, blank=True)
    settled_by = models.ForeignKey(
        USER, verbose_name="người ghi kết luận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "đơn khiếu nại về bầu cử"
        verbose_name_plural = "đơn khiếu nại về bầu cử"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, settled_by__isnull=True)
                | (Q(settled_on__gte=F("received_on"), settled_by__isnull=False) & ~Q(conclusion="")),
                name="a_settled_complaint_has_its_conclusion",
            ),
        ]

    def __str__(self) -> str:
        return f"Đơn nhận ngày {self.received_on:%d/%m/%Y}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)
