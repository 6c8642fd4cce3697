"""The stations of one congress, who holds the ball and what comes next: what people see of the life cycle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.wording import WORKING_YEAR
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, PREPARING, RATIFIED, REPORTED, SITTING, SUBMITTED
from congress.models import Congress, DeadlineKind
from congress.queries import Deadline, WorkingCalendar, deadlines_of, working_calendar
from congress.steps import counted_days, earlier, step_of

STATIONS = (
    ("Chuẩn bị", (PREPARING,)),
    ("Trình duyệt", (SUBMITTED,)),
    ("Được duyệt", (CLEARED,)),
    ("Đại hội", (SITTING,)),
    ("Báo cáo kết quả", (CLOSED,)),
    ("Chuẩn y", (REPORTED,)),
    ("Hoàn tất hồ sơ", (RATIFIED, COMPLETE)),
)
OF_A_MEETING = (
    ("Chuẩn bị", (PREPARING, SUBMITTED, CLEARED)),
    ("Hội nghị", (SITTING,)),
    *STATIONS[4:],
)
"""A meeting of the committee is cleared with the congress that elected it."""
AFTERWARDS = (DeadlineKind.RATIFICATION, DeadlineKind.DOSSIER)
"""Days of a plan that hold for a meeting, too."""
BY_AUTHORITY = (SUBMITTED, REPORTED)
STOPPED = "Không tiến hành"
"""The state of a congress whose branch has ended."""
WAITING_FOR = {
    PREPARING: "đang chuẩn bị văn kiện, nhân sự",
    SUBMITTED: "đang xem xét hồ sơ trình duyệt",
    CLEARED: "đã được duyệt, đang chờ khai mạc",
    SITTING: "đang điều hành đại hội",
    CLOSED: "đang hoàn thiện biên bản, hồ sơ đề nghị chuẩn y",
    REPORTED: "đang xem xét chuẩn y",
    RATIFIED: "đang hoàn tất hồ sơ đại hội",
    COMPLETE: "đã hoàn tất hồ sơ",
}
NEXT_STEP = {
    PREPARING: "trình cấp ủy duyệt đại hội",
    SUBMITTED: "cấp ủy đồng ý hoặc trả lại để hoàn thiện",
    CLEARED: "điểm danh và khai mạc",
    SITTING: "bầu cử, thông qua nghị quyết, bế mạc",
    CLOSED: "trình đề nghị chuẩn y kết quả bầu cử",
    REPORTED: "cấp ủy ban hành quyết định chuẩn y",
    RATIFIED: "nộp lưu hồ sơ đại hội",
    COMPLETE: "",
}
DEADLINE_OF = {
    PREPARING: DeadlineKind.CLEARANCE,
    SUBMITTED: DeadlineKind.CLEARANCE,
    CLEARED: DeadlineKind.WINDOW_CLOSES,
    SITTING: DeadlineKind.WINDOW_CLOSES,
    CLOSED: DeadlineKind.RATIFICATION,
    REPORTED: DeadlineKind.RATIFICATION,
    RATIFIED: DeadlineKind.DOSSIER,
}
TONES = {SITTING: "now", CLOSED: "wait", REPORTED: "wait", SUBMITTED: "wait", RATIFIED: "done", COMPLETE: "done"}


@dataclass(frozen=True, slots=True)
class Station:
    label: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ball:
    """Who has to act, since which day, for how many working days, until when."""

    holder: str
    waiting_for: str
    since: date
    holding: int
    next_step: str
    due: date | None
    left: int | None


def stations_of(congress: Congress) -> list[Station]:
    """In order: "done", "now" or "next"; a complete congress has every station done."""
    way = OF_A_MEETING if congress.is_meeting else STATIONS
    reached = next(number for number, (_, states) in enumerate(way) if congress.state in states)
    done = len(way) if congress.state == COMPLETE else reached
    marks = ("done" if number < done else "now" if number == done else "next" for number in range(len(way)))
    return [Station(label, mark) for (label, _), mark in zip(way, marks, strict=True)]


def deadlines_for(congress: Congress) -> dict[str, Deadline]:
    """The days its plan names that bind it: a meeting has no window to meet in, only what follows it."""
    return binding(congress, deadlines_of(congress.plan))


def binding(congress: Congress, deadlines: Mapping[str, Deadline]) -> dict[str, Deadline]:
    """Those of ``deadlines``, by kind, that bind this congress."""
    return {kind: one for kind, one in deadlines.items() if not congress.is_meeting or kind in AFTERWARDS}


def due_of(deadlines: Mapping[str, Deadline], state: str) -> date | None:
    """The day by which this step has to be done; a plan without a day for clearance still has a last day to meet."""
    kinds = (DEADLINE_OF.get(state), DeadlineKind.WINDOW_CLOSES if state in (PREPARING, SUBMITTED) else None)
    return next((deadlines[kind].due_on for kind in kinds if kind in deadlines), None)


def days_due(
    congresses: Iterable[Congress], deadlines: Mapping[int, Mapping[str, Deadline]], calendar: WorkingCalendar
) -> dict[int, date | None]:
    """Congress id → by when its step has to be done, the earlier of what plan and regulations say.

    ``deadlines``: by plan id. None for one that is stopped: its branch has ended.
    """
    shown = list(congresses)
    by_law = counted_days(map(step_of, shown), calendar)
    return {
        one.pk: None
        if is_stopped(one)
        else earlier(due_of(binding(one, deadlines[one.plan_id]), one.state), by_law.get(one.pk))
        for one in shown
    }


def is_stopped(congress: Congress) -> bool:
    """It will never meet: its organization had ended before it began."""
    ended = congress.organization.closed_on
    return ended is not None and ended <= timezone.localdate() and congress.opened_at is None


def holder_of(congress: Congress) -> str:
    """The body that has to act now."""
    return congress.authority.committee if congress.state in BY_AUTHORITY else congress.organization.name


def _within_a_year(days: int) -> int:
    """The days while they tell something; 0, which no page shows, before the first and after a year."""
    return days if 0 < days <= WORKING_YEAR else 0


def ball_of(congress: Congress, *, today: date, calendar: WorkingCalendar | None = None) -> Ball | None:
    """None when nothing is left to do, or nothing goes on any more."""
    if congress.state == COMPLETE or is_stopped(congress):
        return None
    calendar = calendar or working_calendar()
    due = days_due([congress], {congress.plan_id: deadlines_of(congress.plan)}, calendar)[congress.pk]
    since = timezone.localdate(congress.state_since)
    called = congress.is_meeting and congress.state == CLEARED  # it was cleared with the congress before it
    return Ball(
        holder=holder_of(congress),
        waiting_for=congress.said("đang chờ khai mạc" if called else WAITING_FOR[congress.state]),
        since=since,
        holding=_within_a_year(calendar.left(since, today)),
        next_step=congress.said(NEXT_STEP[congress.state]) if congress.is_meeting else NEXT_STEP[congress.state],
        due=due,
        left=calendar.left(today, due) if due else None,
    )
