"""The Party tree: organizations, their parents and names over time, and the acts that changed them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.audit_scope import AuditScope
from accounts.fields import PathField


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
    congresses_before = models.PositiveSmallIntegerField("số kỳ đại hội đã qua", null=True, blank=True)
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


class TreeAct(models.Model):
    """Việc tổ chức được ghi lại: one decision that changed the tree, with what was before and after.

    ``effective_on`` may lie in the past; the rows it made (parents, names, successions) point here.
    """

    class Kind(models.TextChoices):
        FOUND = "found", "Thành lập"
        SPLIT = "split", "Chia tách"
        MERGE = "merge", "Sáp nhập"
        CONSOLIDATE = "consolidate", "Hợp nhất"
        RENAME = "rename", "Đổi tên"
        MOVE = "move", "Chuyển cấp trên trực tiếp"
        CONVERT = "convert", "Chuyển loại hình"
        CLOSE = "close", "Giải thể, kết thúc hoạt động"

    kind = models.CharField("việc", max_length=12, choices=Kind.choices)
    decision = models.CharField("quyết định", max_length=200)
    decided_on = models.DateField("ngày quyết định")
    effective_on = models.DateField("có hiệu lực từ")
    decided_by = models.ForeignKey(
        Organization, verbose_name="cấp quyết định", on_delete=models.PROTECT, related_name="acts_decided"
    )
    organizations = models.ManyToManyField(Organization, verbose_name="tổ chức liên quan", related_name="acts")
    details = models.JSONField("nội dung", default=dict, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người ghi", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "việc tổ chức"
        verbose_name_plural = "việc tổ chức"
        ordering = ["-effective_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} theo {self.decision} ngày {self.decided_on:%d/%m/%Y}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.decided_by.path, None)


class OrganizationName(models.Model):
    """Tên theo thời gian: what an organization was called from one day to another."""

    organization = models.ForeignKey(
        Organization, verbose_name="tổ chức", on_delete=models.PROTECT, related_name="names"
    )
    name = models.CharField("tên tổ chức", max_length=200)
    committee_name = models.CharField("tên cấp ủy", max_length=200, blank=True)
    node_type = models.CharField("loại hình", max_length=20, choices=NodeType.choices)
    starts_on = models.DateField("từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    act = models.ForeignKey(
        TreeAct, verbose_name="theo việc", null=True, blank=True, on_delete=models.PROTECT, related_name="names"
    )

    class Meta:
        verbose_name = "tên của tổ chức theo thời gian"
        verbose_name_plural = "tên của tổ chức theo thời gian"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(ends_on__isnull=True), name="one_current_name_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
    act = models.ForeignKey(
        TreeAct, verbose_name="theo việc", null=True, blank=True, on_delete=models.PROTECT, related_name="parents"
    )

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
        CONSOLIDATE = "consolidate", "Hợp nhất"
        RENAME = "rename", "Đổi tên"
        CONVERT = "convert", "Chuyển loại hình"

    predecessor = models.ForeignKey(
        Organization, verbose_name="tổ chức trước", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Organization, verbose_name="tổ chức sau", on_delete=models.PROTECT, related_name="origins"
    )
    kind = models.CharField("hình thức", max_length=12, choices=Kind.choices)
    decided_on = models.DateField("ngày quyết định")
    decision = models.CharField("quyết định", max_length=200)
    carries_ordinal = models.BooleanField("tính tiếp số thứ tự đại hội", null=True, blank=True)
    act = models.ForeignKey(
        TreeAct, verbose_name="theo việc", null=True, blank=True, on_delete=models.PROTECT, related_name="successions"
    )

    class Meta:
        verbose_name = "việc kế thừa tổ chức"
        verbose_name_plural = "việc kế thừa tổ chức"
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_per_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.successor} {self.get_kind_display().lower()} từ {self.predecessor}"

    @property
    def went(self) -> str:
        """What became of the former one, before the name of the latter."""
        return "Sáp nhập vào" if self.kind == self.Kind.MERGE else f"{self.get_kind_display()} thành"

    @property
    def came(self) -> str:
        """Where the latter one is from, before the name of the former."""
        return "Nhận sáp nhập" if self.kind == self.Kind.MERGE else f"{self.get_kind_display()} từ"
