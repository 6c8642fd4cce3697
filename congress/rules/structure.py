"""Structure numbers of a committee: indications that only warn, as dated data with source and certainty."""

from __future__ import annotations

from datetime import date

BANDS = (("Dưới 40 tuổi", 0, 39), ("Từ 40 đến 50 tuổi", 40, 50), ("Trên 50 tuổi", 51, 200))
"""(label, from, to) in full years: the three age bands of Chỉ thị 35-CT/TW ngày 30/5/2019."""

YOUNG = (
    (date(2014, 1, 1), 40, "Chỉ thị 36-CT/TW ngày 30/5/2014", "reported"),
    (date(2024, 6, 14), 42, "Chỉ thị 35-CT/TW ngày 14/6/2024", "unverified"),
)
"""(from the day, below this age, source, certainty)."""


def band_of(age: int) -> str:
    """The band in which that age falls."""
    return next(label for label, first, last in BANDS if first <= age <= last)


def young_below(on: date) -> int:
    """The age below which a member counts as young for a congress on that day; the first text's before all texts."""
    return next((age for since, age, _, _ in reversed(YOUNG) if since <= on), YOUNG[0][1])
