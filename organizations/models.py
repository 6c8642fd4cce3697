"""The Party tree, its members, and who holds which post and role, where and when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from accounts.fields import PathField
from accounts.roles import Role


class NodeType(models.TextChoices):
    """Loại hình tổ chức, from before and after the reorganisation of 2025."""

    CENTRAL = "central", "Trung ương"
    PROVINCE = "province", "Đảng bộ tỉnh, thành phố"
    BLOC = "bloc", "Đảng bộ khối"
    UPPER = "upper", "Đảng bộ cấp trên trực tiếp cơ sở"
    GRASSROOTS = "grassroots", "Đảng bộ cơ sở"
    GRASSROOTS_BRANCH = "grassroots_branch", "Chi bộ cơ sở"
    SUBDIVISION = "subdivision", "Đảng bộ bộ phận"
    BRANCH = "branch", "Chi bộ trực thuộc"
    TEAM = "team", "Tổ đảng"


BRANCH_TYPES = (NodeType.BRANCH, NodeType.GRASSROOTS_BRANCH)
DECIDING_TYPES = (NodeType.GRASSROOTS, NodeType.UPPER, NodeType.BLOC, NodeType.PROVINCE, NodeType.CENTRAL)


class Sector(models.TextChoices):
    """Khối công tác: used to choose pilot congresses of different kinds."""

    AGENCY = "agency", "Cơ quan"
    SERVICE = "service", "Đơn vị sự nghiệp"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    COMMUNE = "commune", "Xã, phường, đặc khu"
    FORCES = "forces", "Lực lượng vũ trang"


class Organization(models.Model):
    """Tổ chức đảng. ``path`` is the chain of ids from the root, each followed by "/"; ``parent`` is the truth."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên tổ chức", max_length=200)
    search_name = models.CharField("tên để tìm", max_length=300, editable=False, default="", db_index=True)
    committee_name = models.CharField("tên cấp ủy", max_length=200, blank=True)
    symbol = models.CharField("ký hiệu văn bản", max_length=20)
    node_type = models.CharField("loại hình", max_length=20, choices=NodeType.choices)
    sector = models.CharField("khối công tác", max_length=20, choices=Sector.choices, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name="cấp trên trực tiếp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = PathField("đường dẫn trong cây", max_length=255, unique=True)
    depth = models.PositiveSmallIntegerField("độ sâu")
    place = models.CharField("địa danh", max_length=80, blank=True)
    has_standing_committee = models.BooleanField("có ban thường vụ", default=False)
    founded_on = models.DateField("ngày thành lập", null=True, blank=True)
    founding_decision = models.CharField("quyết định thành lập", max_length=200, blank=True)
    closed_on = models.DateField("ngày kết thúc hoạt động", null=True, blank=True)

    class Meta:
        verbose_name = "tổ chức đảng"
        verbose_name_plural = "tổ chức đảng"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.path, None)

    @property
    def is_branch(self) -> bool:
        return self.node_type in BRANCH_TYPES

    @property
    def committee(self) -> str:
        """The committee's own name: "Đảng ủy Sở Công Thương"; the organization's where none was given."""
        return self.committee_name or self.name

    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to the parent."""
        return [int(part) for part in self.path.split("/")[:-2]]


class OrganizationParent(models.Model):
    """Cấp trên theo thời gian: the parent an organization had from one day to another."""

    organization = models.ForeignKey(
        Organization, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="parents"
    )
    parent = models.ForeignKey(
        Organization, verbose_name="cấp trên", on_delete=models.PROTECT, related_name="past_children"
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    decision = models.CharField("quyết định", max_length=200, blank=True)

    class Meta:
        verbose_name = "quan hệ cấp trên"
        verbose_name_plural = "quan hệ cấp trên"
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(ends_on__isnull=True), name="one_current_parent_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} thuộc {self.parent} từ {self.starts_on:%d/%m/%Y}"


class Succession(models.Model):
    """Kế thừa: which organization came from which, by what act."""

    class Kind(models.TextChoices):
        SPLIT = "split", "Chia tách"
        MERGE = "merge", "Sáp nhập"
        RENAME = "rename", "Đổi tên"

    predecessor = models.ForeignKey(
        Organization, verbose_name="tổ chức trước", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Organization, verbose_name="tổ chức sau", on_delete=models.PROTECT, related_name="origins"
    )
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)
    decided_on = models.DateField("ngày quyết định")
    decision = models.CharField("quyết định", max_length=200)

    class Meta:
        verbose_name = "việc kế thừa tổ chức"
        verbose_name_plural = "việc kế thừa tổ chức"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.successor} {self.get_kind_display().lower()} từ {self.predecessor}"


class Gender(models.TextChoices):
    """Giới tính."""

    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class Member(models.Model):
    """Đảng viên of one branch; probationary until ``official_on``."""

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
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.organization}: {self.member}"


class RoleAssignment(models.Model):
    """Vai trò trong hệ thống: a dated right of one user at one organization; it rolls down the tree."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người dùng", on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField("vai trò", max_length=30, choices=Role.choices)
    organization = models.ForeignKey(
        Organization, verbose_name="tại tổ chức", on_delete=models.PROTECT, related_name="assignments"
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày", null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người giao",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="granted_assignments",
    )
    revoked_at = models.DateTimeField("thời điểm thu hồi", null=True, blank=True)

    class Meta:
        verbose_name = "vai trò được giao"
        verbose_name_plural = "vai trò được giao"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organization"],
                condition=Q(revoked_at__isnull=True, ends_on__isnull=True),
                name="one_open_assignment_per_role_and_place",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")), name="nobody_grants_to_himself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} – {self.organization}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)
