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


def can_print(actor: User, congress: Congress) -> Decision:
    """In phiếu bầu, phiếu kiểm: who prepares the slate, and the tellers who hand the ballots out."""
    return needs(actor, Role.SECRETARY, Role.CLERK, Role.TELLER, at=congress.organization)


def is_head_teller(actor: User, congress: Congress) -> bool:
    return congress.officers.filter(office=Office.HEAD_TELLER, member__user=actor).exists()


def people_who_may_sit(congress: Congress) -> list[int]:
    """User ids of those who may type a count: two at least, so that nobody's figures stand alone (E-28).

    The tellers the congress elected; with fewer than two of them able to sign in the head joins. Nobody else (E-27).
    """
    board = congress.officers.filter(office__in=[Office.TELLER, Office.HEAD_TELLER], member__user__is_active=True)
    found = list(board.values_list("office", "member__user_id"))
    tellers = [pk for office, pk in found if office == Office.TELLER]
    if len(tellers) >= 2:
        return tellers
    return tellers + [pk for office, pk in found if office == Office.HEAD_TELLER]


def can_enter_count(actor: User, ballot_round: BallotRound, congress: Congress) -> Decision:
    """Of those who may sit, nobody on the slate (E-27) and not the branch secretary.

    The head confirms (E-28) and types only on a board without two others who can sign in.
    """
    may_sit = people_who_may_sit(congress)
    return all_of(
        _board_work(actor, congress, what="nhập kết quả kiểm phiếu"),
        _not_on_slate(actor, ballot_round, what="nhập kết quả kiểm phiếu"),
        _unless(
            actor.pk not in may_sit and is_head_teller(actor, congress),
            "Trưởng ban kiểm phiếu xác nhận kết quả nên không nhập số liệu. Hai kiểm phiếu viên khác nhập.",
        ),
        _unless(
            actor.pk not in may_sit,
            congress.said("Chỉ kiểm phiếu viên do đại hội bầu được nhập kết quả kiểm phiếu lần này."),
        ),
    )


def can_keep_ledger(actor: User, ballot_round: BallotRound, congress: Congress) -> Decision:
    """Ghi sổ phiếu, bắt đầu kiểm phiếu: the board, its head among them (E-28)."""
    return all_of(
        _board_work(actor, congress, what="giữ sổ phiếu"),
        _not_on_slate(actor, ballot_round, what="giữ sổ phiếu"),
        _unless(
            not is_head_teller(actor, congress) and actor.pk not in people_who_may_sit(congress),
            congress.said("Chỉ ban kiểm phiếu do đại hội bầu được giữ sổ phiếu và mở kiểm phiếu."),
        ),
    )


def _not_on_slate(actor: User, ballot_round: BallotRound, *, what: str) -> Decision:
    return _unless(
        ballot_round.candidates.filter(member__user=actor).exists(),
        f"Đồng chí có tên trong danh sách bầu cử nên không {what}. Kiểm phiếu viên khác làm.",
    )


def _board_work(actor: User, congress: Congress, *, what: str) -> Decision:
    return all_of(
        needs(actor, Role.TELLER, at=congress.organization, exactly=True),
        _unless(
            has_role(actor, [Role.SECRETARY], congress.organization),
            congress.said(f"Bí thư chi bộ không {what}. Kiểm phiếu viên do đại hội bầu làm."),
        ),
    )


def can_head_the_board(actor: User, ballot_round: BallotRound, congress: Congress) -> Decision:
    """What the head of the board alone does: hủy sổ, kết luận, bỏ lần kiểm, mở kiểm đếm lại, niêm phong (E-28).

    Of a round on whose slate he stands he does none of it (E-27).
    """
    return all_of(
        _board_work(actor, congress, what="làm việc của trưởng ban kiểm phiếu"),
        _not_on_slate(actor, ballot_round, what="làm việc của trưởng ban kiểm phiếu"),
        _unless(
            not is_head_teller(actor, congress),
            congress.said("Việc này do trưởng ban kiểm phiếu do đại hội bầu làm."),
        ),
    )


def _unless(refused: bool, reason: str) -> Decision:
    return denied(reason) if refused else ALLOWED


def can_see_figures(actor: User, ballot_round: BallotRound, congress: Congress) -> Decision:
    """Before the seal the figures are the elected board's alone; after it everybody's who may see the congress.

    Who stands and the bí thư do not see them, whatever rights their accounts hold.
    """
    if ballot_round.state == SEALED:
        return ALLOWED
    board = congress.officers.filter(office__in=[Office.TELLER, Office.HEAD_TELLER])
    what = "xem số liệu kiểm phiếu chưa niêm phong"
    return all_of(
        _unless(
            not holds(actor, [Role.TELLER], congress.organization, exactly=True)
            or not board.filter(member__user=actor).exists(),
            "Kết quả kiểm phiếu chưa niêm phong nên chỉ ban kiểm phiếu được xem. "
            "Trưởng ban kiểm phiếu niêm phong xong thì mọi người xem được.",
        ),
        _not_on_slate(actor, ballot_round, what=what),
        _board_work(actor, congress, what=what),
    )


def can_seal(actor: User, ballot_round: BallotRound, congress: Congress, sheet: TallySheet | None) -> Decision:
    """Xác nhận, niêm phong: the head teller, and not who is named first as having typed the figures (E-28)."""
    return all_of(
        can_head_the_board(actor, ballot_round, congress),
        _unless(sheet is not None and sheet.entered_by_id == actor.pk, "Người nhập số liệu không được tự xác nhận."),
    )


def can_handle_signed_sheet(actor: User, congress: Congress) -> Decision:
    """Tải lên, đọc lại biên bản đã ký: of the branch; that it takes two people is held by the service and database."""
    return needs(actor, Role.TELLER, Role.SECRETARY, Role.CLERK, at=congress.organization)


def can_report(actor: User, congress: Congress) -> Decision:
    return needs(actor, Role.SECRETARY, at=congress.organization)


def can_handle_complaints(actor: User, congress: Congress) -> Decision:
    """Ghi, kết luận đơn về bầu cử: the deciding committee, whose inspection verifies them (E-67)."""
    return needs(actor, Role.COMMITTEE_STAFF, Role.APPROVER, at=congress.authority)


def can_ratify(actor: User, congress: Congress, ratification: Ratification | None) -> Decision:
    """Chuẩn y: the approver at the deciding committee itself, and not who submitted (E-65)."""
    return all_of(
        needs(actor, Role.APPROVER, at=congress.authority, exactly=True),
        denied("Người trình không được tự chuẩn y. Đồng chí khác có thẩm quyền xem xét hồ sơ này.")
        if ratification is not None and ratification.submitted_by_id == actor.pk
        else ALLOWED,
    )
