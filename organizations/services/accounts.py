"""Accounts opened, reset, stopped and reopened by those who may manage them at a place in the tree."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import second_factor
from accounts import services as account_services
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from organizations import policies
from organizations.models import Member, RoleAssignment
from organizations.services import locks


@transaction.atomic
def open_account(
    organization_id: int,
    *,
    username: str,
    full_name: str,
    role: str,
    actor: User,
    at: datetime,
    member_id: int | None = None,
    phone: str = "",
    email: str = "",
    password: str | None = None,
    can_sign_in: bool = True,
) -> tuple[User, str]:
    """Mở tài khoản with one role at once; returns the user and the one-time password to hand over.

    The first sign-in must change that password; ``password`` and ``can_sign_in`` are for accounts that are
    not handed over to a person. Raises NotAllowed or InvalidInput.
    """
    organization = locks.lock_place(organization_id)
    policies.can_open_account(actor, organization).require()
    if Role(role) not in policies.grantable_by(actor, organization):
        raise InvalidInput(
            f"Đồng chí không có quyền giao vai trò “{Role(role).label}” tại {organization.name}.",
            fields={"role": ["Chọn vai trò đồng chí được phép giao."]},
        )
    member = None
    if member_id is not None:
        member = Member.objects.select_for_update().get(pk=member_id, organization=organization)
        if member.user_id is not None:
            raise InvalidInput(
                f"Đồng chí {member.full_name} đã có tài khoản “{member.user.username}”. "
                "Giao thêm vai trò cho tài khoản đó.",
                fields={"member": ["Đảng viên này đã có tài khoản."]},
            )
    user, handed_over = account_services.create_user(
        username=username,
        full_name=full_name,
        phone=phone,
        email=email,
        password=password,
        can_sign_in=can_sign_in,
        actor=actor,
        at=at,
        scope=organization,
        purpose=f", vai trò “{Role(role).label}” tại {organization.name}",
    )
    RoleAssignment.objects.create(
        user=user, role=role, organization=organization, starts_on=timezone.localdate(at), granted_by=actor
    )
    if member is not None:
        member.user = user
        member.save(update_fields=["user"])
    return user, handed_over


def _account(assignment_id: int, actor: User) -> RoleAssignment:
    """The assignment through which the account is reached, once the actor may manage that account."""
    assignment = RoleAssignment.objects.select_related("organization", "user").get(pk=assignment_id)
    policies.can_manage_account(actor, assignment).require()
    return assignment


@transaction.atomic
def reset_password(assignment_id: int, *, actor: User, at: datetime) -> str:
    """Đặt lại mật khẩu of the person who holds this role; returns the one-time password. Raises NotAllowed."""
    held = _account(assignment_id, actor)
    return account_services.reset_password(held.user_id, actor=actor, at=at, scope=held.organization)


@transaction.atomic
def deactivate_account(assignment_id: int, *, actor: User, at: datetime) -> User:
    """Ngừng tài khoản of the person who holds this role. Raises NotAllowed or InvalidInput."""
    held = _account(assignment_id, actor)
    return account_services.deactivate_user(held.user_id, actor=actor, at=at, scope=held.organization)


@transaction.atomic
def reactivate_account(assignment_id: int, *, actor: User, at: datetime) -> User:
    """Mở lại tài khoản of the person who holds this role. Raises NotAllowed or InvalidInput."""
    held = _account(assignment_id, actor)
    return account_services.reactivate_user(held.user_id, actor=actor, at=at, scope=held.organization)


@transaction.atomic
def reset_second_factor(assignment_id: int, *, actor: User, at: datetime) -> User:
    """Đặt lại xác thực hai bước of the person who holds this role. Raises NotAllowed or IllegalTransition."""
    held = _account(assignment_id, actor)
    return second_factor.reset(held.user_id, actor=actor, at=at, scope=held.organization)


@transaction.atomic
def end_sessions(assignment_id: int, *, actor: User, at: datetime) -> User:
    """Kết thúc mọi phiên đăng nhập of the person who holds this role, at their next request. Raises NotAllowed."""
    held = _account(assignment_id, actor)
    account_services.end_sessions(held.user_id, actor=actor, at=at, scope=held.organization)
    return held.user
