"""Querysets over plans and congresses; deadlines in force; the two bases that the roll gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from congress.deadlines import Deadline, deadlines_of, deadlines_of_plans
from congress.electorates import electorate_of, electorate_snapshot
from congress.lifecycle import HELD, PLAN_ISSUED, STATE_NAMES
from congress.models import (
    AssemblyKind,
    Congress,
    CongressStep,
    Coverage,
    DeadlineKind,
    Guidance,
    GuidanceReceipt,
    Holiday,
    Plan,
    Representation,
)
from congress.rules import deadlines
from organizations.models import BRANCH_TYPES, Organization, PostHolding
from organizations.queries import (
    acting_assignments,
    below,
    below_any,
    branches_below,
    in_reach,
    members_of_committee,
)

__all__ = ["Deadline", "deadlines_of", "deadlines_of_plans", "electorate_of", "electorate_snapshot"]
"""Those kept in modules of their own and asked for here."""


def plans_visible_to(user: User) -> QuerySet[Plan]:
    """Plans of the committees below or at one's place, and the issued ones of those above it."""
    above: set[int] = set()
    for assignment in acting_assignments(user):
        above.update(assignment.organization.ancestor_ids())
    return Plan.objects.filter(
        in_reach(user, "organization__") | Q(organization_id__in=above, state=PLAN_ISSUED)
    ).select_related("organization")


def guidance_visible_to(user: User) -> QuerySet[Guidance]:
    """What one's committees sent, and what was sent to the bodies in reach; old letters went to everybody below."""
    above: set[int] = set()
    for assignment in acting_assignments(user):
        above.update(assignment.organization.ancestor_ids())
    received = GuidanceReceipt.objects.filter(in_reach(user, "organization__"))
    to_all = Q(organization_id__in=above) & ~Exists(GuidanceReceipt.objects.filter(guidance=OuterRef("pk")))
    return Guidance.objects.filter(
        in_reach(user, "organization__") | Q(pk__in=received.order_by().values("guidance_id")) | to_all
    ).select_related("organization")


def visible_to(user: User) -> QuerySet[Congress]:
    return Congress.objects.filter(in_reach(user, "organization__")).select_related(
        "organization__parent", "authority", "plan__organization"
    )


def organizations_to_open(plan: Plan) -> list[Organization]:
    """The organizations whose congress is opened when this plan is issued; an amending plan opens none."""
    if plan.coverage == Coverage.GUIDING or plan.amends.exists():
        return []
    held = Congress.objects.filter(term_label=plan.term_label).exclude(kind=AssemblyKind.MEETING)
    opened = held.values("organization_id")
    if plan.coverage == Coverage.OWN:
        return list(Organization.objects.filter(pk=plan.organization_id).exclude(pk__in=opened))
    return list(branches_below(plan.organization).exclude(pk__in=opened))


def left_without_congress(plan: Plan, *, on: date) -> list[Organization]:
    """Living branches that came after the plan was issued, of a term not yet over, and under no plan nearer to them."""
    covers = plan.state == PLAN_ISSUED and plan.coverage == Coverage.BRANCHES
    if not covers or int(plan.term_label.rpartition("-")[2]) < on.year:
        return []
    nearer = Plan.objects.filter(
        below(plan.organization.path, "organization__"),
        state=PLAN_ISSUED,
        coverage=Coverage.BRANCHES,
        term_label=plan.term_label,
        amends=None,
    ).exclude(organization=plan.organization_id)
    nearer_to = set(nearer.values_list("organization_id", flat=True))
    return [one for one in organizations_to_open(plan) if nearer_to.isdisjoint([one.pk, *one.ancestor_ids()])]


def outside_window(congress: Congress) -> str:
    """The sentence that the planned day lies outside the plan's window and nobody has agreed to it; else ""."""
    if congress.planned_for is None:
        return ""
    day, found = timezone.localdate(congress.planned_for), deadlines_of(congress.plan)
    opens, closes = found.get(DeadlineKind.WINDOW_OPENS), found.get(DeadlineKind.WINDOW_CLOSES)
    sentence = ""
    if opens is not None and day < opens.due_on:
        sentence = f"Ngày đại hội {_shown(day)} trước ngày sớm nhất {_shown(opens.due_on)} của {opens.plan.label}."
    elif closes is not None and day > closes.due_on:
        sentence = f"Ngày đại hội {_shown(day)} sau ngày chậm nhất {_shown(closes.due_on)} của {closes.plan.label}."
    agreed = congress.deviations.filter(rule="window:held", answer="granted", wanted_on=day) if sentence else None
    return "" if agreed is not None and agreed.exists() else sentence


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The holiday table, read once: working-day clocks for a whole page."""

    holidays: frozenset[date]
    made_up: frozenset[date]

    def after(self, start: date, days: int) -> date:
        return deadlines.working_days_after(start, days, self.holidays, made_up=self.made_up)

    def left(self, today: date, due: date) -> int:
        return deadlines.working_days_left(today, due, self.holidays, made_up=self.made_up)


def working_calendar() -> WorkingCalendar:
    rows = list(Holiday.objects.values_list("day", "is_working"))
    return WorkingCalendar(
        frozenset(day for day, is_working in rows if not is_working),
        frozenset(day for day, is_working in rows if is_working),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the congresses of a tree are: held of all, by state, as of one day."""

    total: int
    held: int
    ratified: int
    by_state: dict[str, int]

    @property
    def remaining(self) -> int:
        return self.total - self.held


def not_stopped(congresses: QuerySet[Congress], *, on: date) -> QuerySet[Congress]:
    """Without those that will never meet: their organization had ended by that day before they began."""
    return congresses.exclude(organization__closed_on__lte=on, opened_at=None)


def begun_by(congresses: QuerySet[Congress], moment: datetime) -> QuerySet[Congress]:
    """Those there were before the moment: a plan issued later has opened none by then.

    One that had met by then was there, whenever that was written down.
    """
    steps = CongressStep.objects.filter(congress=OuterRef("pk"))
    there = Exists(steps.filter(entered_at__lt=moment)) | ~Exists(steps)
    return congresses.filter(there | Q(closed_at__lt=moment))


def progress_of(congresses: QuerySet[Congress]) -> Progress:
    """Counts in one query."""
    counts = dict(congresses.order_by().values_list("state").annotate(n=Count("pk")))
    by_state = {state: counts.get(state, 0) for state in STATE_NAMES}
    return Progress(
        total=sum(by_state.values()),
        held=sum(by_state[state] for state in HELD),
        ratified=by_state["ratified"] + by_state["complete"],
        by_state=by_state,
    )


def held_by_day(congresses: QuerySet[Congress]) -> list[tuple[date, int]]:
    """(day, how many congresses had closed by then), ascending; days without a closing are left out."""
    closings: Iterable[datetime] = (
        congresses.filter(closed_at__isnull=False, state__in=HELD)
        .order_by("closed_at")
        .values_list("closed_at", flat=True)
    )
    days: dict[date, int] = {}
    for number, closed_at in enumerate(closings, start=1):
        days[timezone.localdate(closed_at)] = number
    return list(days.items())


def congresses_under(organization: Organization) -> QuerySet[Congress]:
    """Those of every branch at or below it, of every term."""
    return Congress.objects.filter(below(organization.path, "organization__"), organization__node_type__in=BRANCH_TYPES)


def congresses_below(organization: Organization, term_label: str) -> QuerySet[Congress]:
    return Congress.objects.filter(below(organization.path, "organization__"), term_label=term_label).select_related(
        "organization__parent", "authority", "plan"
    )


def sent_by(committee: Organization, *, on: date) -> QuerySet[Representation]:
    """Who is to attend a congress for the committee: those in it that day, and those who were when they were sent.

    Whoever has left it since is to attend until somebody else is sent. Whoever was sent first comes first.
    """
    when_sent = PostHolding.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("sent_on")),
        organization=committee,
        member=OuterRef("member"),
        starts_on__lte=OuterRef("sent_on"),
    )
    now = members_of_committee(committee, on=on).order_by().values("pk")
    open_rows = Representation.objects.filter(released_at__isnull=True).annotate(sent_on=TruncDate("assigned_at"))
    return open_rows.filter(Exists(when_sent) | Q(member__in=now)).order_by("pk")


def names_under(paths: Iterable[str]) -> list[tuple[int, str]]:
    """(id, name) of every congress at or under the paths, newest first."""
    found = Congress.objects.filter(below_any(paths, "organization__")).select_related("organization")
    return [(congress.pk, congress.name) for congress in found.order_by("-term_label", "organization__path")]
