"""The one table of rehearsals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit_scope import AuditScope
from congress.models import Congress


class Rehearsal(models.Model):
    """Buổi diễn tập of one branch: invented papers, what was typed, how far it came; worth nothing, may be deleted."""

    class Step(models.TextChoices):
        HAND_OUT = "hand_out", "Phát phiếu, ghi sổ phiếu"
        OPEN_BOX = "open_box", "Mở hòm phiếu, đóng sổ phiếu"
        RULING = "ruling", "Kết luận phiếu không rõ"
        COUNT = "count", "Nhập kết quả kiểm phiếu"
        DIFFERENCE = "difference", "Nhập lại chỗ khác nhau"
        RESULT = "result", "Xem kết quả"
        DONE = "done", "Đã diễn tập xong"

    congress = models.ForeignKey(Congress, verbose_name="đại hội sắp tới", on_delete=models.CASCADE, related_name="+")
    played_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người diễn tập", on_delete=models.PROTECT, related_name="+"
    )
    seed = models.PositiveIntegerField("số gieo của phiếu bịa")
    title = models.CharField("cuộc bầu được diễn tập", max_length=100)
    step = models.CharField("bước", max_length=12, choices=Step.choices, default=Step.HAND_OUT)
    content = models.JSONField("nội dung bịa")
    started_at = models.DateTimeField("bắt đầu lúc")
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    class Meta:
        verbose_name = "buổi diễn tập"
        verbose_name_plural = "buổi diễn tập"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step="done", finished_at__isnull=False) | (~Q(step="done") & Q(finished_at__isnull=True)),
                name="a_finished_rehearsal_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"Diễn tập {self.title[:1].lower()}{self.title[1:]} (số liệu bịa)"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)
