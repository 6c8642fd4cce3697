"""Those who help a committee: subcommittees, who follows which branch, who represents it at which congress."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from congress.models.congresses import Congress
from congress.models.plans import Plan
from organizations.models import Member, Organization

USER = settings.AUTH_USER_MODEL


class Subcommittee(models.Model):
    """Tiểu ban, tổ giúp việc set up for a round of congresses."""

    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy thành lập", on_delete=models.PROTECT, related_name="subcommittees"
    )
    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="subcommittees")
    name = models.CharField("tên", max_length=200)
    duties = models.TextField("nhiệm vụ", blank=True)
    decision = models.CharField("quyết định thành lập", max_length=200, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    dissolved_on = models.DateField("ngày kết thúc", null=True, blank=True)

    class Meta:
        verbose_name = "tiểu ban, tổ giúp việc"
        verbose_name_plural = "tiểu ban, tổ giúp việc"
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="one_subcommittee_per_name_and_plan")]

    def __str__(self) -> str:
        return self.name

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class SubcommitteeMember(models.Model):
    """Thành viên tiểu ban, tổ giúp việc, with the duty given to them."""

    class Rank(models.TextChoices):
        HEAD = "head", "Trưởng"
        DEPUTY = "deputy", "Phó"
        MEMBER = "member", "Thành viên"

    subcommittee = models.ForeignKey(
        Subcommittee, verbose_name="tiểu ban, tổ giúp việc", on_delete=models.PROTECT, related_name="memberships"
    )
    member = models.ForeignKey(Member, verbose_name="đảng viên", on_delete=models.PROTECT, related_name="+")
    rank = models.CharField("cương vị", max_length=10, choices=Rank.choices, default=Rank.MEMBER)
    duty = models.CharField("nhiệm vụ", max_length=300, blank=True)
    ends_on = models.DateField("thôi tham gia từ", null=True, blank=True)

    class Meta:
        verbose_name = "thành viên tiểu ban, tổ giúp việc"
        verbose_name_plural = "thành viên tiểu ban, tổ giúp việc"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subcommittee", "member"],
                condition=Q(ends_on__isnull=True),
                name="one_membership_per_subcommittee",
            ),
            models.UniqueConstraint(
                fields=["subcommittee"],
                condition=Q(rank="head", ends_on__isnull=True),
                name="one_head_per_subcommittee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rank_display()}: {self.member}"


class Following(models.Model):
    """Phân công theo dõi: a committee member follows one branch through its congress."""

    member = models.ForeignKey(Member, verbose_name="cấp ủy viên", on_delete=models.PROTECT, related_name="followings")
    committee = models.ForeignKey(
        Organization, verbose_name="cấp ủy phân công", on_delete=models.PROTECT, related_name="followings_assigned"
    )
    organization = models.ForeignKey(
        Organization, verbose_name="chi bộ được theo dõi", on_delete=models.PROTECT, related_name="followings"
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày", null=True, blank=True)
    assigned_by = models.ForeignKey(USER, verbose_name="người phân công", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "phân công theo dõi"
        verbose_name_plural = "phân công theo dõi"
        ordering = ["organization__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "organization", "member"],
                condition=Q(ends_on__isnull=True),
                name="one_open_following_per_member_and_branch",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="following_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} theo dõi {self.organization}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class Representation(models.Model):
    """Đại diện cấp trên dự và chỉ đạo một đại hội: proposed by the planner, assigned by a person."""

    congress = models.ForeignKey(
        Congress, verbose_name="đại hội", on_delete=models.PROTECT, related_name="representations"
    )
    member = models.ForeignKey(
        Member, verbose_name="đồng chí dự", on_delete=models.PROTECT, related_name="representations"
    )
    speaks = models.BooleanField("phát biểu chỉ đạo", default=False)
    assigned_by = models.ForeignKey(USER, verbose_name="người phân công", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField("phân công lúc")
    released_at = models.DateTimeField("thôi phân công lúc", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "phân công dự đại hội"
        verbose_name_plural = "phân công dự đại hội"
        ordering = ["congress__planned_for", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "member"],
                condition=Q(released_at__isnull=True),
                name="one_open_representation_per_member_and_congress",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} dự {self.congress}"

    def audit_scope(self) -> AuditScope:
        return self.congress.audit_scope()
