"""Who may plan, prepare, clear, run and close a congress."""

from __future__ import annotations

from accounts.decisions import ALLOWED, Decision, all_of, denied
from accounts.models import User
from accounts.roles import Role
from congress.models import ClearanceRequest, Congress
from organizations.authority import needs
from organizations.models import Organization


def can_draft_plan(actor: User, organization: Organization) -> Decision:
    return needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, at=organization)


def can_issue_plan(actor: User, organization: Organization) -> Decision:
    return needs(actor, Role.APPROVER, at=organization, exactly=True)


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
