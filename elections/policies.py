"""Who may prepare slates, count, seal and ratify."""

from __future__ import annotations

from accounts.decisions import ALLOWED, Decision, all_of, denied
from accounts.models import User
from accounts.roles import Role
from congress.models import Congress, Office
from elections.models import Ratification, TallySheet
from organizations.authority import needs


def can_prepare(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, at=congress.organization)


def is_head_teller(actor: User, congress: Congress) -> bool:
    return congress.officers.filter(office=Office.HEAD_TELLER, member__user=actor).exists()


def is_teller(actor: User, congress: Congress) -> bool:
    return congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER], member__user=actor).exists()


def can_enter_count(actor: User, congress: Congress) -> Decision:
    """A teller the congress elected, or one who only holds the role when the elected ones have no account."""
    return all_of(
        needs(actor, Role.TELLER, at=congress.organization),
        denied("Trưởng ban kiểm phiếu xác nhận kết quả nên không nhập số liệu. Kiểm phiếu viên khác nhập.")
        if is_head_teller(actor, congress)
        else ALLOWED,
    )


def can_seal(actor: User, congress: Congress, sheet: TallySheet | None) -> Decision:
    """Xác nhận, niêm phong: the head teller, and not who typed the figures (E-28)."""
    return all_of(
        needs(actor, Role.TELLER, at=congress.organization),
        ALLOWED
        if is_head_teller(actor, congress)
        else denied("Chỉ trưởng ban kiểm phiếu do đại hội bầu được xác nhận và niêm phong kết quả."),
        denied("Người nhập số liệu không được tự xác nhận.")
        if sheet is not None and sheet.entered_by_id == actor.pk
        else ALLOWED,
    )


def can_report(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, at=congress.organization)


def can_ratify(actor: User, congress: Congress, ratification: Ratification | None) -> Decision:
    """Chuẩn y: the approver at the deciding committee itself, and not who submitted (E-65)."""
    return all_of(
        needs(actor, Role.APPROVER, at=congress.authority, exactly=True),
        denied("Người trình không được tự chuẩn y. Đồng chí khác có thẩm quyền xem xét hồ sơ này.")
        if ratification is not None and ratification.submitted_by_id == actor.pk
        else ALLOWED,
    )
