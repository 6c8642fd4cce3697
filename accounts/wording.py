"""Dates, times and figures in the words of a Vietnamese office. Plain Python: pages and charts both say them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
NO_BREAK = "\N{NO-BREAK SPACE}"


def day(value: date) -> str:
    """29/6/2022."""
    return f"{value.day}/{value.month}/{value.year}"


def day_in_full(value: date) -> str:
    """thứ tư, ngày 29/6/2022."""
    return f"{WEEKDAYS[value.weekday()]}, ngày {day(value)}"


def half_day(value: datetime) -> str:
    """chiều 29/6/2022; the caller has already put the moment into local time."""
    if value.hour < 12:
        part = "sáng"
    elif value.hour < 18:
        part = "chiều"
    else:
        part = "tối"
    return f"{part} {day(value)}"


def moment(value: datetime) -> str:
    """14:05 ngày 29/6/2022; the caller has already put the moment into local time."""
    return f"{value.hour}:{value.minute:02d} ngày {day(value)}"


WORKING_YEAR = 250


def working_days(left: int) -> str:
    """còn 3 ngày làm việc · hạn hôm nay · quá hạn 2 ngày làm việc; past a year the count says nothing any more."""
    if left < -WORKING_YEAR:
        return "quá hạn hơn một năm"
    if left > 0:
        return f"còn {left} ngày làm việc"
    if left == 0:
        return "hạn hôm nay"
    return f"quá hạn {-left} ngày làm việc"


def number(value: int | float | Decimal | str, places: int | None = None) -> str:
    """1.234,5: point between thousands, comma before decimals; without `places`, as many decimals as there are."""
    exact = Decimal(str(value))
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    plain = f"{exact:,f}"
    if places is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(str.maketrans(",.", ".,"))


def percent(value: int | float | Decimal | str, places: int = 2) -> str:
    """18,18 %; at most two decimals, none that are zero. For people only: no rule reads it."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{number(exact.normalize() + 0)}{NO_BREAK}%"


def share(part: int, whole: int) -> str:
    """`part` of `whole` in percent; an empty whole has no share."""
    if whole == 0:
        return "–"
    return percent(Decimal(100 * part) / Decimal(whole))


def initials(full_name: str) -> str:
    """First letters of the family name and of the given name (NA for Nguyễn Văn An); notes in brackets do not count."""
    words = [word for word in full_name.split() if word[0].isalpha()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
