"""Tiến độ: how far the branch congresses of one term are, as of one day, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts import charts, wording
from accounts.charts import Curve, Multiples
from accounts.models import User
from congress import queries
from congress.deadlines import deadlines_of_plans, with_higher_plans
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, HELD, PREPARING, RATIFIED, STATE_NAMES
from congress.models import Congress, CongressStep, DeadlineKind, FormerPlan, Plan
from congress.queries import Deadline, WorkingCalendar
from congress.stations import BY_AUTHORITY, TONES, due_of
from congress.steps import Step, counted_days, earlier
from organizations.models import BRANCH_TYPES, DECIDING_TYPES, Organization
from organizations.queries import PastNode, below, branches_of, tree_on
from organizations.queries import visible_to as organizations_visible_to
from organizations.rules.names import title_key

PACE_DAYS = 10
"""Working days whose pace is taken for that of the days to come."""

FIELDS = (
    *("pk", "state", "state_since", "opened_at", "closed_at", "planned_for", "is_pilot", "authority_id", "plan_id"),
    *("organization_id", "organization__name", "organization__parent_id"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One branch: where its congress stands, who has to act and since when, the day in force."""

    congress_id: int
    branch: str
    authority_id: int
    committee: str
    state: str
    is_pilot: bool
    holder: str
    since: date
    planned_on: date | None
    closed_on: date | None
    is_held: bool
    due: date | None
    left: int | None
    branch_id: int = 0
    holding: int = 0
    entered: Mapping[str, date] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def is_ratified(self) -> bool:
        return self.is_held and self.state in (RATIFIED, COMPLETE)

    @property
    def label(self) -> str:
        """The state in words."""
        return STATE_NAMES[self.state]

    @property
    def tone(self) -> str:
        if self.is_late:
            return "late"
        return TONES.get(self.state, "todo")

    @property
    def urgency(self) -> tuple[Any, ...]:
        """Exceptions first: late ones, the longest late before the rest; then those still to meet, by the day due."""
        return not self.is_late, self.is_held, self.due or date.max, title_key(self.committee), title_key(self.branch)


@dataclass(frozen=True)
class Overview:
    """The branches of one term in reach of a person, seen from the day ``as_of``."""

    term_label: str
    as_of: date
    lines: list[Line]
    committees: dict[int, Organization]
    deadline: date | None
    starts_on: date | None
    calendar: WorkingCalendar
    without_congress: int

    def of_committee(self, pk: int) -> Overview:
        """The same of the branches of one committee alone; whom no plan covers is not known of it."""
        lines = [line for line in self.lines if line.authority_id == pk]
        return replace(self, lines=lines, without_congress=0)

    @property
    def total(self) -> int:
        return len(self.lines)

    @cached_property
    def held(self) -> int:
        return sum(line.is_held for line in self.lines)

    @property
    def remaining(self) -> int:
        return self.total - self.held

    @cached_property
    def ratified(self) -> int:
        return sum(line.is_ratified for line in self.lines)

    @cached_property
    def late(self) -> int:
        return sum(line.is_late for line in self.lines)

    @cached_property
    def days_left(self) -> int | None:
        """Working days from the day looked from to the last day of the window."""
        return self.calendar.left(self.as_of, self.deadline) if self.deadline else None

    @cached_property
    def pace(self) -> int | None:
        """Branches that must meet each working day, rounded up; None without a day left or nothing to do."""
        if not self.remaining or not self.days_left or self.days_left < 0:
            return None
        return -(-self.remaining // self.days_left)

    @cached_property
    def forecast(self) -> tuple[date, int] | None:
        """Where the pace of the last ``PACE_DAYS`` working days leads: the last day of the window and the count then.

        All of them before it: the day on which the last one meets. None without anything held of late to go by.
        """
        recent = sum(
            line.is_held and line.closed_on is not None and self._is_recent(line.closed_on) for line in self.lines
        )
        if not recent or not self.remaining or not self.deadline or not self.days_left or self.days_left < 0:
            return None
        expected = self.held + recent * self.days_left // PACE_DAYS
        if expected < self.total:
            return self.deadline, expected
        return self.calendar.after(self.as_of, -(-self.remaining * PACE_DAYS // recent)), self.total

    def _is_recent(self, day: date) -> bool:
        return -self.calendar.left(self.as_of, day) < PACE_DAYS

    @property
    def outlook(self) -> str:
        """The forecast in words; "" when there is none."""
        if self.forecast is None:
            return ""
        day, count = self.forecast
        pace = f"Theo nhịp {PACE_DAYS} ngày làm việc gần nhất"
        if count == self.total:
            return f"{pace}, tất cả chi bộ đại hội xong vào {wording.day(day)}."
        return f"{pace}, đến hạn sẽ có khoảng {wording.number(count)}/{wording.number(self.total)} chi bộ đại hội."

    @property
    def finding(self) -> str:
        """The title of the picture: what the numbers say."""
        done = f"{wording.number(self.held)}/{wording.number(self.total)} chi bộ đã đại hội"
        if self.deadline is None or not self.remaining:
            return done
        if self.pace is not None:
            return f"{done}; cần {self.pace} chi bộ mỗi ngày làm việc để kịp {wording.day(self.deadline)}"
        deadline = wording.day(self.deadline)
        when = f"hạn đại hội là {deadline}" if self.days_left == 0 else f"hạn đại hội {deadline} đã qua"
        return f"{done}; còn {wording.number(self.remaining)} chi bộ chưa đại hội, {when}"

    @property
    def late_words(self) -> str:
        """What "quá hạn" counts, in words: branches past the deadline of the step in which they are."""
        if not self.late:
            return "không có"
        unheld = sum(line.is_late and not line.is_held for line in self.lines)
        after = sum(line.is_late and line.is_held and not line.is_ratified for line in self.lines)
        dossier = self.late - unheld - after
        parts = [(unheld, "chưa đại hội"), (after, "đã đại hội, chưa chuẩn y"), (dossier, "chưa nộp hồ sơ")]
        return "theo hạn của bước đang làm: " + ", ".join(f"{wording.number(n)} {words}" for n, words in parts if n)

    @cached_property
    def last_day(self) -> date | None:
        """The newest day on which a congress closed, whatever day is looked from."""
        return max((line.closed_on for line in self.lines if line.closed_on), default=None)

    def curve(self) -> Curve | None:
        """Held congresses by day against the deadline; None without a deadline."""
        if self.deadline is None or not self.total:
            return None
        closings = sorted(line.closed_on for line in self.lines if line.is_held and line.closed_on)
        days = {day: number for number, day in enumerate(closings, start=1)}
        days[self.as_of] = len(closings)
        need = "; nét chấm: nhịp cần có từ ngày này" if self.pace else ""
        return charts.curve(
            title=self.finding,
            total=self.total,
            actual=sorted(days.items()),
            deadline=self.deadline,
            starts_on=min([self.starts_on or self.deadline, *days]),
            forecast=self.forecast,
            as_of=self.as_of,
            as_of_word="hôm nay" if self.as_of == timezone.localdate() else "tính đến",
            note=f"Tính đến {wording.day(self.as_of)}. Nét đứt: nhịp đều đến hạn{need}. {self.outlook}".rstrip(),
        )

    def by_committee(self) -> list[tuple[Organization, int, int]]:
        """(committee, held, total), by name."""
        counts: dict[int, list[int]] = {}
        for line in self.lines:
            count = counts.setdefault(line.authority_id, [0, 0])
            count[0] += line.is_held
            count[1] += 1
        places = sorted((self.committees[pk] for pk in counts), key=lambda one: title_key(one.name))
        return [(one, counts[one.pk][0], counts[one.pk][1]) for one in places]

    def multiples(self, address: str) -> Multiples | None:
        """One small bar per committee; ``address`` takes its id at the end. None when there is only one."""
        rows = self.by_committee()
        if len(rows) < 2:
            return None
        done = sum(held == total for _, held, total in rows)
        return charts.multiples(
            title=f"{done}/{len(rows)} đảng bộ có tất cả chi bộ đã đại hội",
            items=[(one.name, held, total, f"{address}{one.pk}") for one, held, total in rows],
        )


def terms_of(congresses: QuerySet[Congress]) -> list[str]:
    """The terms there are, newest first."""
    return sorted(congresses.order_by().values_list("term_label", flat=True).distinct(), reverse=True)


def branch_congresses(user: User) -> QuerySet[Congress]:
    return queries.visible_to(user).filter(organization__node_type__in=BRANCH_TYPES)


def overview(
    user: User, term_label: str, *, as_of: date, by_step: bool = False, place: Organization | None = None
) -> Overview:
    """What the page and the home of a committee show of one term; ``by_step``: with the day of every step taken.

    Looked at from a past day, each congress stands where it stood at the end of that day. ``place`` narrows it to
    what lies at or below an organization.
    """
    congresses, organizations = branch_congresses(user).filter(term_label=term_label), organizations_visible_to(user)
    if place is not None:
        congresses = congresses.filter(below(place.path, "organization__"))
        organizations = organizations.filter(below(place.path))
    return overview_of(congresses, organizations, term_label, as_of=as_of, by_step=by_step)


def overview_of(
    congresses: QuerySet[Congress],
    organizations: QuerySet[Organization],
    term_label: str,
    *,
    as_of: date,
    by_step: bool = False,
) -> Overview:
    """``overview`` of the congresses given; ``organizations``: among which branches without a congress are counted."""
    congresses = queries.not_stopped(congresses, on=as_of)
    if as_of < timezone.localdate():
        congresses = queries.begun_by(congresses, end_of(as_of))
    rows = list(congresses.select_related(None).values(*FIELDS))
    steps = _steps_of(congresses, as_of) if by_step or as_of < timezone.localdate() else {}
    if as_of < timezone.localdate():
        _put_back(rows, as_of)
        _plan_as_then(rows, congresses, end_of(as_of))
    plans = Plan.objects.select_related("organization").in_bulk({row["plan_id"] for row in rows})
    deadlines = deadlines_of_plans(plans.values(), until=end_of(as_of))
    committees = Organization.objects.in_bulk({row["authority_id"] for row in rows})
    if as_of < timezone.localdate():
        _call_as_then(committees, as_of)
    calendar = queries.working_calendar()
    known_days: dict[date, int] = {}

    def left(due: date) -> int:
        if due not in known_days:
            known_days[due] = calendar.left(as_of, due)
        return known_days[due]

    standing = {}
    for row in rows:
        closed_on = _day(row["closed_at"]) if row["state"] in HELD else None
        is_held = closed_on is not None and closed_on <= as_of
        entered = steps.get(row["pk"], {})
        state, since = _state_then(row, entered, is_held=is_held, as_of=as_of)
        standing[row["pk"]] = Step(row["pk"], state, since, closed_on), is_held, entered
    by_law = counted_days((step for step, _, _ in standing.values()), calendar)
    lines = []
    for row in rows:
        step, is_held, entered = standing[row["pk"]]
        state, since, closed_on = step.state, step.since, step.closed_on
        due = earlier(due_of(deadlines[row["plan_id"]], state), by_law.get(row["pk"]))
        lines.append(
            Line(
                congress_id=row["pk"],
                branch_id=row["organization_id"],
                branch=row["organization__name"],
                authority_id=row["authority_id"],
                committee=committees[row["authority_id"]].name,
                state=state,
                is_pilot=row["is_pilot"],
                holder=_holder(state, committees[row["authority_id"]]),
                since=since,
                holding=max(0, -left(since)),
                planned_on=_day(row["opened_at"] or row["planned_for"]),
                closed_on=closed_on,
                is_held=is_held,
                due=due,
                left=left(due) if due else None,
                entered=entered,
            )
        )
    return Overview(
        term_label=term_label,
        as_of=as_of,
        lines=sorted(lines, key=lambda line: line.urgency),
        committees=committees,
        deadline=_latest(deadlines.values(), DeadlineKind.WINDOW_CLOSES),
        starts_on=_first_day(deadlines.values(), plans),
        calendar=calendar,
        without_congress=_without_congress(organizations, congresses, term_label),
    )


def _day(moment: object) -> date | None:
    return timezone.localdate(moment) if moment else None  # type: ignore[arg-type]  # a datetime of the row


def end_of(day: date) -> datetime:
    """The first moment of the next day, in Vietnam's time: plans issued later change nothing of that day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))


def _put_back(rows: list[dict[str, Any]], as_of: date) -> None:
    """Name each branch as it was called that day and give it to the committee that stood above it then.

    A few queries for each level of the tree that branches have since moved away from.
    """
    known = _nodes({row["organization_id"] for row in rows}, as_of)
    moved = []
    for row in rows:
        node = known.get(row["organization_id"])
        if node is not None:
            row["organization__name"] = node.name
            if node.parent_id != row["organization__parent_id"]:
                moved.append((row, node))
    wanted = {node.parent_id for _, node in moved}
    while missing := {pk for pk in wanted if pk is not None and pk not in known}:
        found = _nodes(missing, as_of)
        known |= found
        wanted = {one.parent_id for one in found.values() if one.node_type not in DECIDING_TYPES}
    for row, node in moved:
        above = known.get(node.parent_id or 0)
        while above is not None and above.node_type not in DECIDING_TYPES:
            above = known.get(above.parent_id or 0)
        if above is not None:
            row["authority_id"] = above.pk


def _plan_as_then(rows: list[dict[str, Any]], congresses: QuerySet[Congress], moment: datetime) -> None:
    """Give each congress the plan by which it went just before the moment.

    Of a plan recorded later, of which no hand-over is known, it is the one carried out by it. A few queries.
    """
    asked = congresses.select_related(None).order_by().values("pk")
    later = FormerPlan.objects.filter(congress__in=asked, until__gte=moment).order_by("-until", "-pk")
    former = dict(later.values_list("congress_id", "plan_id"))  # the earliest of one congress is read last
    for row in rows:
        row["plan_id"] = former.get(row["pk"], row["plan_id"])
    known = with_higher_plans(Plan.objects.in_bulk({row["plan_id"] for row in rows}))
    for row in rows:
        plan = known[row["plan_id"]]
        while plan.based_on_id and plan.recorded_at is not None and plan.recorded_at >= moment:
            plan = known[plan.based_on_id]
        row["plan_id"] = plan.pk


def _call_as_then(committees: dict[int, Organization], as_of: date) -> None:
    """Put the names of that day into these rows, which nobody saves."""
    for pk, node in _nodes(committees, as_of).items():
        committees[pk].name, committees[pk].committee_name = node.name, node.committee_name


def _nodes(wanted: Iterable[int], as_of: date) -> dict[int, PastNode]:
    return {one.pk: one for one in tree_on(as_of, Organization.objects.filter(pk__in=wanted))}


def _steps_of(congresses: QuerySet[Congress], as_of: date) -> dict[int, dict[str, date]]:
    """Congress id → state → the day it was last entered, in the order entered; nothing after ``as_of``."""
    rows = CongressStep.objects.filter(congress__in=congresses.select_related(None).order_by().values("pk"))
    found: dict[int, dict[str, date]] = {}
    for pk, state, entered_at in rows.order_by("entered_at", "pk").values_list("congress_id", "state", "entered_at"):
        day = timezone.localdate(entered_at)
        if day <= as_of:
            known = found.setdefault(pk, {})
            known.pop(state, None)
            known[state] = day
    return found


def _state_then(row: Mapping[str, Any], entered: Mapping[str, date], *, is_held: bool, as_of: date) -> tuple[str, date]:
    """The state at the end of that day, and since when.

    The day of the closing is the day people met, whenever it was written down; before any step it is preparing.
    """
    today = timezone.localdate(row["state_since"])
    state, since = (row["state"], today) if today <= as_of else (PREPARING, as_of)
    if today > as_of and entered:
        state, since = list(entered.items())[-1]
    if is_held and state not in HELD:
        return CLOSED, timezone.localdate(row["closed_at"])
    if state in HELD and not is_held:
        return CLEARED, since
    return state, since


def _holder(state: str, authority: Organization) -> str:
    if state == COMPLETE:
        return "–"
    return authority.committee if state in BY_AUTHORITY else "Chi bộ"


def _latest(deadlines: Iterable[dict[str, Deadline]], kind: str) -> date | None:
    return max((found[kind].due_on for found in deadlines if kind in found), default=None)


def _first_day(deadlines: Iterable[dict[str, Deadline]], plans: dict[int, Plan]) -> date | None:
    """The first day of the window, else the day on which the first plan was issued."""
    kind = DeadlineKind.WINDOW_OPENS
    opens = [found[kind].due_on for found in deadlines if kind in found]
    return min(opens or [plan.issued_on for plan in plans.values() if plan.issued_on], default=None)


def _without_congress(organizations: QuerySet[Organization], congresses: QuerySet[Congress], term_label: str) -> int:
    """Living branches among the organizations that no plan of this term covers yet.

    One whose congress of another term has still to meet is under a plan, so it does not count.
    """
    to_meet = Congress.objects.exclude(term_label=term_label).exclude(state__in=HELD)
    without = branches_of(organizations).exclude(pk__in=congresses.order_by().values("organization_id"))
    return without.exclude(pk__in=to_meet.order_by().values("organization_id")).count()
