"""What the superior sends down: letters and messages with receipts, reviews of pilot congresses and their lessons."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit_scope import AuditScope
from congress.models.congresses import Congress
from organizations.models import Organization

USER = settings.AUTH_USER_MODEL


class GuidanceKind(models.TextChoices):
    """Hình thức: a numbered letter, a message inside the software, or lessons after a pilot congress."""

    LETTER = "letter", "Văn bản"
    MESSAGE = "message", "Thông báo nội bộ"
    LESSONS = "lessons", "Rút kinh nghiệm đại hội điểm"


class Guidance(models.Model):
    """Văn bản chỉ đạo sent down the tree: công văn, hướng dẫn, rút kinh nghiệm after a pilot."""

    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy ban hành", on_delete=models.PROTECT, related_name="guidance"
    )
    kind = models.CharField("hình thức", max_length=10, choices=GuidanceKind.choices, default=GuidanceKind.LETTER)
    notation = models.CharField("số và ký hiệu", max_length=40, blank=True)
    issued_on = models.DateField("ngày ban hành")
    subject = models.CharField("trích yếu", max_length=300)
    body = models.TextField("nội dung", blank=True)
    term_label = models.CharField("nhiệm kỳ", max_length=20)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi nhận", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "văn bản chỉ đạo"
        verbose_name_plural = "văn bản chỉ đạo"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "notation", "issued_on"],
                condition=~Q(notation=""),
                name="one_guidance_per_notation",
            ),
            models.CheckConstraint(
                condition=~Q(kind="letter") | ~Q(notation=""), name="a_letter_has_its_number_and_symbol"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notation or self.subject} ngày {self.issued_on:%d/%m/%Y}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class GuidanceReceipt(models.Model):
    """Người nhận một văn bản: one organization it was sent to, who opened it there and when."""

    guidance = models.ForeignKey(
        Guidance, verbose_name="văn bản chỉ đạo", on_delete=models.PROTECT, related_name="receipts"
    )
    organization = models.ForeignKey(
        Organization, verbose_name="nơi nhận", on_delete=models.PROTECT, related_name="guidance_received"
    )
    read_by = models.ForeignKey(
        USER, verbose_name="người đọc đầu tiên", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    class Meta:
        verbose_name = "nơi nhận văn bản"
        verbose_name_plural = "nơi nhận văn bản"
        ordering = ["organization__path"]
        constraints = [
            models.UniqueConstraint(fields=["guidance", "organization"], name="one_receipt_per_guidance_and_place"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="a_read_receipt_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.guidance}"


class PilotReview(models.Model):
    """Rút kinh nghiệm sau đại hội điểm (F-20): the meeting right after a pilot congress."""

    congress = models.OneToOneField(
        Congress, verbose_name="đại hội điểm", on_delete=models.PROTECT, related_name="pilot_review"
    )
    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy chủ trì", on_delete=models.PROTECT, related_name="pilot_reviews"
    )
    held_on = models.DateField("ngày họp")
    participants = models.TextField("thành phần", blank=True)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "việc rút kinh nghiệm đại hội điểm"
        verbose_name_plural = "rút kinh nghiệm đại hội điểm"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"Rút kinh nghiệm {self.congress}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, self.congress_id)


class Lesson(models.Model):
    """Bài học từ đại hội điểm, by area; once sent with a guidance it is a task of every branch it applies to."""

    class Area(models.TextChoices):
        PREPARATION = "preparation", "Công tác chuẩn bị"
        PAPERS = "papers", "Văn kiện"
        PERSONNEL = "personnel", "Nhân sự"
        CHAIRING = "chairing", "Điều hành"
        ELECTION = "election", "Bầu cử"
        CEREMONY = "ceremony", "Khánh tiết, hậu cần"
        DOSSIER = "dossier", "Hồ sơ"

    review = models.ForeignKey(
        PilotReview, verbose_name="việc rút kinh nghiệm", on_delete=models.PROTECT, related_name="lessons"
    )
    area = models.CharField("lĩnh vực", max_length=12, choices=Area.choices)
    strengths = models.TextField("ưu điểm", blank=True)
    limits = models.TextField("hạn chế", blank=True)
    action = models.TextField("việc cần làm", blank=True)
    applies_to_all = models.BooleanField("áp dụng cho mọi chi bộ", default=True)
    owner = models.CharField("ai làm", max_length=200, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    guidance = models.ForeignKey(
        Guidance, verbose_name="gửi kèm", null=True, blank=True, on_delete=models.PROTECT, related_name="lessons"
    )

    class Meta:
        verbose_name = "bài học từ đại hội điểm"
        verbose_name_plural = "bài học từ đại hội điểm"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_area_display()}: {self.action or self.limits or self.strengths}"


class LessonDone(models.Model):
    """Chi bộ đã thực hiện một bài học: who said so, when, and how."""

    lesson = models.ForeignKey(Lesson, verbose_name="bài học", on_delete=models.PROTECT, related_name="done")
    organization = models.ForeignKey(
        Organization, verbose_name="chi bộ", on_delete=models.PROTECT, related_name="lessons_done"
    )
    done_by = models.ForeignKey(USER, verbose_name="người xác nhận", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField("xác nhận lúc")
    note = models.CharField("cách thực hiện", max_length=300, blank=True)

    class Meta:
        verbose_name = "việc thực hiện bài học"
        verbose_name_plural = "việc thực hiện bài học"
        constraints = [models.UniqueConstraint(fields=["lesson", "organization"], name="one_done_per_lesson_and_place")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.lesson}"
