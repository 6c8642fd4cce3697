"""What was counted and sealed: sheets agreed by two, notes on warnings, seals, the signed paper behind them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from elections.models.slates import BallotRound

USER = settings.AUTH_USER_MODEL


class TallySheet(models.Model):
    """Bản tổng hợp kết quả kiểm phiếu: figures that two people typed alike and what the rules say; insert-only."""

    round = models.ForeignKey(BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField("lần nhập")
    entered_by = models.ForeignKey(USER, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(
        USER, verbose_name="người nhập thứ hai", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    count = models.ForeignKey(
        "elections.Count",
        verbose_name="lần kiểm phiếu",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    entered_at = models.DateTimeField("nhập lúc")
    case = models.JSONField("số liệu")
    result = models.JSONField("kết quả đề xuất")
    invalid_reasons = models.JSONField("lý do phiếu không hợp lệ", default=list, blank=True)

    class Meta:
        verbose_name = "bản tổng hợp kết quả kiểm phiếu"
        verbose_name_plural = "bản tổng hợp kết quả kiểm phiếu"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_sheet_per_number_and_round"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=False, count__isnull=False) & ~Q(second_by=F("entered_by")),
                name="a_count_is_entered_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}, lần nhập {self.number}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class WarningNote(models.Model):
    """Giải trình một điểm cần chú ý of a sheet: why it is so, in the words of the tellers; final with the seal."""

    sheet = models.ForeignKey(TallySheet, verbose_name="bản tổng hợp", on_delete=models.PROTECT, related_name="notes")
    code = models.CharField("mã", max_length=10)
    message = models.TextField("điểm cần chú ý")
    text = models.TextField("giải trình")
    written_by = models.ForeignKey(USER, verbose_name="người giải trình", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("giải trình lúc")

    class Meta:
        verbose_name = "giải trình của ban kiểm phiếu"
        verbose_name_plural = "giải trình của ban kiểm phiếu"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "message"], name="one_note_per_warning")]

    def __str__(self) -> str:
        return f"{self.code}: {self.text[:60]}"

    def audit_scope(self) -> AuditScope:
        return self.sheet.audit_scope()


class SealedResult(models.Model):
    """Kết quả đã niêm phong: canonical JSON with its SHA-256; insert-only, one per round and edition."""

    round = models.ForeignKey(BallotRound, verbose_name="lần bỏ phiếu", on_delete=models.PROTECT, related_name="seals")
    edition = models.PositiveSmallIntegerField("bản", default=1)
    sheet = models.OneToOneField(TallySheet, verbose_name="bản nhập", on_delete=models.PROTECT, related_name="seal")
    content = models.TextField("nội dung niêm phong")
    sha256 = models.CharField("mã băm SHA-256", max_length=64)
    entered_by = models.ForeignKey(USER, verbose_name="người nhập", on_delete=models.PROTECT, related_name="+")
    second_by = models.ForeignKey(
        USER, verbose_name="người nhập thứ hai", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        USER, verbose_name="trưởng ban kiểm phiếu", on_delete=models.PROTECT, related_name="+"
    )
    sealed_at = models.DateTimeField("niêm phong lúc")
    reason = models.TextField("lý do kiểm đếm lại", null=True, blank=True)

    class Meta:
        verbose_name = "kết quả đã niêm phong"
        verbose_name_plural = "kết quả đã niêm phong"
        constraints = [
            models.UniqueConstraint(fields=["round", "edition"], name="one_seal_per_round_and_edition"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("entered_by")), name="who_enters_does_not_confirm"),
            models.CheckConstraint(
                condition=Q(second_by__isnull=False) & ~Q(second_by=F("entered_by")),
                name="a_seal_names_two_who_entered",
            ),
            models.CheckConstraint(
                condition=Q(edition=1) | (Q(reason__isnull=False) & ~Q(reason="")),
                name="a_second_edition_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Kết quả niêm phong {self.round}"

    def audit_scope(self) -> AuditScope:
        return self.round.audit_scope()


class DisposalCertificate(models.Model):
    """Chứng nhận đã xóa số liệu từng phiếu when the result was sealed: how many rows of which seal; insert-only."""

    seal = models.OneToOneField(
        SealedResult, verbose_name="kết quả niêm phong", on_delete=models.PROTECT, related_name="disposal"
    )
    rows = models.PositiveIntegerField("số dòng đã xóa")
    certified_by = models.ForeignKey(USER, verbose_name="người chứng nhận", on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField("xóa lúc")

    class Meta:
        verbose_name = "chứng nhận xóa số liệu từng phiếu"
        verbose_name_plural = "chứng nhận xóa số liệu từng phiếu"

    def __str__(self) -> str:
        return f"Đã xóa {self.rows} dòng, {self.seal}"

    def audit_scope(self) -> AuditScope:
        return self.seal.audit_scope()


class SignedSheet(models.Model):
    """Ảnh biên bản kiểm phiếu đã ký of one seal, with six key figures read off it by another person.

    ``retyped``: name of the figure → what was read. ``matches`` is None until somebody has read it.
    """

    seal = models.ForeignKey(
        SealedResult, verbose_name="kết quả niêm phong", on_delete=models.PROTECT, related_name="signed_sheets"
    )
    number = models.PositiveSmallIntegerField("bản chụp")
    file = models.CharField("tệp", max_length=200)
    sha256 = models.CharField("mã băm SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(USER, verbose_name="người tải lên", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("tải lên lúc")
    retyped = models.JSONField("số đọc trên ảnh", null=True, blank=True)
    matches = models.BooleanField("khớp với kết quả niêm phong", null=True, blank=True)
    checked_by = models.ForeignKey(
        USER, verbose_name="người đọc lại", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField("đọc lại lúc", null=True, blank=True)

    class Meta:
        verbose_name = "ảnh biên bản đã ký"
        verbose_name_plural = "ảnh biên bản đã ký"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["seal", "number"], name="one_signed_sheet_per_number"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True, matches__isnull=True)
                | (Q(checked_at__isnull=False, matches__isnull=False) & ~Q(checked_by=F("uploaded_by"))),
                name="who_uploads_does_not_check",
            ),
        ]

    def __str__(self) -> str:
        return f"Ảnh biên bản đã ký, {self.seal}"

    def audit_scope(self) -> AuditScope:
        return self.seal.audit_scope()
