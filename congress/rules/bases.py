"""Who counts: two bases from one attendance, each with the deductions that made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from congress.rules.catalogue import CATALOGUE
from congress.rules.findings import Finding, Step, finding_from
from congress.rules.majority import votes_needed
from congress.rules.regimes import Regime


class Assembly(StrEnum):
    """Who meets: every member, elected delegates (E-14), or the committee that a congress elected."""

    MEMBERS = "members"
    DELEGATES = "delegates"
    MEETING = "meeting"


VOTERS = {
    Assembly.MEMBERS: "đảng viên chính thức",
    Assembly.DELEGATES: "đại biểu chính thức",
    Assembly.MEETING: "cấp ủy viên",
}
"""What those are called who vote there."""
EXCUSED = 3  # where the deductions below hold accepted absence


@dataclass(frozen=True, slots=True)
class Electorate:
    """Those who may vote in one vote, counted; the deductions exclude each other and anyone present.

    E-12 — ``resolution_base``. E-13 — ``election_base``. ``present`` is None while not yet counted.
    Probationary members and visitors are in none of the figures. In a delegate congress ``summoned`` are the
    official delegates, the convening committee among them; an alternate is present in the place of another.
    """

    summoned: int
    temporarily_elsewhere_absent: int = 0
    exempt_absent: int = 0
    suspended_or_prosecuted: int = 0
    excused_throughout: int = 0
    present: int | None = None
    convening_members_absent: int = 0
    unreplaced_absent: int = 0
    assembly: Assembly = Assembly.MEMBERS

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

        E-14 — Of a delegate congress: the delegates called, less the members of the convening committee absent
        throughout and the delegates absent throughout whom no alternate replaces.

        Quyết định 190-QĐ/TW, Điều 30 khoản 2, khoản 3 (244-QĐ/TW, Điều 32 khoản 2, khoản 3).
        """
        absent = self.excused_throughout + self.convening_members_absent + self.unreplaced_absent
        return self.resolution_base - absent

    def base_in(self, regime: Regime | None) -> int:
        """The election base as the regime reads accepted absence; deducting it is U-04, with the latest text for it."""
        deducted = regime is None or regime.parameter("excused_are_deducted").value
        return self.election_base if deducted else self.election_base + self.excused_throughout

    @property
    def base_rule(self) -> str:
        """The rule behind ``election_base``."""
        return "E-14" if self.assembly == Assembly.DELEGATES else "E-13"

    def findings(self) -> tuple[Finding, ...]:
        """Figures that cannot be: more deducted or present than were called."""
        return tuple(_impossible(self))

    def election_steps(self, regime: Regime, *, majority: bool = True) -> tuple[Step, ...]:
        """The base with each deduction, then the number needed; not where the most votes alone decide (E-53)."""
        base = self.base_in(regime)
        away = self._deductions()
        if base > self.election_base:
            away = (*away[:EXCUSED], *away[EXCUSED + 1 :])
        text = f"Cơ sở tính kết quả: {self._sum(away, base)}."
        unsettled = ("excused_are_deducted",) if self.excused_throughout else ()
        steps = [regime.step(self.base_rule, text, *unsettled)]
        if base > 0 and majority:
            text = f"Cần quá một nửa của {base}: ít nhất {votes_needed(base)} phiếu."
            steps.append(regime.step("E-51", text))
        return tuple(steps)

    def resolution_steps(self, regime: Regime) -> tuple[Step, ...]:
        """The base of card votes with each deduction."""
        text = f"Cơ sở tính biểu quyết: {self._sum(self._deductions()[:EXCUSED], self.resolution_base)}."
        return (regime.step("E-12", text),)

    def _sum(self, away: tuple[tuple[int, str], ...], base: int) -> str:
        sums = "".join(f" − {count} ({why})" for count, why in away if count)
        return f"triệu tập {self.summoned}{sums} = {base}" if sums else f"triệu tập {self.summoned}, không trừ ai"

    def _deductions(self) -> tuple[tuple[int, str], ...]:
        return (
            (self.temporarily_elsewhere_absent, "sinh hoạt tạm thời nơi khác, vắng mặt"),
            (self.exempt_absent, "miễn công tác và sinh hoạt, vắng mặt"),
            (self.suspended_or_prosecuted, "đình chỉ sinh hoạt, khởi tố, truy tố, tạm giam"),
            (self.excused_throughout, "vắng suốt đại hội, lý do được chấp nhận"),
            (self.convening_members_absent, "ủy viên cấp ủy triệu tập vắng suốt đại hội"),
            (self.unreplaced_absent, "đại biểu chính thức vắng suốt đại hội, không có đại biểu dự khuyết thay"),
        )

    def _figures(self) -> tuple[int, ...]:
        return (self.summoned, self.present or 0, *(count for count, _ in self._deductions()))


def _impossible(electorate: Electorate) -> Iterator[Finding]:
    base, present = electorate.election_base, electorate.present
    if any(figure < 0 for figure in electorate._figures()):
        yield finding_from(CATALOGUE, "F201", "A")
    elif base < 0:
        yield finding_from(CATALOGUE, "F202", "B", away=electorate.summoned - base, summoned=electorate.summoned)
    elif base == 0:
        yield finding_from(CATALOGUE, "F203", "C")
    if present is not None and present > base >= 0:
        yield finding_from(CATALOGUE, "F204", "D", present=present, base=base)
