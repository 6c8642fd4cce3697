"""Dated rights of users at organizations, links that need no sign-in, and accounts handed over on paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.audit_scope import AuditScope
from accounts.roles import Role
from organizations.models.tree import Organization


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

    def get_role_display(self) -> str:
        """In place of Django's: as the role is called at that place."""
        return Role(self.role).named_at(self.organization)

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class AccessLink(models.Model):
    """Liên kết chỉ xem: whoever has the address sees one thing without signing in, until it is revoked.

    Only the SHA-256 of the secret part is kept; the address itself is shown once, when it is made.
    """

    class Kind(models.TextChoices):
        CALENDAR = "calendar", "Lịch cá nhân (iCalendar)"
        WALL = "wall", "Bảng theo dõi treo tường"

    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    organization = models.ForeignKey(
        Organization, verbose_name="về tổ chức", on_delete=models.PROTECT, related_name="access_links"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người tạo", on_delete=models.PROTECT, related_name="access_links"
    )
    label = models.CharField("dùng ở đâu", max_length=100, blank=True)
    secret_hash = models.CharField("dấu của mã bí mật", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("tạo lúc")
    last_used_at = models.DateTimeField("dùng lần cuối", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người thu hồi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "liên kết chỉ xem"
        verbose_name_plural = "liên kết chỉ xem"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_by__isnull=False), name="a_revoked_link_names_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.organization}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class SlipBatch(models.Model):
    """Đợt phiếu tài khoản: accounts made in one go; their sealed slips are printed once and then destroyed."""

    organization = models.ForeignKey(
        Organization, verbose_name="cấp ủy cấp", on_delete=models.PROTECT, related_name="slip_batches"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người lập", on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lập lúc")
    file = models.FileField("tệp phiếu", upload_to="slips/", blank=True)
    downloaded_at = models.DateTimeField("tải xuống lúc", null=True, blank=True)
    destroyed_at = models.DateTimeField("hủy tệp lúc", null=True, blank=True)

    class Meta:
        verbose_name = "đợt phiếu tài khoản"
        verbose_name_plural = "các đợt phiếu tài khoản"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Đợt phiếu tài khoản của {self.organization}"

    def audit_scope(self) -> AuditScope:
        return AuditScope(self.organization.path, None)


class AccountSlip(models.Model):
    """Phiếu tài khoản của một đồng chí. ``nonce`` gives the one-time password together with the installation's key."""

    batch = models.ForeignKey(SlipBatch, verbose_name="đợt", on_delete=models.PROTECT, related_name="slips")
    assignment = models.OneToOneField(
        RoleAssignment, verbose_name="vai trò", on_delete=models.PROTECT, related_name="slip"
    )
    number = models.PositiveIntegerField("số phiếu")
    nonce = models.CharField("mã sinh mật khẩu", max_length=64)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiếu tài khoản"
        verbose_name_plural = "phiếu tài khoản"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_slip_per_number_and_batch")]

    def __str__(self) -> str:
        return f"Phiếu {self.number}"

    def audit_scope(self) -> AuditScope:
        return self.batch.audit_scope()
