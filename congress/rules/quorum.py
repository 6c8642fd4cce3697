"""May the congress sit? The share is recalled, not read, so both possible bases are shown."""

from __future__ import annotations

from dataclasses import dataclass

from congress.rules.bases import Electorate
from congress.rules.findings import Step
from congress.rules.majority import TWO_THIRDS
from congress.rules.regimes import Regime


@dataclass(frozen=True, slots=True)
class Quorum:
    """``base`` decides; ``other_base`` is the reading not chosen by the regime (U-02), for people to see."""

    present: int
    base: int
    needed: int
    met: bool
    other_base: int
    other_needed: int
    other_met: bool

    @property
    def depends_on_reading(self) -> bool:
        return self.met is not self.other_met


def quorum(electorate: Electorate, regime: Regime) -> Quorum:
    """E-10 — Valid when at least two thirds of those called are present, equality included.

    Điều lệ Đảng, Điều 11 khoản 6 (recalled). The base of a members' congress is U-02: a parameter of the regime.
    With nobody called there is no quorum.
    """
    if electorate.present is None:
        raise ValueError("nobody has counted those present yet")
    share = regime.threshold("quorum", inclusive=True) or TWO_THIRDS
    readings = [electorate.resolution_base, electorate.summoned]
    if regime.parameter("quorum_base").value == "summoned":
        readings.reverse()
    needed, other_needed = (share.needed(max(base, 1)) for base in readings)
    present = electorate.present
    return Quorum(
        present,
        readings[0],
        needed,
        present >= needed,
        readings[1],
        other_needed,
        present >= other_needed,
    )


def quorum_steps(result: Quorum, regime: Regime) -> tuple[Step, ...]:
    """The comparison, and the other reading where it would decide otherwise."""
    verdict = "đủ điều kiện" if result.met else "chưa đủ điều kiện"
    decides = ("quorum", "quorum_base") if result.depends_on_reading else ("quorum",)
    text = f"Có mặt {result.present}; cần ít nhất hai phần ba của {result.base} là {result.needed}: {verdict}."
    steps = [regime.step("E-10", text, *decides)]
    if result.depends_on_reading:
        verdict = "đủ" if result.other_met else "chưa đủ"
        text = f"Nếu tính trên {result.other_base} thì cần {result.other_needed}: {verdict}."
        steps.append(regime.step("E-10", text, "quorum", "quorum_base"))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Representation:
    """How many of the organizations that sent delegates have one there."""

    called: int
    represented: int
    needed: int
    met: bool


def representation(called: int, represented: int, regime: Regime) -> Representation:
    """E-10 — A delegate congress needs two thirds of the organizations below represented, too, equality included."""
    share = regime.threshold("quorum", inclusive=True) or TWO_THIRDS
    needed = share.needed(max(called, 1))
    return Representation(called, represented, needed, represented >= needed)


def representation_step(result: Representation, regime: Regime) -> Step:
    verdict = "đủ điều kiện" if result.met else "chưa đủ điều kiện"
    text = (
        f"Có đại biểu của {result.represented} tổ chức đảng trực thuộc; cần ít nhất hai phần ba của "
        f"{result.called} là {result.needed}: {verdict}."
    )
    return regime.step("E-10", text, "quorum")
