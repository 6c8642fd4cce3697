"""Dated rights: roles granted and revoked."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts import services as account_services
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from organizations import policies, queries
from organizations.models import (
    Organization,
    RoleAssignment,
)


@transaction.atomic
def grant_role(
    user_id: int,
    role: str,
    organization_id: int,
    *,
    actor: User | None,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Giao vai trò. ``actor`` None only while the installation has no administrator yet.

    Raises NotAllowed, or InvalidInput when the same role is already open there.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    organization = Organization.objects.get(pk=organization_id)
    if actor is not None:
        policies.can_grant(actor, Role(role), organization, to=user).require()
    elif RoleAssignment.objects.filter(role=Role.SYSTEM_ADMINISTRATOR).exists():
        raise InvalidInput("Hệ thống đã có quản trị. Vai trò mới do người có quyền giao trên trang Tổ chức.")
    starts_on = starts_on or timezone.localdate(at)
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(
            "Ngày hết vai trò không thể trước ngày bắt đầu.", fields={"ends_on": ["Chọn ngày sau ngày bắt đầu."]}
        )
    known = user.assignments.filter(role=role, organization=organization, revoked_at__isnull=True)
    if known.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).exists():
        raise InvalidInput(
            f"Đồng chí {user.full_name} đang có vai trò “{Role(role).label}” tại {organization.name}, "
            "không cần giao lại.",
            fields={"role": ["Vai trò này đang có hiệu lực."]},
        )
    assignment = RoleAssignment.objects.create(
        user=user, role=role, organization=organization, starts_on=starts_on, ends_on=ends_on, granted_by=actor
    )
    account_services.end_sessions_of(user)
    audit.record(
        "role.granted", organization, actor=actor, at=at, role=assignment.get_role_display(), name=user.full_name
    )
    return assignment


def _require_another_administrator(assignment: RoleAssignment, *, at: datetime) -> None:
    """Raise InvalidInput when nobody else would administer the installation; the caller holds their locks."""
    if assignment.role != Role.SYSTEM_ADMINISTRATOR:
        return
    everyone = RoleAssignment.objects.filter(role=Role.SYSTEM_ADMINISTRATOR)
    others = queries.live(everyone, on=timezone.localdate(at)).filter(user__is_active=True).exclude(pk=assignment.pk)
    if not [one for one in others if one.organization.depth == 0]:
        raise InvalidInput("Đây là quản trị hệ thống cuối cùng. Giao vai trò này cho đồng chí khác trước khi thu hồi.")


@transaction.atomic
def revoke_role(assignment_id: int, *, actor: User, at: datetime) -> RoleAssignment:
    """Thu hồi vai trò, effective at the very next request; every session of the person ends ."""
    administrators = RoleAssignment.objects.filter(role=Role.SYSTEM_ADMINISTRATOR)
    if administrators.filter(pk=assignment_id).exists():  # two who revoke each other's wait in one line
        list(administrators.select_for_update(of=("self",)).order_by("pk"))
    assignment = (
        RoleAssignment.objects.select_for_update(of=("self",))
        .select_related("organization", "user")
        .get(pk=assignment_id)
    )
    policies.can_revoke(actor, assignment).require()
    if assignment.revoked_at is not None:
        raise InvalidInput("Vai trò này đã được thu hồi trước đó.")
    _require_another_administrator(assignment, at=at)
    assignment.revoked_at = at
    assignment.save(update_fields=["revoked_at"])
    account_services.end_sessions_of(assignment.user)
    audit.record(
        "role.revoked",
        assignment.organization,
        actor=actor,
        at=at,
        role=assignment.get_role_display(),
        name=assignment.user.full_name,
    )
    return assignment
