"""How many more names than seats a slate must and may have."""

from __future__ import annotations

from elections.rules.case import COMMITTEES, Office


def surplus_required(office: Office) -> bool:
    """E-35 — A slate for a committee must have surplus; one for a single post or for delegates need not (E-41).

    Quyết định 190-QĐ/TW, Điều 14 khoản 1.
    """
    return office in COMMITTEES


def surplus_ceiling(seats: int, percent_at_most: int = 30) -> int:
    """E-36 — At most 30 % of the seats, rounded down, but one extra name is always allowed.

    Quyết định 190-QĐ/TW, Điều 14: 3–5 seats take exactly one extra; the rounding elsewhere is unsettled (U-08).
    """
    return max(1, seats * percent_at_most // 100)


def names_at_most(seats: int, percent_at_most: int = 30) -> int:
    return seats + surplus_ceiling(seats, percent_at_most)


def single_name_allowed(office: Office) -> bool:
    """E-41 — A slate for bí thư or phó bí thư may hold one name (agree/disagree) or more (strike-out)."""
    return not surplus_required(office)
