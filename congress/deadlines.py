"""The deadlines in force under a plan: its own, those of the plan it carries out, and what amending plans changed.

A plan above that has become tighter counts at once: the tighter day holds below although the lower plan says another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F, Q

from congress.lifecycle import PLAN_ISSUED
from congress.models import DeadlineKind, Plan, PlanDeadline
from congress.rules.cascade import Bound, looser


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day in force, the plan that set it, and the day it replaced when a plan amended it."""

    kind: str
    due_on: date
    plan: Plan
    replaced: date | None = None

    @property
    def label(self) -> str:
        return DeadlineKind(self.kind).label

    @property
    def is_changed(self) -> bool:
        """An amending plan gave it another day than before."""
        return self.replaced is not None and self.replaced != self.due_on


def deadlines_of(plan: Plan) -> dict[str, Deadline]:
    """The deadlines in force under ``plan``: its own, else those of the plan it carries out; amended ones last.

    Keys are ``DeadlineKind`` values, in their order.
    """
    return deadlines_of_plans([plan])[plan.pk]


def deadlines_of_plans(
    plans: Iterable[Plan], *, assume: Plan | None = None, until: datetime | None = None, as_written: bool = False
) -> dict[int, dict[str, Deadline]]:
    """``deadlines_of`` for each plan, by plan id: as many queries as plans stand above one another, not as plans.

    ``assume``: a draft taken as issued after all others. ``until``: only plans recorded as issued before amend.
    ``as_written``: what the asked plans say themselves stays although a plan above has become tighter.
    """
    asked = {plan.pk: plan for plan in plans}
    known = with_higher_plans(asked)
    amending = amending_plans(known, assume=assume, until=until)
    days: dict[int, list[PlanDeadline]] = {}
    for row in PlanDeadline.objects.filter(plan__in={*known, *(one.pk for many in amending.values() for one in many)}):
        days.setdefault(row.plan_id, []).append(row)

    def in_force(plan: Plan, *, as_written: bool = False) -> dict[str, Deadline]:
        above = in_force(known[plan.based_on_id]) if plan.based_on_id else {}
        found = dict(above)
        for row in days.get(plan.pk, ()):
            found[row.kind] = Deadline(row.kind, row.due_on, plan)
        for one in amending.get(plan.pk, ()):
            for row in days.get(one.pk, ()):
                old = found.get(row.kind)
                if old is None or old.due_on != row.due_on:  # written again as it was: nothing is changed
                    found[row.kind] = Deadline(row.kind, row.due_on, one, old.due_on if old else None)
        if not as_written:
            found |= _tighter(above, found)
        return {kind: found[kind] for kind in DeadlineKind.values if kind in found}

    return {pk: in_force(plan, as_written=as_written) for pk, plan in asked.items()}


def _tighter(above: Mapping[str, Deadline], found: Mapping[str, Deadline]) -> dict[str, Deadline]:
    """The days of the plan above that leave less room than the lower plan's own; that one is what they replace."""

    def is_tighter(bound: date, own: date, kind: str) -> bool:
        return bound > own if kind == DeadlineKind.WINDOW_OPENS else bound < own

    return {
        kind: replace(bound, replaced=found[kind].due_on)
        for kind, bound in above.items()
        if is_tighter(bound.due_on, found[kind].due_on, kind)
    }


def with_higher_plans(plans: dict[int, Plan]) -> dict[int, Plan]:
    """The plans and every plan they carry out, level by level."""
    known = dict(plans)
    while missing := {plan.based_on_id for plan in known.values() if plan.based_on_id} - set(known):
        known |= Plan.objects.select_related("organization").in_bulk(missing)
    return known


def amending_plans(
    plans: Iterable[int], *, assume: Plan | None = None, until: datetime | None = None
) -> dict[int, list[Plan]]:
    """Plan id → the issued plans that amend it, oldest first; a plan that amends an amending one counts too."""
    counts = Q(state=PLAN_ISSUED)
    if until is not None:
        counts &= Q(recorded_at__lt=until)
    if assume is not None:
        counts |= Q(pk=assume.pk)
    found: dict[int, dict[int, Plan]] = {}
    amended = {pk: {pk} for pk in plans}
    newest = set(amended)
    while newest:
        issued = Plan.objects.filter(counts, amends__in=newest).select_related("organization")
        newest = set()
        for one in issued.annotate(amended_id=F("amends")):
            for pk in amended[one.amended_id]:
                found.setdefault(pk, {})[one.pk] = one
            newest |= {one.pk} - set(amended)
            amended[one.pk] = amended.get(one.pk, set()) | amended[one.amended_id]
    return {pk: sorted(many.values(), key=_in_time) for pk, many in found.items()}


def _in_time(plan: Plan) -> tuple[bool, date, int]:
    """A draft that is only assumed comes after all that are issued."""
    return plan.issued_on is None, plan.issued_on or date.max, plan.pk


def bounds_of(deadlines: Mapping[str, Deadline]) -> dict[str, Bound]:
    """The same days as the rules of the cascade take them."""
    return {kind: Bound(one.due_on, one.plan.label) for kind, one in deadlines.items()}


def too_loose(plan: Plan, *, assume: Plan | None = None) -> dict[str, str]:
    """Kind → why a day set by ``plan``, or by what amends it, is looser than the plan above allows now."""
    return too_loose_of_plans([plan], assume=assume).get(plan.pk, {})


def too_loose_of_plans(plans: Iterable[Plan], *, assume: Plan | None = None) -> dict[int, dict[str, str]]:
    """``too_loose`` for each plan that carries out another one; plans within their bounds are left out."""
    lower = [plan for plan in plans if plan.based_on_id]
    higher = {plan.pk: plan for plan in Plan.objects.filter(pk__in={one.based_on_id for one in lower})}
    known = deadlines_of_plans([*lower, *higher.values()], assume=assume)
    written = deadlines_of_plans(lower, assume=assume, as_written=True)
    found = {}
    for plan in lower:
        above = known[plan.based_on_id]
        own = {kind: one.due_on for kind, one in written[plan.pk].items() if one != above.get(kind)}
        if problems := looser(own, bounds_of(above), plan=plan.label):
            found[plan.pk] = problems
    return found
