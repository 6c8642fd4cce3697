"""The timeline of a congress: what the template gives for each station, and what a changed day would break."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from congress.rules.cascade import Bound
from congress.rules.deadlines import SATURDAY, is_working_day, working_days_after, working_days_before
from congress.rules.findings import Finding

SHIPPED = Path(__file__).with_name("stations.json")
HELD = "held"
CHAIN = ("clearance_submitted", "cleared", HELD, "reported", "ratified", "dossier")
"""Stations that no committee can turn round: cleared before it meets, reported after it met."""
OPENING, PLAN = "opening", "plan"


@dataclass(frozen=True, slots=True)
class Station:
    """One row of a template. ``offset`` in working days from the anchor, negative before it.

    ``when``: setting → the values under which the station exists. ``deadline``: kind of a plan's deadline that
    binds it. ``automatic``: the software sees by itself that it is done.
    """

    key: str
    title: str
    owner: str
    anchor: str
    offset: int
    after: tuple[str, ...] = ()
    source: str = ""
    certainty: str = ""
    when: Mapping[str, Sequence[Any]] | None = None
    automatic: bool = False
    deadline: str = ""

    def applies(self, settings: Mapping[str, Any]) -> bool:
        return all(settings.get(name) in values for name, values in (self.when or {}).items())


@cache
def shipped() -> tuple[Station, ...]:
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))["stations"]
    return tuple(Station(**(row | {"after": tuple(row.get("after", ()))})) for row in rows)


def template(settings: Mapping[str, Any]) -> tuple[Station, ...]:
    """The shipped stations that these settings call for, each after stations that are there as well."""
    return connected([one for one in shipped() if one.applies(settings)])


def connected(stations: Sequence[Station]) -> tuple[Station, ...]:
    """The same stations without dependencies on stations that are not there."""
    known = {one.key for one in stations}
    return tuple(
        Station(
            one.key, one.title, one.owner, one.anchor, one.offset, tuple(key for key in one.after if key in known),
            one.source, one.certainty, one.when, one.automatic, one.deadline,
        )
        for one in stations
    )  # fmt: skip


@cache
def bindings() -> Mapping[str, str]:
    """Station → the kind of a plan's deadline that binds it, whichever template it comes from."""
    return {one.key: one.deadline for one in shipped() if one.deadline}


@cache
def automatic() -> frozenset[str]:
    """Stations whose end the software sees by itself."""
    return frozenset(one.key for one in shipped() if one.automatic)


def check_template(stations: Sequence[Station]) -> str:
    """The sentence why these stations are no timeline; "" when they are, and when there are none."""
    keys = [one.key for one in stations]
    if not keys:
        return ""
    if HELD not in keys:
        return "Lộ trình phải có bước “Đại hội”. Ghi lại bước đó."
    if len(set(keys)) != len(keys):
        return "Hai bước trùng mã. Bỏ một bước rồi lưu lại."
    after = {one.key: [key for key in one.after if key in keys] for one in stations}
    titles = {one.key: one.title for one in stations}
    free = {key for key, before in after.items() if not before}
    while more := {key for key, before in after.items() if key not in free and free.issuperset(before)}:
        free |= more
    round_ = [titles[key] for key in keys if key not in free]
    return f"Các bước chờ nhau thành vòng: {', '.join(round_)}. Sửa ô “Sau các bước”." if round_ else ""


def due_of(
    station: Station,
    *,
    opening: date | None,
    issued: date | None,
    deadline: date | None,
    holidays: Collection[date],
    made_up: Collection[date] = (),
) -> date | None:
    """The last day of a station: what the template gives, never after the plan's deadline; None while unknown."""
    anchor = opening if station.anchor == OPENING else issued
    if anchor is None:
        return deadline
    later = working_days_after(anchor, max(station.offset, 0), holidays, made_up=made_up)
    day = working_days_before(later, max(-station.offset, 0), holidays, made_up=made_up)
    return min(day, deadline) if deadline is not None and station.key != HELD else day


# ---- what a changed day would break ----


@dataclass(frozen=True, slots=True)
class Stop:
    """One milestone as it stands: the day it was done, else the planned one, else the one the template gives.

    ``fixed``: done or set by hand, so that it does not move along when the congress does.
    """

    key: str
    title: str
    day: date | None
    after: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a day is judged by: the other milestones, the plan's days, the named holidays, the representatives.

    ``booked``: sentences about representatives who are elsewhere that half day. ``covered``: the holiday table
    speaks for the year. ``cleared_on``: the day for which the superior has agreed to the congress.
    """

    stops: Sequence[Stop]
    bounds: Mapping[str, Bound]
    holidays: Mapping[date, str]
    made_up: Collection[date] = ()
    booked: Callable[[date], Sequence[str]] = lambda day: ()
    report_days: int | None = None
    decision_days: int | None = None
    covered: bool = True
    cleared_on: date | None = None


CODES = {
    "F901": ("order", "Chọn ngày theo đúng thứ tự các bước."),
    "F902": ("E-64", "Chọn ngày trong thời hạn báo cáo kết quả."),
    "F903": ("E-65", "Chọn ngày trong thời hạn chuẩn y."),
    "W901": ("window", "Đề nghị cấp ủy cho làm khác, hoặc chọn ngày trong khoảng kế hoạch cho phép."),
    "W902": ("deadline", "Đề nghị cấp ủy cho làm khác, hoặc chọn ngày sớm hơn."),
    "W903": ("holiday", "Chọn ngày làm việc, hoặc giữ ngày này nếu chi bộ đã thống nhất."),
    "W904": ("after", "Xem lại thứ tự hai bước."),
    "W905": ("booked", "Thống nhất lại với đồng chí được phân công hoặc chọn buổi khác."),
    "W906": ("calendar", "Đề nghị quản trị ghi ngày nghỉ của năm đó rồi xem lại."),
    "W907": ("cleared", "Lưu thì cấp trên được báo tin. Thống nhất với cấp trên trước khi thông báo ngày mới."),
}
DEVIATES = ("window", "deadline")
"""Findings that a superior may set aside by granting a deviation."""


def judge(key: str, day: date, around: Surroundings) -> list[Finding]:
    """What breaks when the station is put on that day: F stops, W is shown before saving."""
    stops = {one.key: one for one in around.stops}
    moved = stops[key]
    found = [*_order(moved, day, stops), *_clocks(key, day, stops, around), *_plan(moved, day, around)]
    found += _holiday(moved, day, around)
    if key == HELD:
        found += [_finding("W905", sentence) for sentence in around.booked(day)] + _cleared(day, around)
    return sorted(found, key=lambda one: one.level != "error")


def _finding(code: str, message: str) -> Finding:
    rule, then = CODES[code]
    return Finding(code, "error" if code[0] == "F" else "warning", rule, message, next=then)


def _order(moved: Stop, day: date, stops: Mapping[str, Stop]) -> list[Finding]:
    found = []
    for other in stops.values():
        if other.day is None or (moved.key == HELD and not other.fixed):
            continue
        if _before(other, moved) and day < other.day:
            found.append(_turned(moved, day, other, "trước"))
        elif _before(moved, other) and day > other.day:
            found.append(_turned(moved, day, other, "sau"))
    return found


def _before(one: Stop, other: Stop) -> bool:
    if one.key in CHAIN and other.key in CHAIN:
        return CHAIN.index(one.key) < CHAIN.index(other.key)
    return one.key in other.after


def _turned(moved: Stop, day: date, other: Stop, how: str) -> Finding:
    assert other.day is not None  # noqa: S101  (only days that are known are compared)
    code = "F901" if moved.key in CHAIN and other.key in CHAIN else "W904"
    return _finding(
        code, f"“{moved.title}” ngày {_shown(day)} {how} “{other.title}” ngày {_shown(other.day)}: ngược thứ tự."
    )


def _clocks(key: str, day: date, stops: Mapping[str, Stop], around: Surroundings) -> list[Finding]:
    """E-64, E-65 — the periods of reporting and of deciding run from the congress and from the report."""
    clocks = {"reported": ("F902", HELD, around.report_days), "ratified": ("F903", "reported", around.decision_days)}
    if key not in clocks:
        return []
    code, start_key, days = clocks[key]
    start = stops[start_key].day if start_key in stops else None
    if start is None or days is None:
        return []
    last = working_days_after(start, days, around.holidays, made_up=around.made_up)
    if day <= last:
        return []
    return [
        _finding(
            code,
            f"“{stops[key].title}” ngày {_shown(day)} quá {days} ngày làm việc sau "
            f"“{stops[start_key].title}” ngày {_shown(start)}; ngày cuối là {_shown(last)}.",
        )
    ]


def _plan(moved: Stop, day: date, around: Surroundings) -> list[Finding]:
    if moved.key == HELD:
        return _window(day, around.bounds)
    bound = around.bounds.get(bindings().get(moved.key, ""))
    if bound is None or day <= bound.due_on:
        return []
    return [_finding("W902", f"“{moved.title}” ngày {_shown(day)} sau hạn {_shown(bound.due_on)} của {bound.plan}.")]


def _window(day: date, bounds: Mapping[str, Bound]) -> list[Finding]:
    opens, closes = bounds.get("window_opens"), bounds.get("window_closes")
    if opens is not None and day < opens.due_on:
        return [
            _finding("W901", f"Ngày đại hội {_shown(day)} trước ngày sớm nhất {_shown(opens.due_on)} của {opens.plan}.")
        ]
    if closes is not None and day > closes.due_on:
        return [
            _finding(
                "W901", f"Ngày đại hội {_shown(day)} sau ngày chậm nhất {_shown(closes.due_on)} của {closes.plan}."
            )
        ]
    return []


def _holiday(moved: Stop, day: date, around: Surroundings) -> list[Finding]:
    if not around.covered:
        return [
            _finding("W906", f"Bảng ngày nghỉ chưa có năm {day.year}: chỉ mới tránh được thứ bảy, chủ nhật.")
        ] + _weekend(moved, day, around)
    return _weekend(moved, day, around)


def _weekend(moved: Stop, day: date, around: Surroundings) -> list[Finding]:
    if is_working_day(day, around.holidays, made_up=around.made_up):
        return []
    what = around.holidays.get(day) or ("thứ bảy" if day.weekday() == SATURDAY else "chủ nhật")
    return [_finding("W903", f"“{moved.title}” ngày {_shown(day)} rơi vào ngày nghỉ ({what}).")]


def _cleared(day: date, around: Surroundings) -> list[Finding]:
    if around.cleared_on in (None, day):
        return []
    return [_finding("W907", f"Cấp trên đã duyệt đại hội vào ngày {_shown(around.cleared_on or day)}, khác ngày này.")]


def without_day(cleared_on: date) -> Finding:
    """The superior has agreed to a day and the congress is to have none."""
    return _finding("W907", f"Cấp trên đã duyệt đại hội vào ngày {_shown(cleared_on)}; để trống là bỏ ngày đó.")


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
