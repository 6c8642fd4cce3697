"""Dated rights: roles granted and revoked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit, wording
from accounts import services as account_services
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from organizations import policies, queries
from organizations.models import RoleAssignment
from organizations.services import locks

A_DAY = timedelta(days=1)


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
    organization = locks.lock_place(organization_id)
    user = locks.lock_people([user_id])[user_id]
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


def _lasting_administrators(*, on: date) -> QuerySet[RoleAssignment]:
    """Those who administer the whole installation that day and with no end in sight."""
    everyone = RoleAssignment.objects.filter(role=Role.SYSTEM_ADMINISTRATOR, organization__depth=0)
    return queries.live(everyone, on=on).filter(user__is_active=True, ends_on__isnull=True)


def _require_another_administrator(assignment: RoleAssignment, *, at: datetime) -> None:
    """Raise InvalidInput when nobody else would administer the installation; the caller holds their locks."""
    if assignment.role != Role.SYSTEM_ADMINISTRATOR:
        return
    if not _lasting_administrators(on=timezone.localdate(at)).exclude(pk=assignment.pk).exists():
        raise InvalidInput("Đây là quản trị hệ thống cuối cùng. Giao vai trò này cho đồng chí khác trước khi thu hồi.")


@transaction.atomic
def revoke_role(assignment_id: int, *, actor: User, at: datetime) -> RoleAssignment:
    """Thu hồi vai trò, effective at the very next request; every session of the person ends."""
    assignment, _ = locks.lock_role(assignment_id)
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


@transaction.atomic
def hand_over(assignment_id: int, *, to_id: int, on: date, actor: User, at: datetime) -> list[RoleAssignment]:
    """Bàn giao: from the day ``on`` somebody else holds the roles; the day before is the last of the old holder.

    All roles that the person holds at that organization go together, but for that of a member, each to the day on
    which it would have ended; return the new ones. What a day ends or begins needs no task: each request asks for
    the roles of its day. Posts are not touched: they come from the congress. Raises NotAllowed or InvalidInput.
    """
    today = timezone.localdate(at)
    assignment, people = locks.lock_role(assignment_id, to_id)
    leaving, organization, coming = assignment.user, assignment.organization, people[to_id]
    held = _roles_handed_over(assignment, on=on)
    _check_hand_over(assignment, coming, held, on=on, today=today)
    for one in held:
        policies.can_revoke(actor, one).require()
        policies.can_grant(actor, Role(one.role), organization, to=coming).require()

    begun = [new for one in held for new in _passed_on(one, coming, on=on, actor=actor, at=at)]
    _require_an_administrator(held, on=max(on, today))
    if on <= today:
        account_services.end_sessions_of(leaving)
    account_services.end_sessions_of(coming)  # the next sign-in asks for what the new roles ask for
    audit.record(
        "role.handed_over",
        organization,
        actor=actor,
        at=at,
        roles=", ".join(one.get_role_display() for one in held),
        name=leaving.full_name,
        to=coming.full_name,
        on=wording.day(on),
    )
    return begun


def _roles_handed_over(assignment: RoleAssignment, *, on: date) -> list[RoleAssignment]:
    """Locked: the role itself and the person's others at that place which have not ended by that day."""
    rows = RoleAssignment.objects.select_for_update(of=("self",)).select_related("organization", "user")
    here = rows.filter(user=assignment.user, organization=assignment.organization, revoked_at__isnull=True)
    living = here.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).order_by("pk")
    return [one for one in living if one.pk == assignment.pk or one.role != Role.MEMBER]


def _check_hand_over(
    assignment: RoleAssignment, coming: User, held: list[RoleAssignment], *, on: date, today: date
) -> None:
    if on < today:
        message = "Ngày bàn giao không thể trước hôm nay: việc đã làm với vai trò cũ vẫn giữ nguyên."
        raise InvalidInput(message, fields={"from_day": [message]})
    if assignment.pk not in {one.pk for one in held}:
        over = f"hết ngày {wording.day(assignment.ends_on)}" if assignment.ends_on else "đã kết thúc"
        raise InvalidInput(
            f"Vai trò này {over}, từ ngày bàn giao không còn gì để bàn giao. "
            "Chọn ngày sớm hơn, hoặc giao vai trò mới cho đồng chí nhận."
        )
    if coming.pk == assignment.user_id:
        raise InvalidInput(
            "Người nhận phải là đồng chí khác.", fields={"user": ["Chọn đồng chí khác với người đang giữ vai trò."]}
        )
    if not coming.is_active:
        message = f"Tài khoản của đồng chí {coming.full_name} đã ngừng. Mở lại tài khoản rồi bàn giao."
        raise InvalidInput(message, fields={"user": [message]})


def _require_an_administrator(held: list[RoleAssignment], *, on: date) -> None:
    """As when such a role is revoked: somebody must administer the installation after the hand-over, without end."""
    if any(one.role == Role.SYSTEM_ADMINISTRATOR for one in held) and not _lasting_administrators(on=on).exists():
        raise InvalidInput(
            "Sau bàn giao này không còn ai quản trị toàn hệ thống lâu dài. "
            "Giao vai trò quản trị không thời hạn cho một đồng chí khác trước."
        )


def _passed_on(held: RoleAssignment, coming: User, *, on: date, actor: User, at: datetime) -> list[RoleAssignment]:
    """End one role the day before and begin it for the other, who may have it for part of that time already."""
    first, last, until = max(on, held.starts_on), on - A_DAY, held.ends_on
    if held.starts_on > last:  # it would end before it begins
        held.revoked_at = at
    else:
        held.ends_on = last
    held.save(update_fields=["ends_on", "revoked_at"])
    known = coming.assignments.filter(role=held.role, organization=held.organization, revoked_at__isnull=True)
    return [
        RoleAssignment.objects.create(
            user=coming,
            role=held.role,
            organization=held.organization,
            starts_on=start,
            ends_on=end,
            granted_by=actor,
        )
        for start, end in _not_covered(known.order_by("starts_on", "pk"), first, until)
    ]


def _not_covered(
    known: Iterable[RoleAssignment], first: date, until: date | None
) -> Iterator[tuple[date, date | None]]:
    """The stretches from ``first`` to ``until`` in which none of these roles holds; None: without end."""
    day = first
    for one in known:
        before = one.starts_on - A_DAY
        if day <= before and (until is None or day <= until):
            yield day, before if until is None else min(before, until)
        if one.ends_on is None:
            return
        day = max(day, one.ends_on + A_DAY)
    if until is None or day <= until:
        yield day, until
