"""Who may plan, prepare, clear, run and close a congress."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.decisions import ALLOWED, Decision, all_of, denied
from accounts.models import User
from accounts.roles import Role
from congress.models import ClearanceRequest, Congress
from organizations.authority import needs
from organizations.models import DECIDING_TYPES, Organization


def _plans_itself(organization: Organization) -> bool:
    """A chi bộ and what lies below it: its secretary and clerk plan, where a committee has its staff and approver."""
    return organization.is_branch or organization.node_type not in DECIDING_TYPES


def can_draft_plan(actor: User, organization: Organization) -> Decision:
    of_the_branch = (Role.SECRETARY, Role.CLERK) if _plans_itself(organization) else ()
    return needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, *of_the_branch, at=organization)


def can_issue_plan(actor: User, organization: Organization) -> Decision:
    of_the_branch = (Role.SECRETARY,) if _plans_itself(organization) else ()
    return needs(actor, Role.APPROVER, *of_the_branch, at=organization, exactly=True)


def can_guide(actor: User, organization: Organization) -> Decision:
    """Subcommittees of a round, letters and guidance to those below."""
    return needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, at=organization)


def can_answer_for(actor: User, organization: Organization, roles: Sequence[Role]) -> Decision:
    """Confirm for a body what it was sent: those who hold a role there itself."""
    return needs(actor, *roles, at=organization, exactly=True)


def can_schedule(actor: User, congress: Congress) -> Decision:
    """Days and done marks of the timeline: the branch's own people, and those of the committees above it."""
    roles = (Role.SECRETARY, Role.CLERK, Role.COMMITTEE_STAFF, Role.APPROVER)
    return needs(actor, *roles, at=congress.organization)


def can_answer_deviation(actor: User, congress: Congress, asked_by_id: int | None) -> Decision:
    """Trả lời đề nghị làm khác: the approver at the deciding committee itself, and not who asked."""
    return all_of(
        needs(actor, Role.APPROVER, at=congress.authority, exactly=True),
        denied("Người đề nghị không được tự trả lời. Đồng chí khác có thẩm quyền xem xét đề nghị này.")
        if asked_by_id == actor.pk
        else ALLOWED,
    )


def can_prepare(actor: User, congress: Congress) -> Decision:
    """Date, place, papers, roll: the branch's own secretary and clerk."""
    return needs(actor, Role.SECRETARY, Role.CLERK, at=congress.organization)


def can_submit(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, at=congress.organization)


def can_clear(actor: User, congress: Congress, request: ClearanceRequest | None) -> Decision:
    """Duyệt đại hội: the approver at the deciding committee itself, and not who submitted."""
    return all_of(
        needs(actor, Role.APPROVER, at=congress.authority, exactly=True),
        denied("Người trình duyệt không được tự duyệt. Đồng chí khác có thẩm quyền xem xét hồ sơ này.")
        if request is not None and request.submitted_by_id == actor.pk
        else ALLOWED,
    )


def can_run(actor: User, congress: Congress) -> Decision:
    """Điều hành, ghi diễn biến: the branch's secretary or clerk."""
    return needs(actor, Role.SECRETARY, Role.CLERK, at=congress.organization)


def can_choose_pilot(actor: User, congress: Congress, level: Organization) -> Decision:
    return needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, at=level, exactly=True)


def can_complete_dossier(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, at=congress.organization)


def can_reopen_dossier(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.APPROVER, at=congress.authority, exactly=True)
