"""Spreadsheets that staff bring: each kept as it came, with what was read in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.audit_scope import AuditScope
from organizations.models.tree import Organization


class ImportBatch(models.Model):
    """Lần nhập từ Excel: the file as it came, what was read in it, what was decided. All or nothing by default."""

    class Kind(models.TextChoices):
        ROLL = "roll", "Danh sách đảng viên"
        TREE = "tree", "Cây tổ chức"

    class State(models.TextChoices):
        READING = "reading", "Đang đọc tệp"
        READY = "ready", "Chờ xác nhận"
        APPLYING = "applying", "Đang ghi"
        APPLIED = "applied", "Đã nhập"
        FAILED = "failed", "Không nhập được"
        DISCARDED = "discarded", "Đã bỏ"

    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    organization = models.ForeignKey(
        Organization, verbose_name="nhập vào", on_delete=models.PROTECT, related_name="imports"
    )
    file = models.FileField("tệp", upload_to="imports/%Y/%m/")
    filename = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.READING)
    rows_read = models.PositiveIntegerField("số dòng đã đọc", default=0)
    rows_total = models.PositiveIntegerField("số dòng trong tệp", null=True, blank=True)
    report = models.JSONField("kết quả đọc", default=dict, blank=True)
    error = models.TextField("lý do không nhập được", blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người tải lên", on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("tải lên lúc")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người xác nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lần nhập từ Excel"
        verbose_name_plural = "các lần nhập từ Excel"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.filename}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)
