"""Who may prepare slates, count, seal and ratify."""

from __future__ import annotations

from accounts.decisions import ALLOWED, Decision, all_of, denied
from accounts.models import User
from accounts.roles import Role
from congress.models import Congress, Office
from elections.lifecycle import SEALED
from elections.models import BallotRound, Ratification, TallySheet
from organizations.authority import has_role, holds, needs


def can_prepare(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, Role.CLERK, at=congress.organization)


def is_head_teller(actor: User, congress: Congress) -> bool:
    return congress.officers.filter(office=Office.HEAD_TELLER, member__user=actor).exists()


def elected_tellers_with_account(congress: Congress) -> list[int]:
    """User ids of the tellers the congress elected, the head apart, who can sign in."""
    tellers = congress.officers.filter(office=Office.TELLER, member__user__is_active=True)
    return list(tellers.values_list("member__user_id", flat=True))


def can_enter_count(actor: User, ballot_round: BallotRound, congress: Congress) -> Decision:
    """A teller the congress elected; the role at the branch is enough only where none of those has an account.

    Never the head, who confirms (E-28), nor somebody on the slate (E-27), nor the branch secretary.
    """
    elected = elected_tellers_with_account(congress)
    return all_of(
        needs(actor, Role.TELLER, at=congress.organization, exactly=True),
        _unless(
            is_head_teller(actor, congress),
            "Trưởng ban kiểm phiếu xác nhận kết quả nên không nhập số liệu. Kiểm phiếu viên khác nhập.",
        ),
        _unless(
            ballot_round.candidates.filter(member__user=actor).exists(),
            "Đồng chí có tên trong danh sách bầu cử nên không nhập kết quả kiểm phiếu. Kiểm phiếu viên khác nhập.",
        ),
        _unless(
            has_role(actor, [Role.SECRETARY], congress.organization),
            "Bí thư chi bộ không nhập kết quả kiểm phiếu. Kiểm phiếu viên do đại hội bầu nhập.",
        ),
        _unless(
            bool(elected) and actor.pk not in elected,
            "Chỉ kiểm phiếu viên do đại hội bầu được nhập kết quả kiểm phiếu lần này.",
        ),
    )


def _unless(refused: bool, reason: str) -> Decision:
    return denied(reason) if refused else ALLOWED


def can_see_figures(actor: User, ballot_round: BallotRound, congress: Congress) -> Decision:
    """Before the seal the figures are the tellers' alone; after it everybody's who may see the congress."""
    return all_of(
        _unless(
            ballot_round.state != SEALED and not holds(actor, [Role.TELLER], congress.organization, exactly=True),
            "Kết quả kiểm phiếu chưa niêm phong nên chỉ ban kiểm phiếu được xem. "
            "Trưởng ban kiểm phiếu niêm phong xong thì mọi người xem được.",
        )
    )


def can_seal(actor: User, congress: Congress, sheet: TallySheet | None) -> Decision:
    """Xác nhận, niêm phong: the head teller, and not who typed the figures (E-28)."""
    return all_of(
        needs(actor, Role.TELLER, at=congress.organization),
        _unless(
            not is_head_teller(actor, congress),
            "Chỉ trưởng ban kiểm phiếu do đại hội bầu được xác nhận và niêm phong kết quả.",
        ),
        _unless(sheet is not None and sheet.entered_by_id == actor.pk, "Người nhập số liệu không được tự xác nhận."),
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
