"""Days that the regulations set around one congress: to announce it, to report, to complain, to keep the ballots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from congress.lifecycle import CLEARED, PREPARING, SUBMITTED
from congress.models import Congress
from congress.queries import WorkingCalendar, working_calendar
from congress.rules import deadlines, holidays, regimes
from congress.rules.regimes import Regime

UNANNOUNCED = "có ngày nghỉ chưa công bố trong thời hạn này"


@dataclass(frozen=True, slots=True)
class Clock:
    """One day with what it is the end of; ``on`` None: no text read sets it. ``note``: place, and what is not sure."""

    label: str
    on: date | None
    note: str
    unset: str = ""


def clocks_of(congress: Congress, calendar: WorkingCalendar | None = None) -> list[Clock]:
    """Before the opening the day to announce it, after the closing the days that follow from it."""
    calendar = calendar or working_calendar()
    if congress.state in (PREPARING, SUBMITTED, CLEARED):
        return list(_before(congress, calendar))
    return list(_after(congress, calendar)) if congress.closed_at is not None else []


def _before(congress: Congress, calendar: WorkingCalendar) -> Iterator[Clock]:
    """E-07 — A reminder: whether the text binds a chi bộ is unsettled (U-14)."""
    if congress.planned_for is None or congress.is_meeting:
        return
    opens = timezone.localdate(congress.planned_for)
    regime = regimes.in_force(opens)
    days = regime.number("notice_days") or 0
    on = deadlines.notice_due(opens, days, calendar.holidays, made_up=calendar.made_up)
    yield Clock("Thông báo ngày khai mạc chậm nhất", on, _note(regime, "E-07", on, opens, "notice_days"))


def _after(congress: Congress, calendar: WorkingCalendar) -> Iterator[Clock]:
    closed = timezone.localdate(congress.closed_at)
    regime = regimes.in_force(closed)
    off = {"holidays": calendar.holidays, "made_up": calendar.made_up}
    report = deadlines.report_due(closed, regime.number("report_days") or 7, **off)
    yield Clock("Báo cáo kết quả bầu cử chậm nhất", report, _note(regime, "E-64", closed, report, "report_days"))
    until = complaints_until(congress, calendar)
    yield Clock(
        "Nhận đơn khiếu nại về bầu cử đến hết",
        until,
        _note(regime, "E-67", closed, until or closed, "complaint_days"),
        "chưa đọc được thời hạn trong quy chế của đại hội này",
    )
    kept = deadlines.ballots_kept_until(closed, regime.number("retention_months") or 6)
    yield Clock("Lưu phiếu bầu đã niêm phong đến hết", kept, _place(regime, "E-61", "retention_months"))


def complaints_until(congress: Congress, calendar: WorkingCalendar | None = None) -> date | None:
    """E-67 — The last day for complaints; None before the closing and where no text read sets a period (U-16)."""
    if congress.closed_at is None:
        return None
    calendar = calendar or working_calendar()
    closed = timezone.localdate(congress.closed_at)
    days = regimes.in_force(closed).number("complaint_days")
    return deadlines.complaints_until(closed, days, calendar.holidays, made_up=calendar.made_up)


def _note(regime: Regime, rule: str, start: date, end: date, parameter: str) -> str:
    sure = holidays.shipped().is_certain(min(start, end), max(start, end))
    return _place(regime, rule, parameter) + ("" if sure else f"; {UNANNOUNCED}")


def _place(regime: Regime, rule: str, parameter: str) -> str:
    certainty = regime.certainty(rule, parameter)
    place = regime.cite(rule)
    return place if not certainty or certainty in place else f"{place} – {certainty}"
