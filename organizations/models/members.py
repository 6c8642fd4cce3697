"""Members of the branches: their particulars, where they belonged, what changes the vote base, the posts they hold."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from accounts.fields import PathField
from organizations.models.tree import Organization


class Gender(models.TextChoices):
    """Giới tính."""

    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class PoliticalLevel(models.TextChoices):
    """Trình độ lý luận chính trị."""

    ELEMENTARY = "elementary", "Sơ cấp"
    INTERMEDIATE = "intermediate", "Trung cấp"
    ADVANCED = "advanced", "Cao cấp"
    BACHELOR = "bachelor", "Cử nhân"


class Member(models.Model):
    """Đảng viên of one branch; probationary until ``official_on``.

    From ``ethnicity`` on, what the list of particulars (trích ngang, F-05) asks.
    """

    organization = models.ForeignKey(
        Organization, verbose_name="chi bộ", on_delete=models.PROTECT, related_name="members"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="tài khoản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="member",
    )
    full_name = models.CharField("họ và tên", max_length=100)
    sort_name = PathField("khóa xếp tên", max_length=500, editable=False)
    search_name = models.CharField("tên để tìm", max_length=100, editable=False, default="", db_index=True)
    gender = models.CharField("giới tính", max_length=10, choices=Gender.choices, blank=True)
    born_on = models.DateField("ngày sinh", null=True, blank=True)
    job = models.CharField("chức vụ, đơn vị công tác", max_length=200, blank=True)
    admitted_on = models.DateField("ngày vào Đảng", null=True, blank=True)
    official_on = models.DateField("ngày chính thức", null=True, blank=True)
    joined_on = models.DateField("ngày về chi bộ", null=True, blank=True)
    left_on = models.DateField("ngày rời chi bộ", null=True, blank=True)
    card_number = models.CharField("số thẻ đảng viên", max_length=20, blank=True)
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True)
    religion = models.CharField("tôn giáo", max_length=40, blank=True)
    native_place = models.CharField("quê quán", max_length=200, blank=True)
    residence = models.CharField("nơi ở hiện nay", max_length=200, blank=True)
    education = models.CharField("trình độ chuyên môn", max_length=200, blank=True)
    political_level = models.CharField("lý luận chính trị", max_length=15, choices=PoliticalLevel.choices, blank=True)
    languages = models.CharField("ngoại ngữ, tin học", max_length=200, blank=True)
    is_planned_cadre = models.BooleanField("trong quy hoạch cấp ủy", null=True, blank=True)
    classification = models.CharField("xếp loại 3 năm gần nhất", max_length=200, blank=True)
    awards = models.CharField("khen thưởng, kỷ luật", max_length=300, blank=True)
    retires_on = models.DateField("thời điểm nghỉ hưu dự kiến", null=True, blank=True)
    phone = models.CharField("số điện thoại", max_length=20, blank=True)
    is_invented = models.BooleanField("nhân vật bịa để minh họa", default=False)

    class Meta:
        verbose_name = "đảng viên"
        verbose_name_plural = "đảng viên"
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.full_name

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)

    def is_official(self, on: date) -> bool:
        """Đảng viên chính thức on that day (Điều lệ Đảng, Điều 5)."""
        return self.official_on is not None and self.official_on <= on

    @property
    def display_name(self) -> str:
        return f"{self.full_name} (bịa)" if self.is_invented else self.full_name


class Membership(models.Model):
    """Sinh hoạt đảng theo thời gian: the branches a member belonged to before the present one."""

    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(
        Organization, verbose_name="chi bộ", on_delete=models.PROTECT, related_name="past_memberships"
    )
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày")
    decision = models.CharField("quyết định, giấy giới thiệu", max_length=200, blank=True)

    class Meta:
        verbose_name = "thời gian sinh hoạt đảng"
        verbose_name_plural = "thời gian sinh hoạt đảng"
        ordering = ["ends_on", "pk"]

    def __str__(self) -> str:
        return f"{self.member} ở {self.organization} đến {self.ends_on:%d/%m/%Y}"


class MemberStanding(models.Model):
    """Diện đảng viên: a dated status that changes the vote base (E-08, E-09, E-11, E-13)."""

    class Kind(models.TextChoices):
        EXEMPT = "exempt", "Miễn công tác và sinh hoạt đảng"
        TEMPORARILY_ELSEWHERE = "temporarily_elsewhere", "Sinh hoạt tạm thời ở nơi khác"
        SUSPENDED = "suspended", "Đình chỉ sinh hoạt đảng"
        PROSECUTED = "prosecuted", "Bị khởi tố, truy tố, tạm giam"

    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="standings")
    kind = models.CharField("diện", max_length=30, choices=Kind.choices)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    ground = models.CharField("căn cứ", max_length=200)
    accepted_by = models.CharField("cấp có thẩm quyền", max_length=200)

    class Meta:
        verbose_name = "diện đảng viên"
        verbose_name_plural = "diện đảng viên"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="standing_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_kind_display()}"

    def audit_scope(self) -> AuditScope:
        return self.member.audit_scope()


class Post(models.TextChoices):
    """Chức vụ đảng."""

    SECRETARY = "secretary", "Bí thư"
    DEPUTY_SECRETARY = "deputy_secretary", "Phó bí thư"
    COMMITTEE_MEMBER = "committee_member", "Ủy viên"


class PostHolding(models.Model):
    """Giữ chức vụ: who held which Party post where, from when to when, by which decision."""

    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="posts")
    organization = models.ForeignKey(
        Organization, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="posts"
    )
    post = models.CharField("chức vụ", max_length=20, choices=Post.choices)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    decision = models.CharField("quyết định", max_length=200, blank=True)

    class Meta:
        verbose_name = "việc giữ chức vụ"
        verbose_name_plural = "việc giữ chức vụ"
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(post="secretary", ends_on__isnull=True),
                name="one_current_secretary_per_organization",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.organization}: {self.member}"
