"""What falls due, for whom, and who hears of it when they are late: what reminders are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from congress.deadlines import deadlines_of_plans
from congress.lifecycle import COMPLETE, STATE_NAMES
from congress.models import Congress, Plan
from congress.queries import not_stopped, working_calendar
from congress.stations import BY_AUTHORITY, NEXT_STEP, due_of
from congress.steps import COUNTED, Step, counted_days
from organizations.models import BRANCH_TYPES, DECIDING_TYPES, Organization
from organizations.queries import below

SOON = 3
"""Working days before a deadline from which one is reminded."""
BRANCH_HANDS = (Role.SECRETARY, Role.CLERK)
COMMITTEE_HANDS = (Role.COMMITTEE_STAFF, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Hands:
    """Those who hold one of the roles at the place itself."""

    organization_id: int
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that somebody has to do by a day. ``key`` names the thing, since when it waits and the day due.

    Another day is another due, and so is the same step begun once more.

    ``about``: the body whose thing it is; ``topic``: what the lines of one list have in common. ``left``: working
    days, negative when late. ``above``: who hears of it then; None where nobody is above.
    """

    key: str
    sentence: str
    topic: str
    about_id: int
    url: str
    due_on: date
    left: int
    holder: Hands
    above: Hands | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the tree gone through at once: what lies at and below a path, or the body there ``alone``."""

    path: str
    alone: bool = False

    def holds(self, prefix: str = "") -> Q:
        return Q(**{f"{prefix}path": self.path}) if self.alone else below(self.path, prefix)


def parts() -> list[Part]:
    """The whole tree: every root alone, and each body right below a root with all under it."""
    rows = Organization.objects.filter(depth__lte=1).order_by("path").values_list("path", "depth")
    return [Part(path, alone=depth == 0) for path, depth in rows]


Source = Callable[[date, Part], Iterable[Due]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """``source(today, part)`` yields what is due within ``SOON`` days or late, in a constant number of queries."""
    if source not in _sources:
        _sources.append(source)


def all_on(today: date, part: Part) -> Iterator[Due]:
    for source in _sources:
        yield from source(today, part)


def of_congresses(today: date, part: Part) -> Iterator[Due]:
    """The step each branch congress is in, by the deadline in force or the days of the regulations.

    Of what goes by a plan alone the database passes over all that is not near.
    """
    found = not_stopped(
        Congress.objects.filter(part.holds("organization__"), organization__node_type__in=BRANCH_TYPES), on=today
    ).exclude(state=COMPLETE)
    days = _near(found.order_by().values_list("plan_id", flat=True).distinct(), today)
    near = Q(state__in=COUNTED)
    for state in STATE_NAMES:
        if plans := [plan for plan, of in days if of == state]:
            near |= Q(state=state, plan__in=plans)
    is_any = bool(days) or found.filter(state__in=COUNTED).exists()
    rows = list(found.filter(near).order_by("organization__path").values_list(*ROW)) if is_any else []
    superiors = superiors_of({row[5] for row in rows})
    calendar = working_calendar() if rows else None
    by_law = counted_days((_step_of(row) for row in rows), calendar) if calendar else {}
    lefts = {day: calendar.left(today, day) for day in set(by_law.values())} if calendar else {}
    for row in rows:
        pairs = [days.get((row[3], row[1])), _with_left(by_law.get(row[0]), lefts)]
        if soonest := min((pair for pair in pairs if pair is not None and pair[1] <= SOON), default=None):
            yield _due_of(row, *soonest, superiors.get(row[5]))


def _step_of(row: Row) -> Step:
    return Step(row[0], row[1], timezone.localdate(row[2]), timezone.localdate(row[8]) if row[8] else None)


def _with_left(day: date | None, lefts: Mapping[date, int]) -> tuple[date, int] | None:
    return (day, lefts[day]) if day is not None else None


ROW = (
    *("pk", "state", "state_since", "plan_id", "organization_id", "authority_id"),
    *("organization__name", "authority__name", "closed_at"),
)
Row = tuple[int, str, datetime, int, int, int, str, str, datetime | None]


def _near(plans: Iterable[int], today: date) -> dict[tuple[int, str], tuple[date, int]]:
    """(plan, state) → the day by which that step has to be done and the working days left; only near and past days."""
    known = Plan.objects.select_related("organization").in_bulk(list(plans))
    calendar, lefts = working_calendar(), dict[date, int]()
    found = {}
    for plan, deadlines in deadlines_of_plans(known.values()).items():
        for state in STATE_NAMES:
            due_on = due_of(deadlines, state)
            if due_on is None:
                continue
            left = lefts[due_on] = lefts[due_on] if due_on in lefts else calendar.left(today, due_on)
            if left <= SOON:
                found[plan, state] = due_on, left
    return found


def _due_of(row: Row, due_on: date, left: int, superior: int | None) -> Due:
    pk, state, since, _, branch_id, authority_id, branch, committee, _ = row
    authority = Hands(authority_id, COMMITTEE_HANDS)
    is_above = state in BY_AUTHORITY
    return Due(
        key=f"congress:{pk}:{state}:{since:%Y%m%d%H%M%S}:{due_on}",
        sentence=f"{branch}, {committee}: {NEXT_STEP[state]}",
        topic=NEXT_STEP[state][:1].upper() + NEXT_STEP[state][1:],
        about_id=branch_id,
        url=reverse("congress:detail", args=[pk]),
        due_on=due_on,
        left=left,
        holder=authority if is_above else Hands(branch_id, BRANCH_HANDS),
        above=(Hands(superior, COMMITTEE_HANDS) if superior else None) if is_above else authority,
    )


def superiors_of(committees: set[int]) -> dict[int, int]:
    """Committee id → the nearest deciding committee above it. Two queries for any number of them."""
    known = Organization.objects.in_bulk(committees)
    ancestors = {pk for one in known.values() for pk in one.ancestor_ids()}
    deciding = set(
        Organization.objects.filter(pk__in=ancestors, node_type__in=DECIDING_TYPES).values_list("pk", flat=True)
    )
    found = {}
    for pk, one in known.items():
        above = [ancestor for ancestor in reversed(one.ancestor_ids()) if ancestor in deciding]
        if above:
            found[pk] = above[0]
    return found
