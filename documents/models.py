"""Drafts with their versions and reviews; issued papers with their numbers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from congress.models import Congress
from documents.lifecycle import DRAFT, STATE_NAMES
from organizations.models import Organization

USER = settings.AUTH_USER_MODEL


class DocumentKind(models.TextChoices):
    """Loại văn kiện of a branch congress."""

    POLITICAL_REPORT = "political_report", "Báo cáo chính trị"
    SELF_CRITICISM = "self_criticism", "Báo cáo kiểm điểm"
    RESOLUTION = "resolution", "Dự thảo nghị quyết"
    ACTION_PROGRAMME = "action_programme", "Chương trình hành động"
    PERSONNEL_PLAN = "personnel_plan", "Đề án nhân sự"
    SCENARIO = "scenario", "Chương trình, kịch bản điều hành"
    OTHER = "other", "Văn kiện khác"


class Document(models.Model):
    """Văn kiện of one congress: its newest version is the draft, the approved one is locked."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField("loại văn kiện", max_length=20, choices=DocumentKind.choices)
    title = models.CharField("tên văn kiện", max_length=200)
    state = models.CharField("trạng thái", max_length=20, choices=list(STATE_NAMES.items()), default=DRAFT)
    state_since = models.DateTimeField("ở bước này từ")
    approved_version = models.ForeignKey(
        "DocumentVersion",
        verbose_name="bản đã phê duyệt",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_by = models.ForeignKey(USER, verbose_name="người tạo", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "văn kiện"
        verbose_name_plural = "văn kiện"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "kind"], condition=~Q(kind="other"), name="one_document_per_kind_and_congress"
            ),
            models.CheckConstraint(
                condition=(Q(state="approved") & Q(approved_version__isnull=False))
                | (~Q(state="approved") & Q(approved_version__isnull=True)),
                name="an_approved_document_names_its_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)


class DocumentVersion(models.Model):
    """Bản dự thảo lần n: typed in sections or an uploaded file; never changed once written (insert-only)."""

    document = models.ForeignKey(Document, verbose_name="văn kiện", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("lần")
    sections = models.JSONField("các phần", default=list, blank=True)
    file_name = models.CharField("tệp lưu", max_length=200, blank=True)
    original_name = models.CharField("tên tệp gửi lên", max_length=255, blank=True)
    content_type = models.CharField("loại tệp", max_length=100, blank=True)
    sha256 = models.CharField("mã băm SHA-256", max_length=64)
    note = models.CharField("nội dung chỉnh sửa", max_length=300, blank=True)
    written_by = models.ForeignKey(USER, verbose_name="người soạn", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("soạn lúc")

    class Meta:
        verbose_name = "bản dự thảo"
        verbose_name_plural = "bản dự thảo"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_per_number_and_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document.title}, dự thảo lần {self.number}"

    def audit_scope(self) -> AuditScope:
        return self.document.audit_scope()

    @property
    def is_file(self) -> bool:
        return bool(self.file_name)


class ReviewRound(models.Model):
    """Vòng xin ý kiến: opened by who submits, closed by another."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Đang xem xét"
        APPROVED = "approved", "Phê duyệt"
        CHANGES_REQUESTED = "changes_requested", "Yêu cầu chỉnh sửa"
        WITHDRAWN = "withdrawn", "Đã rút về"

    document = models.ForeignKey(Document, verbose_name="văn kiện", on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(
        DocumentVersion, verbose_name="bản được xem xét", on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveIntegerField("vòng")
    opened_by = models.ForeignKey(USER, verbose_name="người trình", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("trình lúc")
    outcome = models.CharField("kết quả", max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    reasons = models.TextField("ý kiến chung", blank=True)
    closed_by = models.ForeignKey(
        USER, verbose_name="người cho ý kiến", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("cho ý kiến lúc", null=True, blank=True)

    class Meta:
        verbose_name = "vòng xin ý kiến"
        verbose_name_plural = "vòng xin ý kiến"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_round_per_number_and_document"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(outcome="open"), name="one_open_round_per_document"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["open", "withdrawn"]) | ~Q(closed_by=F("opened_by")),
                name="who_submits_does_not_approve",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open") | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="a_closed_round_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="changes_requested") | ~Q(reasons=""), name="changes_are_requested_with_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"Vòng {self.number}"


class ReviewComment(models.Model):
    """Ý kiến of the reviewer on one section of the version under review."""

    class Weight(models.TextChoices):
        MUST = "must", "Phải sửa"
        SHOULD = "should", "Nên sửa"

    round = models.ForeignKey(ReviewRound, verbose_name="vòng", on_delete=models.PROTECT, related_name="comments")
    section = models.CharField("phần", max_length=200, blank=True)
    weight = models.CharField("mức độ", max_length=10, choices=Weight.choices, default=Weight.MUST)
    text = models.TextField("ý kiến")
    written_by = models.ForeignKey(USER, verbose_name="người góp ý", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("góp ý lúc")

    class Meta:
        verbose_name = "ý kiến xem xét"
        verbose_name_plural = "ý kiến xem xét"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.section or 'Toàn văn'}: {self.text[:40]}"

    def audit_scope(self) -> AuditScope:
        return self.round.document.audit_scope()


class NumberCounter(models.Model):
    """Sổ số văn bản: the last number given in one run (per body, term and type; or per congress)."""

    scope = models.CharField("dãy số", max_length=120, unique=True)
    last = models.PositiveIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = "sổ số văn bản"
        verbose_name_plural = "sổ số văn bản"

    def __str__(self) -> str:
        return f"{self.scope}: {self.last}"


class IssuedPaper(models.Model):
    """Văn bản do phần mềm lập: plain data, number and date; the PDF is made once and kept with its SHA-256."""

    code = models.CharField("mẫu", max_length=4)
    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="papers")
    issuer = models.ForeignKey(
        Organization, verbose_name="cơ quan ban hành", on_delete=models.PROTECT, related_name="papers"
    )
    about = models.CharField("về đối tượng", max_length=60)
    edition = models.PositiveSmallIntegerField("lần lập", default=1)
    title = models.CharField("tên văn bản", max_length=300)
    number_scope = models.CharField("dãy số", max_length=120)
    number = models.PositiveIntegerField("số")
    notation = models.CharField("số và ký hiệu", max_length=60)
    issued_on = models.DateField("ngày văn bản")
    layout = models.CharField("thể thức", max_length=20)
    regime = models.CharField("quy chế bầu cử áp dụng", max_length=40, blank=True)
    data = models.JSONField("nội dung")
    created_by = models.ForeignKey(USER, verbose_name="người lập", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("lập lúc")
    file_name = models.CharField("tệp PDF", max_length=200, blank=True)
    sha256 = models.CharField("mã băm SHA-256", max_length=64, blank=True)
    size = models.PositiveIntegerField("dung lượng", default=0)
    rendered_at = models.DateTimeField("tạo tệp lúc", null=True, blank=True)

    class Meta:
        verbose_name = "văn bản đã lập"
        verbose_name_plural = "văn bản đã lập"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "about", "edition"], name="one_paper_per_subject_and_edition"),
            models.UniqueConstraint(fields=["number_scope", "number"], name="one_paper_per_number"),
            models.CheckConstraint(
                condition=(Q(file_name="") & Q(sha256="")) | (~Q(file_name="") & ~Q(sha256="")),
                name="a_rendered_paper_has_file_and_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.title if self.is_working else f"{self.title} số {self.notation}"

    @property
    def is_working(self) -> bool:
        """A working paper (ballots, tally sheets): made for the room, without number and not part of the dossier."""
        return not self.notation

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.congress.organization.path, self.congress_id)


class CommitteeReport(models.Model):
    """Báo cáo của cấp ủy: a numbered paper about the branches below, as PDF to sign, as Word and as Excel.

    ``data`` and number never change; the files are written once by a durable job. Those of the first months have no
    workbook.
    """

    code = models.CharField("mẫu", max_length=4)
    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy báo cáo", on_delete=models.PROTECT, related_name="reports"
    )
    term_label = models.CharField("nhiệm kỳ", max_length=20)
    as_of = models.DateField("tính đến ngày")
    title = models.CharField("tên văn bản", max_length=300)
    number_scope = models.CharField("dãy số", max_length=120)
    number = models.PositiveIntegerField("số")
    notation = models.CharField("số và ký hiệu", max_length=60)
    issued_on = models.DateField("ngày văn bản")
    layout = models.CharField("thể thức", max_length=20)
    data = models.JSONField("nội dung")
    created_by = models.ForeignKey(USER, verbose_name="người lập", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("lập lúc")
    pdf_name = models.CharField("tệp PDF", max_length=200, blank=True)
    pdf_sha256 = models.CharField("mã băm tệp PDF", max_length=64, blank=True)
    word_name = models.CharField("tệp Word", max_length=200, blank=True)
    word_sha256 = models.CharField("mã băm tệp Word", max_length=64, blank=True)
    excel_name = models.CharField("tệp Excel", max_length=200, blank=True, default="")
    excel_sha256 = models.CharField("mã băm tệp Excel", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "báo cáo của cấp ủy"
        verbose_name_plural = "báo cáo của cấp ủy"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number_scope", "number"], name="one_report_per_number"),
            models.CheckConstraint(
                condition=Q(pdf_name="", pdf_sha256="", word_name="", word_sha256="", excel_name="", excel_sha256="")
                | (
                    (~Q(pdf_name="") & ~Q(pdf_sha256="") & ~Q(word_name="") & ~Q(word_sha256=""))
                    & ((Q(excel_name="") & Q(excel_sha256="")) | (~Q(excel_name="") & ~Q(excel_sha256="")))
                ),
                name="a_rendered_report_has_its_files",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} số {self.notation}"

    @property
    def is_rendered(self) -> bool:
        return bool(self.pdf_sha256)

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)
