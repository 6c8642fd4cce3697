"""How many more names than seats a slate must and may have."""

from __future__ import annotations

from congress.rules.regimes import Regime, by_default
from elections.rules.case import COMMITTEES, Office

SMALL = 5  # seats of a committee small enough for exactly one extra name, whatever the percentage


def surplus_required(office: Office) -> bool:
    """E-35 — A slate for a committee must have surplus; one for a single post or for delegates need not (E-41).

    Quyết định 190-QĐ/TW, Điều 14 khoản 1.
    """
    return office in COMMITTEES


def surplus_ceiling(seats: int, percent_at_most: int = 30, *, rounding: str = "down") -> int:
    """E-36 — At most 30 % of the seats, but one extra name is always allowed and 3–5 seats take exactly one.

    Quyết định 190-QĐ/TW, Điều 14; whether a fraction is rounded "down" or "up" elsewhere is unsettled (U-08).
    """
    if seats <= SMALL:
        return 1
    share = seats * percent_at_most
    return max(1, -(-share // 100) if rounding == "up" else share // 100)


def names_at_most(seats: int, percent_at_most: int = 30, *, rounding: str = "down") -> int:
    return seats + surplus_ceiling(seats, percent_at_most, rounding=rounding)


def names_at_most_in(regime: Regime | None, seats: int) -> int:
    """The longest list for so many seats under a regime; under the latest one while none is known."""
    known = regime or by_default()
    rounding = str(known.parameter("surplus_rounding").value)
    return names_at_most(seats, percent_of(known), rounding=rounding)


def percent_of(regime: Regime) -> int:
    percent = regime.number("surplus_percent_at_most")
    if percent is None:
        raise ValueError("the regime sets no surplus_percent_at_most")
    return percent


def rounding_decides(regime: Regime | None, seats: int, names: int) -> bool:
    """U-08 — Whether this many names are too many by one way of rounding and not by the other."""
    percent = percent_of(regime or by_default())
    down, up = (names_at_most(seats, percent, rounding=way) for way in ("down", "up"))
    return down < names <= up


def single_name_allowed(office: Office) -> bool:
    """E-41 — A slate for bí thư or phó bí thư may hold one name (agree/disagree) or more (strike-out)."""
    return not surplus_required(office)
