"""Delegates to the superior congress: official ones first, then alternates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from congress.rules.findings import Finding, Step
from congress.rules.regimes import Regime, by_default
from elections.rules.catalogue import finding
from elections.rules.outcome import fill, ranked


@dataclass(frozen=True, slots=True)
class Alternates:
    """Who serves as alternate, who ties for the last such seats, and how many seats a separate vote has to fill.

    ``waiting`` is True while official seats are open: alternates come after them.
    """

    named: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    open_seats: int = 0
    waiting: bool = False


def settle_alternates(
    support: Mapping[str, int],
    elected: Collection[str],
    *,
    needed: int,
    open_seats: int,
    wanted: int,
    regime: Regime | None = None,
) -> Alternates:
    """E-58 — When the official seats are full, others above half become alternates from high to low.

    Quyết định 190-QĐ/TW, Điều 18 (244-QĐ/TW, Điều 20); that they need no vote of their own is recalled, so it
    is a parameter of the regime. ``wanted`` alternates is what the congress decided; ``support`` is in slate order.
    """
    if open_seats:
        return Alternates(open_seats=wanted, waiting=True)
    if not from_the_same_ballot(regime):
        return Alternates(open_seats=wanted)
    others = {name: votes for name, votes in support.items() if name not in elected}
    outcome = fill(ranked(others, at_least=needed), others, seats=wanted) if wanted else None
    return Alternates(outcome.elected, outcome.tied, outcome.open_seats) if outcome else Alternates()


def from_the_same_ballot(regime: Regime | None = None) -> bool:
    return bool((regime or by_default()).parameter("alternates_from_same_ballot").value)


def same_ballot_step(regime: Regime) -> Step:
    """E-58 — Why nobody votes on these alternates; recalled, so a parameter of the regime."""
    text = (
        "Đã đủ đại biểu chính thức: những người khác được quá một nửa là đại biểu dự khuyết, theo số phiếu từ cao "
        "xuống thấp."
    )
    return regime.step("E-58", text, "alternates_from_same_ballot")


def alternate_findings(
    alternates: Alternates,
    support: Mapping[str, int],
    regime: Regime | None = None,
    names: Mapping[str, str] | None = None,
) -> Iterator[Finding]:
    """E-58 — What is left for a separate vote on alternates: a tie at the last seat, or seats nobody fills."""
    if alternates.waiting:
        return
    if alternates.tied:
        who = ", ".join((names or {}).get(name, name) for name in alternates.tied)
        figures = {"support": support[alternates.tied[0]], "seats": alternates.open_seats}
        yield finding("W706", "", regime, names=who, **figures)
    elif alternates.open_seats:
        yield finding("W707", seats=alternates.open_seats)
