"""Who may write, submit, review and approve a draft, and issue papers."""

from __future__ import annotations

from accounts.decisions import ALLOWED, Decision, all_of, denied
from accounts.models import User
from accounts.roles import Role
from congress.models import Congress
from documents.models import Document, IssuedPaper, ReviewRound
from organizations.authority import needs
from organizations.models import Organization


def can_write(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, Role.DRAFTER, at=congress.organization)


def can_submit(actor: User, document: Document) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, at=document.congress.organization)


def can_review(actor: User, document: Document, review_round: ReviewRound | None) -> Decision:
    """Cho ý kiến, yêu cầu chỉnh sửa: staff or approver of the deciding committee, and not who submitted."""
    return all_of(
        needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, at=document.congress.authority, exactly=True),
        not_submitter(actor, review_round),
    )


def can_approve(actor: User, document: Document, review_round: ReviewRound | None) -> Decision:
    return all_of(
        needs(actor, Role.APPROVER, at=document.congress.authority, exactly=True), not_submitter(actor, review_round)
    )


def not_submitter(actor: User, review_round: ReviewRound | None) -> Decision:
    if review_round is not None and review_round.opened_by_id == actor.pk:
        return denied("Người trình văn kiện không được tự xem xét. Đồng chí khác ở cấp ủy xem xét văn kiện này.")
    return ALLOWED


def can_retry(actor: User, paper: IssuedPaper) -> Decision:
    """Tạo lại tệp: those who record for the branch, and the committee whose paper it is."""
    if needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, at=paper.issuer, exactly=True):
        return ALLOWED
    return can_issue_minutes(actor, paper.congress)


def can_issue_minutes(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, at=congress.organization)


REPORTERS = (Role.COMMITTEE_STAFF, Role.APPROVER)
"""Who reports for a committee about the branches below it."""


def can_report(actor: User, organization: Organization) -> Decision:
    return needs(actor, *REPORTERS, at=organization, exactly=True)
