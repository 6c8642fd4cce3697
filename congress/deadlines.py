"""The deadlines in force under a plan: its own, those of the plan it carries out, and what amending plans changed.

A plan above that has become tighter counts at once: the tighter day holds below although the lower plan says another.
The plan of the nearest superior for the same term binds whether the lower plan names it or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F, Q

from congress.lifecycle import PLAN_ISSUED
from congress.models import Coverage, DeadlineKind, Plan, PlanDeadline
from congress.rules.cascade import Bound, looser
from organizations.models import Organization
from organizations.queries import below_any


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
    return _in_force(plans, assume=assume, until=until, as_written=as_written)[0]


def _in_force(
    plans: Iterable[Plan], *, assume: Plan | None = None, until: datetime | None = None, as_written: bool = False
) -> tuple[dict[int, dict[str, Deadline]], dict[int, dict[str, Deadline]]]:
    """By plan id: the deadlines in force under each plan, and those of the plans above it alone."""
    asked = {plan.pk: plan for plan in plans}
    known, unnamed = _with_all_above(asked, until=until)
    amending = amending_plans(known, assume=assume, until=until)
    days: dict[int, list[PlanDeadline]] = {}
    for row in PlanDeadline.objects.filter(plan__in={*known, *(one.pk for many in amending.values() for one in many)}):
        days.setdefault(row.plan_id, []).append(row)

    def above(plan: Plan, under: tuple[int, ...] = ()) -> dict[str, Deadline]:
        line = (*under, plan.pk)  # a committee moved below one that it once led would go round
        named = [known[plan.based_on_id]] if plan.based_on_id else []
        found: dict[str, Deadline] = {}
        for one in [*named, *unnamed.get(plan.pk, ())]:
            bound = in_force(one, line) if one.pk not in line else {}
            found = bound | found | _tighter(bound, found)
        return found

    def in_force(plan: Plan, under: tuple[int, ...] = (), *, as_written: bool = False) -> dict[str, Deadline]:
        higher = above(plan, under)
        found = dict(higher)
        for row in days.get(plan.pk, ()):
            found[row.kind] = Deadline(row.kind, row.due_on, plan)
        for one in amending.get(plan.pk, ()):
            for row in days.get(one.pk, ()):
                old = found.get(row.kind)
                if old is None or old.due_on != row.due_on:  # written again as it was: nothing is changed
                    found[row.kind] = Deadline(row.kind, row.due_on, one, old.due_on if old else None)
        if not as_written:
            found |= _tighter(higher, found)
        return {kind: found[kind] for kind in DeadlineKind.values if kind in found}

    return (
        {pk: in_force(plan, as_written=as_written) for pk, plan in asked.items()},
        {pk: above(plan) for pk, plan in asked.items()},
    )


def _tighter(above: Mapping[str, Deadline], found: Mapping[str, Deadline]) -> dict[str, Deadline]:
    """The days of the plan above that leave less room than the lower plan's own; that one is what they replace."""

    def is_tighter(bound: date, own: date, kind: str) -> bool:
        return bound > own if kind == DeadlineKind.WINDOW_OPENS else bound < own

    return {
        kind: replace(bound, replaced=found[kind].due_on)
        for kind, bound in above.items()
        if kind in found and is_tighter(bound.due_on, found[kind].due_on, kind)
    }


def with_higher_plans(plans: dict[int, Plan]) -> dict[int, Plan]:
    """The plans and every plan they carry out, level by level."""
    known = dict(plans)
    while missing := {plan.based_on_id for plan in known.values() if plan.based_on_id} - set(known):
        known |= Plan.objects.select_related("organization").in_bulk(missing)
    return known


# ---- plans above that the lower plan does not name ----


def _with_all_above(plans: dict[int, Plan], *, until: datetime | None) -> tuple[dict[int, Plan], dict[int, list[Plan]]]:
    """The plans with every plan above them, and by plan id those above that it does not carry out in name."""
    known = with_higher_plans(plans)
    binding = _binding(known.values(), until=until)
    unnamed: dict[int, list[Plan]] = {}
    looked_at: set[int] = set()
    while left := set(known) - looked_at:
        looked_at |= left
        for pk in left:
            if one := unnamed_above(known[pk], binding, known):
                unnamed[pk] = [one]
        added = {one.pk: one for many in unnamed.values() for one in many}
        known = with_higher_plans(known | {pk: one for pk, one in added.items() if pk not in known})
    return known, unnamed


Binding = Mapping[tuple[int, str], list[Plan]]
"""(organization, term) → the issued plans of it for those below, oldest first."""


def _binding(plans: Iterable[Plan], *, until: datetime | None = None) -> Binding:
    """The plans of every superior of these plans' committees, of the same terms, that bind those below."""
    rows = list(plans)
    _place(rows)
    terms = {plan.term_label for plan in rows if _is_bound(plan)}
    above = {pk for plan in rows if _is_bound(plan) for pk in plan.organization.ancestor_ids()}
    counts = Q(state=PLAN_ISSUED, amends=None, organization__in=above, term_label__in=terms)
    if until is not None:
        counts &= Q(recorded_at__lt=until)
    issued = Plan.objects.filter(counts).exclude(coverage=Coverage.OWN).select_related("organization")
    found: dict[tuple[int, str], list[Plan]] = {}
    for one in issued.order_by("issued_on", "pk") if above else ():
        found.setdefault((one.organization_id, one.term_label), []).append(one)
    return found


def _place(plans: Iterable[Plan]) -> None:
    """Read the committees of plans that came without, all at once."""
    bare = [plan for plan in plans if not Plan.organization.is_cached(plan)]  # type: ignore[attr-defined]  # a field of the class, which the stubs call a model
    if bare:
        places = Organization.objects.in_bulk({plan.organization_id for plan in bare})
        for plan in bare:
            plan.organization = places[plan.organization_id]


def _is_bound(plan: Plan) -> bool:
    """A plan for branches, or of a branch: the congress of a đảng bộ itself goes by its own plan."""
    return plan.coverage != Coverage.OWN or plan.organization.is_branch


def unnamed_above(plan: Plan, binding: Binding, known: Mapping[int, Plan]) -> Plan | None:
    """The newest plan of the nearest superior that has one for the term, unless the plan carries it out in name."""
    if not _is_bound(plan):
        return None
    places = reversed(plan.organization.ancestor_ids())
    nearest = next((binding[pk, plan.term_label] for pk in places if (pk, plan.term_label) in binding), [])
    line, higher = {plan.pk}, plan.based_on_id
    while higher and higher not in line:
        line.add(higher)
        higher = known[higher].based_on_id
    return nearest[-1] if nearest and not line & {one.pk for one in nearest} else None


def superior_plan(plan: Plan) -> Plan | None:
    """The superior's plan that binds this one although it does not carry it out; a draft need not be stored yet."""
    known = with_higher_plans({plan.pk or 0: plan})
    return unnamed_above(plan, _binding([plan]), known)


def bound_below(plans: Iterable[Plan]) -> list[Plan]:
    """The issued plans below that these bind although they do not name them."""
    higher = {plan.pk: plan for plan in plans if plan.state == PLAN_ISSUED and plan.coverage != Coverage.OWN}
    _place(higher.values())
    if not higher:
        return []
    reach = below_any({plan.organization.path for plan in higher.values()}, "organization__")
    rows = Plan.objects.filter(
        reach, state=PLAN_ISSUED, amends=None, term_label__in={plan.term_label for plan in higher.values()}
    )
    lower = list(rows.exclude(Q(pk__in=higher) | Q(based_on__in=higher)).select_related("organization"))
    known = with_higher_plans({plan.pk: plan for plan in lower})
    binding = _binding(lower)
    return [plan for plan in lower if (one := unnamed_above(plan, binding, known)) is not None and one.pk in higher]


def deadlines_above(plans: Iterable[Plan]) -> dict[int, dict[str, Deadline]]:
    """Plan id → the deadlines of all plans above it, named by it or not."""
    return _in_force(plans)[1]


# ---- plans that amend ----


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
    """``too_loose`` for each plan below another one; plans within their bounds are left out."""
    lower = list(plans)
    written, known = _in_force(lower, assume=assume, as_written=True)
    found = {}
    for plan in lower:
        above = known[plan.pk]
        own = {kind: one.due_on for kind, one in written[plan.pk].items() if one != above.get(kind)}
        if problems := looser(own, bounds_of(above), plan=plan.label):
            found[plan.pk] = problems
    return found
