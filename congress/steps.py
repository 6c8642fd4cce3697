"""The day to which the regulations count the step of a congress, whether a plan says a day or not.

After the closing a branch reports within seven working days (E-64) and the committee decides within fifteen (E-65),
begun anew or stopped by a complaint, which an app above knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils import timezone

from congress.lifecycle import CLOSED, REPORTED
from congress.models import Congress
from congress.queries import WorkingCalendar
from congress.rules import deadlines as counted
from congress.rules import regimes

COUNTED = (CLOSED, REPORTED)
"""States whose step the regulations give a number of working days."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where one congress stands: in which state, since which day; ``closed_on``: the day of its closing."""

    congress_id: int
    state: str
    since: date
    closed_on: date | None


DaysToDecide = Callable[[Mapping[int, date], WorkingCalendar], Mapping[int, date | None]]
_days_to_decide: list[DaysToDecide] = []


def register_days_to_decide(source: DaysToDecide) -> None:
    """``source({congress id: day of receipt}, calendar)`` → by when each is decided; None while a clock stands still.

    In a constant number of queries.
    """
    if source not in _days_to_decide:
        _days_to_decide.append(source)


def step_of(congress: Congress) -> Step:
    closed_on = timezone.localdate(congress.closed_at) if congress.closed_at else None
    return Step(congress.pk, congress.state, timezone.localdate(congress.state_since), closed_on)


def counted_days(steps: Iterable[Step], calendar: WorkingCalendar) -> dict[int, date]:
    """Congress id → the day to which the regulations count; those without one are left out."""

    @cache
    def reported_by(closed: date) -> date | None:
        try:
            days = regimes.in_force(closed).number("report_days") or 7
        except regimes.NoRegime:
            return None
        return counted.report_due(closed, days, calendar.holidays, made_up=calendar.made_up)

    found: dict[int, date | None] = {}
    received: dict[int, date] = {}
    for one in steps:
        if one.state == CLOSED and one.closed_on is not None:
            found[one.congress_id] = reported_by(one.closed_on)
        elif one.state == REPORTED:
            received[one.congress_id] = one.since
    for source in _days_to_decide if received else ():
        found |= source(received, calendar)
    return {pk: day for pk, day in found.items() if day is not None}


def earlier(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
