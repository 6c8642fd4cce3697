"""Who may change the tree, the rolls and the rights."""

from __future__ import annotations

from accounts.decisions import ALLOWED, Decision, all_of, denied
from accounts.models import User
from accounts.roles import Role
from organizations.authority import holds, needs
from organizations.models import AccessLink, Member, Organization, RoleAssignment
from organizations.queries import not_yet_ended

GRANTABLE: dict[Role, tuple[Role, ...]] = {
    Role.SYSTEM_ADMINISTRATOR: tuple(Role),
    Role.COMMITTEE_STAFF: (Role.SECRETARY, Role.CLERK, Role.DRAFTER, Role.TELLER, Role.MEMBER),
    Role.SECRETARY: (Role.CLERK, Role.DRAFTER, Role.MEMBER),
}
"""Role held → roles it may hand out at its own place and below.

Tellers are the superior's: two of them type a count blind, and nobody in the branch may come to hold both passwords.
"""


def grantable_by(user: User, organization: Organization) -> list[Role]:
    """The roles this user may give at this organization, in the order of ``Role``."""
    allowed = {role for holder, roles in GRANTABLE.items() if holds(user, [holder], organization) for role in roles}
    return [role for role in Role if role in allowed]


def can_grant(actor: User, role: Role, organization: Organization, *, to: User) -> Decision:
    return all_of(
        denied("Không ai tự giao vai trò cho chính mình. Đề nghị quản trị hệ thống hoặc cấp trên giao.")
        if actor.pk == to.pk
        else ALLOWED,
        ALLOWED
        if role in grantable_by(actor, organization)
        else denied(f"Đồng chí không có quyền giao vai trò “{Role(role).label}” tại {organization.name}."),
    )


def can_revoke(actor: User, assignment: RoleAssignment) -> Decision:
    if Role(assignment.role) in grantable_by(actor, assignment.organization):
        return ALLOWED
    return denied(f"Đồng chí không có quyền thu hồi vai trò “{assignment.get_role_display()}”.")


def can_manage_tree(actor: User, organization: Organization) -> Decision:
    return needs(actor, Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, at=organization)


def can_manage_roll(actor: User, organization: Organization) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, Role.COMMITTEE_STAFF, Role.SYSTEM_ADMINISTRATOR, at=organization)


def can_open_account(actor: User, organization: Organization) -> Decision:
    if grantable_by(actor, organization):
        return ALLOWED
    return denied(f"Đồng chí không có quyền mở tài khoản tại {organization.name}.")


SLIP_KEEPERS = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF)
"""Who makes accounts for the secretaries below in one go, and holds their sealed slips."""


def can_make_accounts(actor: User, organization: Organization) -> Decision:
    return needs(actor, *SLIP_KEEPERS, at=organization)


def can_link_account(actor: User, member: Member) -> Decision:
    return can_open_account(actor, member.organization)


def can_manage_account(actor: User, assignment: RoleAssignment) -> Decision:
    """Đặt lại mật khẩu, ngừng, mở lại: whoever may hand out every role that the person holds anywhere, or soon will.

    Otherwise a branch secretary could sign in as an approver who also helps in the branch, or as both tellers.
    """
    person = assignment.user
    if actor.pk == person.pk:
        return denied("Không ai tự xử lý tài khoản của chính mình. Đề nghị quản trị hệ thống hoặc cấp trên thực hiện.")
    for held in [assignment, *not_yet_ended(person)]:
        if Role(held.role) not in grantable_by(actor, held.organization):
            return denied(
                f"Đồng chí {person.full_name} giữ vai trò “{held.get_role_display()}” tại {held.organization.name}, "
                "ngoài quyền của đồng chí. Đề nghị chuyên viên cấp ủy cấp trên hoặc quản trị hệ thống thực hiện."
            )
    return ALLOWED


LINK_KEEPERS = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, Role.APPROVER)
"""Who hangs up a wall, and takes down whatever is open without signing in about their organizations."""


def can_make_link(actor: User, kind: str, organization: Organization) -> Decision:
    """A wall is the office's; a calendar of one's own needs no more than a role there."""
    return needs(actor, *(LINK_KEEPERS if kind == AccessLink.Kind.WALL else Role), at=organization)


def can_revoke_link(actor: User, link: AccessLink) -> Decision:
    return ALLOWED if link.owner_id == actor.pk else needs(actor, *LINK_KEEPERS, at=link.organization)
