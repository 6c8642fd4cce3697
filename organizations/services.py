"""Recorded acts on the tree, the rolls and the rights."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts import services as account_services
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from organizations import policies, queries
from organizations.models import (
    Member,
    MemberStanding,
    NodeType,
    Organization,
    OrganizationParent,
    Post,
    PostHolding,
    RoleAssignment,
    Succession,
)
from organizations.rules.names import fold, sort_text


def _place(organization: Organization, parent: Organization | None) -> None:
    """Store a new organization under its parent; the path needs the id, so it is written twice."""
    organization.parent = parent
    organization.depth = parent.depth + 1 if parent else 0
    organization.path = f"new/{organization.code}/"
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as taken:  # the same code under another parent, at the same moment
        message = f"Mã “{organization.code}” đã có. Chọn mã khác."
        raise InvalidInput(message, fields={"code": [message]}) from taken
    organization.path = f"{parent.path if parent else ''}{organization.pk}/"
    organization.save(update_fields=["path"])


@transaction.atomic
def found_organization(
    *, parent_id: int | None, actor: User | None, at: datetime, founded_on: date | None = None, **fields: Any
) -> Organization:
    """Thành lập tổ chức đảng under ``parent_id`` (None: the root, only by the installation itself).

    ``fields`` are those of ``Organization`` (code, name, symbol, node_type, …).
    Raises NotAllowed, or InvalidInput naming the field.
    """
    parent = Organization.objects.select_for_update().get(pk=parent_id) if parent_id else None
    if parent is not None and actor is not None:
        policies.can_manage_tree(actor, parent).require()
    if parent is None and actor is not None and Organization.objects.exists():
        raise InvalidInput(
            "Tổ chức mới phải có cấp trên trực tiếp. Chọn cấp trên rồi lưu lại.",
            fields={"parent": ["Chọn cấp trên trực tiếp của tổ chức."]},
        )
    if parent is not None and parent.node_type in (NodeType.BRANCH, NodeType.GRASSROOTS_BRANCH, NodeType.TEAM):
        if fields.get("node_type") != NodeType.TEAM:
            raise InvalidInput(
                f"{parent.name} là chi bộ, dưới chi bộ chỉ có tổ đảng. Chọn cấp trên khác.",
                fields={"node_type": ["Dưới chi bộ chỉ có tổ đảng."]},
            )
    if Organization.objects.filter(code=fields.get("code")).exists():
        raise InvalidInput(
            f"Mã “{fields['code']}” đã dùng cho tổ chức khác. Chọn mã khác.",
            fields={"code": [f"Mã “{fields['code']}” đã có. Chọn mã khác."]},
        )
    organization = Organization(founded_on=founded_on, **fields)
    organization.search_name = fold(f"{organization.name} {organization.code}")

    _place(organization, parent)
    if parent is not None:
        organization.parents.create(
            parent=parent, starts_on=founded_on or timezone.localdate(at), decision=organization.founding_decision
        )
    audit.record("organization.founded", organization, actor=actor, at=at, decision=organization.founding_decision)
    return organization


@transaction.atomic
def record_split(
    predecessor_id: int, successor_id: int, *, decision: str, decided_on: date, actor: User, at: datetime
) -> Succession:
    """Chia tách: the successor was founded out of the predecessor by a decision."""
    successor = Organization.objects.select_for_update().get(pk=successor_id)
    policies.can_manage_tree(actor, successor.parent or successor).require()
    succession = Succession.objects.create(
        predecessor_id=predecessor_id,
        successor=successor,
        kind=Succession.Kind.SPLIT,
        decided_on=decided_on,
        decision=decision,
    )
    audit.record(
        "organization.split", successor, actor=actor, at=at, decision=decision, source=str(succession.predecessor)
    )
    return succession


def _checked_member(fields: dict[str, Any]) -> dict[str, Any]:
    problems: dict[str, list[str]] = {}
    full_name = unicodedata.normalize("NFC", str(fields.get("full_name", ""))).strip()
    if len(full_name.split()) < 2:
        problems["full_name"] = ["Ghi đủ họ và tên của đồng chí, ví dụ “Nguyễn Văn An”."]
    born, admitted, official = (fields.get(name) for name in ("born_on", "admitted_on", "official_on"))
    if born and admitted and admitted < born.replace(year=born.year + 18, day=min(born.day, 28)):
        problems["admitted_on"] = ["Ngày vào Đảng phải sau khi đủ 18 tuổi. Kiểm tra lại ngày sinh và ngày vào Đảng."]
    if admitted and official and official < admitted:
        problems["official_on"] = ["Ngày chính thức không thể trước ngày vào Đảng."]
    if problems:
        raise InvalidInput("Thông tin đảng viên chưa đúng. Sửa các ô được nêu rồi lưu lại.", fields=problems)
    return {**fields, "full_name": full_name, "sort_name": sort_text(full_name), "search_name": fold(full_name)}


@transaction.atomic
def enroll_member(organization_id: int, *, actor: User, at: datetime, **fields: Any) -> Member:
    """Thêm đảng viên vào chi bộ. Raises NotAllowed or InvalidInput."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_roll(actor, organization).require()
    if not organization.is_branch:
        raise InvalidInput(f"{organization.name} không phải chi bộ; đảng viên sinh hoạt ở chi bộ. Chọn chi bộ.")
    member = Member.objects.create(organization=organization, **_checked_member(fields))
    audit.record("member.enrolled", member, actor=actor, at=at)
    return member


@transaction.atomic
def update_member(member_id: int, *, actor: User, at: datetime, **fields: Any) -> Member:
    """Sửa thông tin đảng viên. Raises NotAllowed or InvalidInput."""
    member = Member.objects.select_for_update().select_related("organization").get(pk=member_id)
    policies.can_manage_roll(actor, member.organization).require()
    changed = []
    for name, value in _checked_member(fields).items():
        field = Member._meta.get_field(name)
        if getattr(member, name) != value and field.editable:
            changed.append(f"{field.verbose_name} “{getattr(member, name) or ''}” thành “{value or ''}”")
        setattr(member, name, value)
    member.save()
    audit.record("member.updated", member, actor=actor, at=at, changed="; ".join(changed) or "không đổi")
    return member


@transaction.atomic
def set_standing(
    member_id: int,
    *,
    kind: str,
    starts_on: date,
    ground: str,
    accepted_by: str,
    actor: User,
    at: datetime,
    ends_on: date | None = None,
) -> MemberStanding:
    """Ghi diện của đảng viên (miễn sinh hoạt, tạm thời nơi khác, đình chỉ …) with ground and who accepted."""
    member = Member.objects.select_for_update().select_related("organization").get(pk=member_id)
    policies.can_manage_roll(actor, member.organization).require()
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(
            "Ngày kết thúc không thể trước ngày bắt đầu.", fields={"ends_on": ["Ngày kết thúc phải sau ngày bắt đầu."]}
        )
    standing = member.standings.create(
        kind=kind, starts_on=starts_on, ends_on=ends_on, ground=ground, accepted_by=accepted_by
    )
    audit.record("member.standing_set", member, actor=actor, at=at, kind=standing.get_kind_display(), ground=ground)
    return standing


@transaction.atomic
def end_standing(standing_id: int, *, ends_on: date, actor: User, at: datetime) -> MemberStanding:
    """Kết thúc diện của đảng viên on that day."""
    standing = MemberStanding.objects.select_for_update().select_related("member__organization").get(pk=standing_id)
    policies.can_manage_roll(actor, standing.member.organization).require()
    if ends_on < standing.starts_on:
        raise InvalidInput(
            "Ngày kết thúc không thể trước ngày bắt đầu.", fields={"ends_on": ["Ngày kết thúc phải sau ngày bắt đầu."]}
        )
    standing.ends_on = ends_on
    standing.save(update_fields=["ends_on"])
    audit.record("member.standing_ended", standing.member, actor=actor, at=at, kind=standing.get_kind_display())
    return standing


@transaction.atomic
def give_post(
    member_id: int,
    organization_id: int,
    post: str,
    *,
    starts_on: date,
    decision: str,
    actor: User,
    at: datetime,
) -> PostHolding:
    """Ghi chức vụ đảng (cấp ủy trên quyết định). A new secretary ends the former one's tenure the same day."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_tree(actor, organization).require()
    holding = record_post(member_id, organization, post, starts_on=starts_on, decision=decision)
    audit.record(
        "post.given", organization, actor=actor, at=at, post=holding.get_post_display(), name=str(holding.member)
    )
    return holding


def record_post(
    member_id: int, organization: Organization, post: str, *, starts_on: date, decision: str
) -> PostHolding:
    """The rows of a new post, for a caller that has asked its own policy and writes its own event."""
    if post == Post.SECRETARY:
        organization.posts.filter(post=post, ends_on__isnull=True).update(ends_on=starts_on)
    return organization.posts.create(member_id=member_id, post=post, starts_on=starts_on, decision=decision)


def end_posts(organization: Organization, *, on: date) -> None:
    """Every post still held at the organization ends that day (a new term begins)."""
    organization.posts.filter(ends_on__isnull=True).update(ends_on=on)


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
    organization = Organization.objects.get(pk=organization_id)
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


@transaction.atomic
def close_organization(
    organization_id: int, *, closed_on: date, decision: str, actor: User, at: datetime
) -> Organization:
    """Kết thúc hoạt động: the organization stays readable and takes no new congress."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_tree(actor, organization.parent or organization).require()
    if organization.children.filter(closed_on__isnull=True).exists():
        raise InvalidInput(
            f"{organization.name} còn tổ chức trực thuộc đang hoạt động. Chuyển hoặc kết thúc các tổ chức đó trước."
        )
    organization.closed_on = closed_on
    organization.save(update_fields=["closed_on"])
    OrganizationParent.objects.filter(organization=organization, ends_on__isnull=True).update(ends_on=closed_on)
    audit.record("organization.closed", organization, actor=actor, at=at, decision=decision)
    return organization


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
