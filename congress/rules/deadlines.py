"""Periods in working days. Holidays and worked Saturdays come in as data: the clock is the caller's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from congress.rules.convening import months_from

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date], *, made_up: Collection[date] = ()) -> bool:
    """U-18 — Saturdays, Sundays and holidays are not worked, save days worked in exchange (``made_up``)."""
    return day in made_up or (day.weekday() < SATURDAY and day not in holidays)


def working_days_after(start: date, days: int, holidays: Collection[date], *, made_up: Collection[date] = ()) -> date:
    """U-18 — The last day of a period of ``days`` working days; the day after ``start`` is the first."""
    if days < 0:
        raise ValueError(f"a period cannot have {days} days")
    day = start
    while days:
        day += ONE_DAY
        days -= is_working_day(day, holidays, made_up=made_up)
    return day


def working_days_before(end: date, days: int, holidays: Collection[date], *, made_up: Collection[date] = ()) -> date:
    """U-18 — The day ``days`` working days before ``end``; the day before ``end`` is the first."""
    if days < 0:
        raise ValueError(f"a period cannot have {days} days")
    day = end
    while days:
        day -= ONE_DAY
        days -= is_working_day(day, holidays, made_up=made_up)
    return day


def working_days_between(start: date, end: date, holidays: Collection[date], *, made_up: Collection[date] = ()) -> int:
    """Working days after ``start`` up to and with ``end``: "the 10th working day"; 0 when ``end`` is not later."""
    span = range(1, (end - start).days + 1)
    return sum(is_working_day(start + number * ONE_DAY, holidays, made_up=made_up) for number in span)


def working_days_left(today: date, due: date, holidays: Collection[date], *, made_up: Collection[date] = ()) -> int:
    """Working days from tomorrow to ``due``: 0 on the last day, negative when that many working days late."""
    left = working_days_between(today, due, holidays, made_up=made_up)
    return left - working_days_between(due, today, holidays, made_up=made_up)


def report_due(closed: date, days: int, holidays: Collection[date], *, made_up: Collection[date] = ()) -> date:
    """E-64 — The new committee reports within 7 working days of closing.

    Quy định 24-QĐ/TW, điểm 16.1.1; whether later texts keep the number is U-15, so ``days`` is a parameter.
    """
    return working_days_after(closed, days, holidays, made_up=made_up)


def decision_due(
    received: date,
    days: int,
    holidays: Collection[date],
    *,
    complaint_pending: bool = False,
    made_up: Collection[date] = (),
) -> date | None:
    """E-65 — The superior decides within 15 working days of receipt; None while a complaint is pending.

    Quy định 24-QĐ/TW, điểm 16.1.2: the period presupposes that nobody complains about the result.
    """
    return None if complaint_pending else working_days_after(received, days, holidays, made_up=made_up)


def notice_due(opens: date, days: int, holidays: Collection[date], *, made_up: Collection[date] = ()) -> date:
    """E-07 — The last day to announce the opening: ``days`` working days before it.

    Quy định 24-QĐ/TW, điểm 11.1; whether it binds a chi bộ is U-14, so it is a reminder and ``days`` a parameter.
    """
    return working_days_before(opens, days, holidays, made_up=made_up)


def ballots_kept_until(closed: date, months: int) -> date:
    """E-61 — Sealed ballots are kept 6 months; before that day nobody destroys them.

    Quyết định 190-QĐ/TW, Điều 35; under 244 the length is recalled, so ``months`` is a parameter of the regime.
    """
    return months_from(closed, months)


def complaints_until(
    closed: date, days: int | None, holidays: Collection[date], *, made_up: Collection[date] = ()
) -> date | None:
    """E-67 — Complaints received within 15 working days of closing are verified; later ones are only recorded.

    Quyết định 190-QĐ/TW, Điều 33 khoản 1. Under 244 no period was read (U-16): ``days`` None answers None.
    """
    return None if days is None else working_days_after(closed, days, holidays, made_up=made_up)
