"""The assembly itself: who was called and came, who ran it, what was voted on and said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from congress.models.congresses import Congress
from organizations.models import Member

USER = settings.AUTH_USER_MODEL


class Attendance(models.Model):
    """Người được triệu tập: one line of the roll called for a congress, with presence and accepted absence."""

    class Presence(models.TextChoices):
        UNKNOWN = "unknown", "Chưa điểm danh"
        PRESENT = "present", "Có mặt"
        ABSENT = "absent", "Vắng mặt"

    class Mandate(models.TextChoices):
        """Tư cách đại biểu of a line in the roll of a delegate congress (E-14)."""

        EX_OFFICIO = "ex_officio", "Ủy viên cấp ủy triệu tập"
        OFFICIAL = "official", "Đại biểu chính thức"
        ALTERNATE = "alternate", "Đại biểu dự khuyết"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="attendances")
    is_official = models.BooleanField("đảng viên chính thức")
    standing = models.CharField("diện", max_length=30, blank=True)
    presence = models.CharField("điểm danh", max_length=10, choices=Presence.choices, default=Presence.UNKNOWN)
    reason = models.CharField("lý do vắng", max_length=200, blank=True)
    excused_by = models.ForeignKey(
        USER, verbose_name="người ghi nhận chấp nhận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    excused_at = models.DateTimeField("ghi nhận chấp nhận lúc", null=True, blank=True)
    accepted_by = models.CharField("cấp ủy triệu tập, cấp ủy viên chấp nhận", max_length=200, null=True, blank=True)
    accepted_on = models.DateField("ngày chấp nhận", null=True, blank=True)
    marked_by = models.ForeignKey(
        USER, verbose_name="người điểm danh", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField("điểm danh lúc", null=True, blank=True)
    arrived_at = models.DateTimeField("có mặt từ", null=True, blank=True)
    takes_ballot = models.BooleanField("nhận phiếu bầu", null=True, blank=True)
    mandate = models.CharField("tư cách đại biểu", max_length=10, choices=Mandate.choices, null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name="thay đại biểu",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )

    class Meta:
        verbose_name = "người được triệu tập"
        verbose_name_plural = "người được triệu tập"
        ordering = ["member__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "member"], name="one_attendance_per_member_and_congress"),
            models.CheckConstraint(
                condition=Q(excused_at__isnull=True) | (Q(presence="absent", excused_by__isnull=False) & ~Q(reason="")),
                name="an_accepted_absence_has_a_reason_and_who_accepted",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | (Q(mandate="alternate") & ~Q(replaces=F("id"))),
                name="only_an_alternate_replaces_a_delegate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_presence_display()}"


class Office(models.TextChoices):
    """Nhiệm vụ điều hành, giúp việc đại hội."""

    CHAIR = "chair", "Chủ tịch đại hội"
    PRESIDIUM = "presidium", "Đoàn chủ tịch"
    CLERK = "clerk", "Thư ký đại hội"
    HEAD_TELLER = "head_teller", "Trưởng ban kiểm phiếu"
    TELLER = "teller", "Ủy viên ban kiểm phiếu"


class Officer(models.Model):
    """Người được đại hội bầu điều hành, giúp việc: presidium, clerks, tellers."""

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="officers")
    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="offices")
    office = models.CharField("nhiệm vụ", max_length=12, choices=Office.choices)

    class Meta:
        verbose_name = "người điều hành, giúp việc đại hội"
        verbose_name_plural = "người điều hành, giúp việc đại hội"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["congress", "member", "office"], name="one_officer_per_office"),
            models.UniqueConstraint(
                fields=["congress"], condition=Q(office="head_teller"), name="one_head_teller_per_congress"
            ),
            models.UniqueConstraint(fields=["congress"], condition=Q(office="chair"), name="one_chair_per_congress"),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()}: {self.member}"

    def get_office_display(self) -> str:
        """In place of Django's: as it is called at a meeting."""
        label = str(Office(self.office).label)
        return self.congress.said(label) if self.congress.is_meeting else label


class CardVote(models.Model):
    """Biểu quyết giơ thẻ: the three counts, the base they were measured against and what was adopted."""

    class Subject(models.TextChoices):
        PRESIDIUM = "presidium", "Bầu đoàn chủ tịch, chủ tịch đại hội"
        CLERK = "clerk", "Bầu thư ký đại hội"
        PROGRAMME = "programme", "Thông qua chương trình, quy chế làm việc"
        TELLERS = "tellers", "Bầu ban kiểm phiếu"
        SEATS = "seats", "Thông qua số lượng cần bầu"
        SLATE = "slate", "Thông qua danh sách bầu cử"
        RESOLUTION = "resolution", "Thông qua nghị quyết"
        MINUTES = "minutes", "Thông qua biên bản"
        OTHER = "other", "Nội dung khác"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="card_votes")
    subject = models.CharField("nội dung biểu quyết", max_length=12, choices=Subject.choices)
    text = models.CharField("nội dung cụ thể", max_length=300)
    in_favour = models.PositiveIntegerField("tán thành")
    against = models.PositiveIntegerField("không tán thành", default=0)
    abstained = models.PositiveIntegerField("ý kiến khác", default=0)
    base = models.PositiveIntegerField("cơ sở tính")
    electorate = models.JSONField("thành phần cơ sở tính", null=True, blank=True)
    adopted = models.BooleanField("được thông qua")
    sitting = models.PositiveSmallIntegerField("lần họp", default=1)
    taken_at = models.DateTimeField("biểu quyết lúc")
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "biểu quyết"
        verbose_name_plural = "biểu quyết"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.in_favour}/{self.base}"


class Proceeding(models.Model):
    """Diễn biến đại hội: one entry that the congress minutes print (guest, report, discussion, speech)."""

    class Kind(models.TextChoices):
        GUEST = "guest", "Đại biểu dự"
        REPORT = "report", "Báo cáo trình bày"
        DISCUSSION = "discussion", "Ý kiến thảo luận"
        GUIDANCE = "guidance", "Phát biểu chỉ đạo"
        REPLY = "reply", "Tiếp thu ý kiến"

    congress = models.ForeignKey(Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    person = models.CharField("đồng chí", max_length=100)
    post = models.CharField("chức vụ", max_length=200, blank=True)
    text = models.TextField("nội dung", blank=True)
    sitting = models.PositiveSmallIntegerField("lần họp", default=1)
    recorded_by = models.ForeignKey(USER, verbose_name="người ghi", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "diễn biến đại hội"
        verbose_name_plural = "diễn biến đại hội"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"
