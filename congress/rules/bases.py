"""Who counts: two bases from one attendance, each with the deductions that made it."""

from __future__ import annotations

from dataclasses import dataclass

from congress.rules.findings import Finding, Step
from congress.rules.majority import votes_needed
from congress.rules.regimes import Regime


@dataclass(frozen=True, slots=True)
class Electorate:
    """Official members of one vote, counted; the four deductions exclude each other and anyone present.

    E-12 — ``resolution_base``. E-13 — ``election_base``. ``present`` is None while not yet counted.
    Probationary members and visitors are in none of the figures.
    """

    summoned: int
    temporarily_elsewhere_absent: int = 0
    exempt_absent: int = 0
    suspended_or_prosecuted: int = 0
    excused_throughout: int = 0
    present: int | None = None

    @property
    def resolution_base(self) -> int:
        """E-12 — Base of card votes: those called without the temporarily elsewhere and the exempt who are absent.

        Absence for work does not reduce it. Suspended members are not called at all (E-09), so they go too.
        Quy định 294-QĐ/TW, điểm 9.3.2.
        """
        away = self.temporarily_elsewhere_absent + self.exempt_absent + self.suspended_or_prosecuted
        return self.summoned - away

    @property
    def election_base(self) -> int:
        """E-13 — Base D of election results: E-12 less those absent throughout with an accepted reason.

        Quyết định 190-QĐ/TW, Điều 30 khoản 2 (244-QĐ/TW, Điều 32 khoản 2).
        """
        return self.resolution_base - self.excused_throughout

    def findings(self) -> tuple[Finding, ...]:
        """Figures that cannot be: more deducted or present than were called."""
        return tuple(_impossible(self))

    def election_steps(self, regime: Regime) -> tuple[Step, ...]:
        """The base with each deduction, then the number needed."""
        base = self.election_base
        sums = "".join(f" − {count} ({why})" for count, why in self._deductions() if count)
        steps = [Step("E-13", f"Cơ số tính kết quả: triệu tập {self.summoned}{sums} = {base}.", regime.cite("E-13"))]
        if base > 0:
            text = f"Cần quá một nửa của {base}: ít nhất {votes_needed(base)} phiếu."
            steps.append(Step("E-51", text, regime.cite("E-51")))
        return tuple(steps)

    def resolution_steps(self, regime: Regime) -> tuple[Step, ...]:
        """The base of card votes with each deduction."""
        sums = "".join(f" − {count} ({why})" for count, why in self._deductions()[:3] if count)
        text = f"Cơ số biểu quyết: triệu tập {self.summoned}{sums} = {self.resolution_base}."
        return (Step("E-12", text, regime.cite("E-12")),)

    def _deductions(self) -> tuple[tuple[int, str], ...]:
        return (
            (self.temporarily_elsewhere_absent, "sinh hoạt tạm thời nơi khác, vắng mặt"),
            (self.exempt_absent, "miễn công tác và sinh hoạt, vắng mặt"),
            (self.suspended_or_prosecuted, "đình chỉ sinh hoạt, khởi tố, truy tố, tạm giam"),
            (self.excused_throughout, "vắng suốt đại hội, lý do được chấp nhận"),
        )


def _impossible(electorate: Electorate) -> list[Finding]:
    found = []
    negative = [name for name in electorate.__slots__ if (getattr(electorate, name) or 0) < 0]
    if negative:
        found.append(_finding("F201", "Số đảng viên không thể là số âm.", "A"))
    elif electorate.election_base < 0:
        away = electorate.summoned - electorate.election_base
        found.append(
            _finding("F202", f"Trừ {away} đảng viên nhưng chỉ triệu tập {electorate.summoned} đảng viên.", "B")
        )
    elif electorate.election_base == 0:
        found.append(_finding("F203", "Không còn đảng viên nào để tính kết quả bầu cử.", "C"))
    elif electorate.present is not None and electorate.present > electorate.election_base:
        text = (
            f"Có mặt {electorate.present} đảng viên chính thức nhưng sau khi trừ số vắng mặt"
            f" chỉ còn {electorate.election_base}."
        )
        found.append(_finding("F204", text, "D"))
    return found


def _finding(code: str, message: str, field: str) -> Finding:
    todo = "Thư ký đối chiếu lại danh sách triệu tập, danh sách có mặt và từng trường hợp được trừ."
    return Finding(code, "error", "E-13", message, field, todo)
