"""The calendar of a person: congress days and milestones due, month by month, and as a feed for other calendars."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from congress.lifecycle import COMPLETE, PREPARING
from congress.models import Congress, Holiday, Milestone, PlanStation
from congress.queries import visible_to
from congress.rules.timeline import HELD
from organizations.queries import BRANCH_ROLES, acting_assignments, below, below_any
from organizations.rules.names import title_key

NAMED = 3
"""Entries of one kind that a day of the month names; the page of the day names all."""
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
"""How far a feed reaches from today for steps that are due."""
YEAR = timedelta(days=365)
"""How far back it tells of congresses; those of the newest term all the way."""
MOST_EVENTS = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day: a congress, or a step that is due."""

    text: str
    url: str = ""
    tone: str = "todo"
    at: str = ""


@dataclass(slots=True)
class Day:
    """One day of the month: what falls on it, whether it is worked, and why not."""

    on: date
    in_month: bool
    holiday: str = ""
    is_working: bool = True
    is_today: bool = False
    congresses: list[Entry] = field(default_factory=list)
    milestones: list[Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.congresses or self.milestones or self.holiday)

    @property
    def first_congresses(self) -> list[Entry]:
        return self.congresses[:NAMED]

    @property
    def first_milestones(self) -> list[Entry]:
        return self.milestones[:NAMED]

    @property
    def more(self) -> int:
        """How many the month leaves out."""
        return max(len(self.congresses) - NAMED, 0) + max(len(self.milestones) - NAMED, 0)


def days_of(year: int, month: int) -> list[date]:
    """Whole weeks from Monday to Sunday that hold the month."""
    return [day for week in months.Calendar().monthdatescalendar(year, month) for day in week]


def in_days(
    congresses: QuerySet[Congress], first: date, last: date, *, newest_first: bool = False
) -> QuerySet[Congress]:
    """Those that meet between the two days: really, or as planned."""
    opening = Coalesce("opened_at", "planned_for")
    found = congresses.annotate(meets_at=opening).filter(meets_at__date__range=(first, last))
    return found.order_by("-meets_at" if newest_first else "meets_at", "organization__path")


def due_in_days(congresses: QuerySet[Congress], first: date, last: date) -> QuerySet[Milestone]:
    """Milestones not done that fall between the two days, other than the congress itself."""
    rows = Milestone.objects.filter(congress__in=congresses.order_by().values("pk"), done_on__isnull=True)
    rows = rows.annotate(falls_on=Coalesce("planned_on", "due_on")).filter(falls_on__range=(first, last))
    moot = Q(congress__state=COMPLETE) | (Q(key="branch_plan") & ~Q(congress__state=PREPARING))
    return rows.exclude(moot | Q(key=HELD)).order_by("falls_on", "position", "pk")


def month_of(user: User, year: int, month: int, *, today: date) -> list[list[Day]]:
    """The weeks of the month with everything in the person's reach, in a constant number of queries."""
    dates = days_of(year, month)
    first, last = dates[0], dates[-1]
    off = {row.day: row for row in Holiday.objects.filter(day__range=(first, last))}
    days = {}
    for on in dates:
        row = off.get(on)
        made_up = row is not None and row.is_working
        working = made_up or (on.weekday() < 5 and row is None)
        days[on] = Day(on, on.month == month, row.name if row and not made_up else "", working, on == today)
    for on, entry in _congress_entries(in_days(visible_to(user), first, last)):
        days[on].congresses.append(entry)
    _put_milestones(days, due_in_days(visible_to(user), first, last), today)
    weeks = list(days.values())
    return [weeks[start : start + 7] for start in range(0, len(weeks), 7)]


def place_of(congress: Congress) -> str:
    """The đảng bộ in which the chi bộ stands; "" for the congress of a đảng bộ itself."""
    own = congress.organization
    return own.parent.name if own.is_branch and own.parent is not None else ""


def placed(congress: Congress) -> str:
    """ "Chi bộ số 1, Đảng bộ cơ sở số 04": many đảng bộ have a chi bộ of that name."""
    return ", ".join(filter(None, (congress.organization.name, place_of(congress))))


def by_committee(congresses: Iterable[Congress]) -> list[tuple[str, list[Congress]]]:
    """(đảng bộ, its congresses), by name."""
    found: dict[str, list[Congress]] = {}
    for one in congresses:
        found.setdefault(one.authority.name, []).append(one)
    return sorted(found.items(), key=lambda group: title_key(group[0]))


def _congress_entries(congresses: Iterable[Congress]) -> Iterable[tuple[date, Entry]]:
    for one in congresses:
        moment = timezone.localtime(one.opened_at or one.planned_for)
        tone = "done" if one.opened_at else "now"
        yield (
            moment.date(),
            Entry(
                placed(one),
                reverse("congress:detail", args=[one.pk]),
                tone,
                f"{moment.hour}:{moment.minute:02d}",
            ),
        )


def _put_milestones(days: dict[date, Day], rows: QuerySet[Milestone], today: date) -> None:
    """The steps of a day, each kind once: named when it is one branch's, counted when several have it."""
    found: dict[tuple[date, str], list[dict[str, object]]] = {}
    names = ("congress__organization__name", "congress__organization__parent__name")
    for row in rows.values("falls_on", "key", "title", "congress_id", *names):
        found.setdefault((row["falls_on"], row["key"]), []).append(row)
    for (on, _), same in found.items():
        first = same[0]
        tone = "late" if on < today else "todo"
        if len(same) == 1:
            text = f"{first['title']} – {', '.join(str(first[name]) for name in names if first[name])}"
            entry = Entry(text, reverse("congress:timeline", args=[first["congress_id"]]), tone)
        else:
            entry = Entry(f"{len(same)} đại hội: {first['title']}", "", tone)
        days[on].milestones.append(entry)


# ---- the feed ----


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a feed: a whole day, or from ``starts_at`` on. ``uid`` stays the same for ever."""

    uid: str
    summary: str
    on: date
    starts_at: datetime | None = None
    place: str = ""
    path: str = ""


def events_of(user: User, under: str, *, today: date) -> list[Event]:
    """What a person's calendar shows today under the organization at path ``under``; no names of persons in it.

    Those of a branch see every step of it; those of a committee the congress days and what waits for the committee.
    """
    here = visible_to(user).filter(below(under, "organization__"))
    first, last = today - BACK, today + AHEAD
    meetings = in_days(here, _told_since(here, today), last, newest_first=True)
    events = [_meeting(one) for one in meetings[:MOST_EVENTS]]
    rows = due_in_days(here, first, last).select_related("congress__organization__parent")
    mine = Q(owner=PlanStation.Owner.AUTHORITY)
    if own := _branch_paths(user):
        mine |= below_any(own, "congress__organization__")
    events += [_due(row) for row in rows.filter(mine)[:MOST_EVENTS]]
    return events


def _told_since(congresses: QuerySet[Congress], today: date) -> date:
    """A year back, or the first day of the newest term when that is earlier."""
    term = congresses.order_by("-term_label").values_list("term_label", flat=True).first() or ""
    year = term.partition("-")[0]
    return min(today - YEAR, date(int(year), 1, 1)) if year.isdecimal() else today - YEAR


def _branch_paths(user: User) -> Sequence[str]:
    return [one.organization.path for one in acting_assignments(user) if one.role in BRANCH_ROLES]


def _meeting(congress: Congress) -> Event:
    moment = congress.opened_at or congress.planned_for
    assert moment is not None  # noqa: S101  (asked of congresses with a day alone)
    return Event(
        uid=f"dai-hoi-{congress.pk}",
        summary=congress.name.replace(congress.organization.name, placed(congress), 1),
        on=timezone.localdate(moment),
        starts_at=moment,
        place=congress.place,
        path=reverse("congress:detail", args=[congress.pk]),
    )


def _due(row: Milestone) -> Event:
    return Event(
        uid=f"buoc-{row.congress_id}-{row.key}",
        summary=f"Hạn: {row.title} – {placed(row.congress)}",
        on=row.planned_on or row.due_on,  # type: ignore[arg-type]  # the query asks for rows with a day
        path=reverse("congress:timeline", args=[row.congress_id]),
    )
