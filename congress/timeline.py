"""The timeline of one congress as people see it: its lines, and what a changed day would break."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from congress.deadlines import bounds_of, deadlines_of
from congress.lifecycle import CLEARED, COMPLETE, PREPARING
from congress.models import ClearanceRequest, Congress, Deviation, Holiday, Milestone, PlanStation, Representation
from congress.plan_settings import stations_of_plans
from congress.queries import WorkingCalendar
from congress.rules import regimes, timeline
from congress.rules.cascade import Bound
from congress.rules.findings import Finding
from congress.rules.timeline import Stop, Surroundings

NOON = 12
Owner = PlanStation.Owner


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone with what is said of it: who, until when, after what, how it stands."""

    milestone: Milestone
    owner: str
    day: date | None
    left: int | None
    after: tuple[str, ...]
    source: str
    state: str
    tone: str
    by_hand: bool

    @property
    def key(self) -> str:
        return self.milestone.key


def day_of(row: Milestone) -> date | None:
    """The day that counts: when it was done, else what people set, else what the template gives."""
    return row.done_on or row.planned_on or row.due_on


def owner_of(congress: Congress, owner: str) -> str:
    """The body that has to act at a station."""
    if owner == Owner.AUTHORITY:
        return congress.authority.committee
    if owner == Owner.BRANCH:
        return "Chi bộ" if congress.organization.is_branch else congress.organization.name
    return str(Owner(owner).label)


def lines_of(congress: Congress, rows: Sequence[Milestone], calendar: WorkingCalendar, *, today: date) -> list[Line]:
    """In the order of their days; those without a day keep the order of the template at the end."""
    done = {row.key for row in rows if row.done_on}
    titles = {row.key: row.title for row in rows}
    _, stations = stations_of_plans([congress.plan])[congress.plan_id]
    sources = {one.key: one.source for one in stations}
    found = []
    for row in rows:
        day = day_of(row)
        waits = [key for key in row.after if key in titles and key not in done]
        moot = congress.state == COMPLETE or (row.key == "branch_plan" and congress.state != PREPARING)
        state, tone = ("Không ghi", "todo") if moot and not row.done_on else _state(row, day, waits, today)
        found.append(
            Line(
                milestone=row,
                owner=owner_of(congress, row.owner),
                day=day,
                left=calendar.left(today, day) if day and not row.done_on and not moot else None,
                after=tuple(titles[key] for key in row.after if key in titles),
                source=sources.get(row.key, ""),
                state=state,
                tone=tone,
                by_hand=row.key not in timeline.automatic(),
            )
        )
    return sorted(found, key=lambda line: (line.day or date.max, line.milestone.position))


def _state(row: Milestone, day: date | None, waits: Sequence[str], today: date) -> tuple[str, str]:
    if row.done_on:
        return "Đã xong", "done"
    if day is not None and day < today:
        return "Quá hạn", "late"
    return ("Chờ bước trước", "todo") if waits else ("Cần làm", "now")


# ---- what a changed day would break ----


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding about a day; ``granted`` sets it aside, ``pending`` waits for an answer."""

    finding: Finding
    granted: Deviation | None = None
    pending: Deviation | None = None
    rule: str = ""

    @property
    def stops(self) -> bool:
        return self.finding.level == "error"

    @property
    def may_deviate(self) -> bool:
        return self.finding.rule in timeline.DEVIATES and self.granted is None and self.pending is None


def judged(congress: Congress, key: str, day: date) -> list[Judged]:
    """What breaks when the station is put on that day, with the answers the superior has given."""
    around = surroundings_of(congress, key, day)
    asked: dict[str, list[Deviation]] = {}
    for one in congress.deviations.exclude(answer__in=[Deviation.Answer.REFUSED, Deviation.Answer.WITHDRAWN]):
        asked.setdefault(one.rule, []).append(one)
    found = []
    for finding in timeline.judge(key, day, around):
        rule = rule_of(finding.rule, key)
        rows = asked.get(rule, ())
        granted = next((one for one in rows if one.answer == "granted" and covers(one, day, around.bounds)), None)
        pending = next((one for one in rows if one.answer == "pending"), None)
        found.append(Judged(finding, granted, None if granted else pending, rule))
    return found


def rule_of(rule: str, key: str) -> str:
    """How a deviation names what it is about: "window:held", "deadline:papers_submitted"."""
    return f"{rule}:{key}"[:40]


def covers(granted: Deviation, day: date, bounds: Mapping[str, Bound]) -> bool:
    """Whether the day is the one agreed to, or nearer than it to what the plan says."""
    if granted.wanted_on is None or granted.wanted_on == day:
        return True
    opens = bounds.get("window_opens")
    if granted.rule.startswith("window") and opens is not None and day < opens.due_on:
        return granted.wanted_on <= day
    return day <= granted.wanted_on


def surroundings_of(congress: Congress, key: str, day: date) -> Surroundings:
    """What a day of this congress is judged by, read once."""
    rows = list(congress.milestones.all())
    off = dict(Holiday.objects.filter(is_working=False).values_list("day", "name"))
    made_up = frozenset(Holiday.objects.filter(is_working=True).values_list("day", flat=True))
    regime = _regime(congress, day)
    return Surroundings(
        stops=[
            Stop(row.key, row.title, day_of(row), tuple(row.after), bool(row.done_on or row.planned_on)) for row in rows
        ],
        bounds=bounds_of(deadlines_of(congress.plan)),
        holidays=off,
        made_up=made_up,
        booked=_booked(congress) if key == timeline.HELD else lambda day: (),
        report_days=regime.number("report_days") if regime else None,
        decision_days=regime.number("decision_days") if regime else None,
        covered=any(one.year == day.year for one in off),
        cleared_on=_local_day(agreed_for(congress)),
    )


def agreed_for(congress: Congress) -> datetime | None:
    """The day and hour to which the superior has agreed, wherever the congress has been moved since.

    None while it is not cleared. Of a clearance from before this was kept, the day that stands now.
    """
    if congress.state != CLEARED:
        return None
    given = congress.clearances.filter(outcome=ClearanceRequest.Outcome.CLEARED).order_by("-number").first()
    return (given.cleared_for if given is not None else None) or congress.planned_for


def emptied(congress: Congress) -> list[Judged]:
    """What is said before the day of a cleared congress is taken away."""
    cleared_on = _local_day(agreed_for(congress))
    return [Judged(timeline.without_day(cleared_on), rule="cleared")] if cleared_on is not None else []


def _local_day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _regime(congress: Congress, day: date) -> regimes.Regime | None:
    try:
        return regimes.by_code(congress.regime) if congress.regime else regimes.in_force(day)
    except regimes.NoRegime:
        return None


def _booked(congress: Congress) -> Callable[[date], list[str]]:
    """Sentences about those who represent the superior here and are at another congress that half day."""
    own = list(
        Representation.objects.filter(congress=congress, released_at__isnull=True).values_list("member_id", flat=True)
    )
    afternoon = congress.planned_for is not None and timezone.localtime(congress.planned_for).hour >= NOON

    def sentences(day: date) -> list[str]:
        elsewhere = (
            Representation.objects.filter(member__in=own, released_at__isnull=True, congress__planned_for__date=day)
            .exclude(congress=congress)
            .select_related("member", "congress__organization")
        )
        return [
            f"Đồng chí {one.member.full_name} đã được phân công dự {one.congress.name} cùng buổi."
            for one in elsewhere
            if (timezone.localtime(one.congress.planned_for).hour >= NOON) == afternoon
        ]

    return sentences
