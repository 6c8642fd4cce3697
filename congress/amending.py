"""What an amending plan changes: each deadline old → new, whom it reaches, which lower plans become too loose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from accounts import wording
from congress.deadlines import Deadline, bound_below, deadlines_of_plans, too_loose_of_plans
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, HELD, PLAN_ISSUED, REPORTED, SITTING, SUBMITTED
from congress.models import Congress, DeadlineKind, Plan
from congress.queries import not_stopped

PASSED = {
    DeadlineKind.PAPERS: (SUBMITTED, CLEARED, SITTING, *HELD),
    DeadlineKind.CLEARANCE: (SUBMITTED, CLEARED, SITTING, *HELD),
    DeadlineKind.WINDOW_OPENS: HELD,
    DeadlineKind.WINDOW_CLOSES: HELD,
    DeadlineKind.RATIFICATION: tuple(state for state in HELD if state not in (CLOSED, REPORTED)),
    DeadlineKind.DOSSIER: (COMPLETE,),
}
"""Deadline → the states of congresses to which it no longer matters."""


@dataclass(frozen=True, slots=True)
class Change:
    """One deadline under one plan: ``old`` None where none was set before."""

    plan: Plan
    kind: str
    old: date | None
    new: date

    @property
    def label(self) -> str:
        return DeadlineKind(self.kind).label


@dataclass(frozen=True, slots=True)
class Effect:
    """What a plan that amends others brings: ``lower`` are changes that reach plans of those below."""

    changes: tuple[Change, ...]
    lower: tuple[Change, ...]
    to_mend: tuple[tuple[Plan, tuple[str, ...]], ...]
    congresses: tuple[Congress, ...]
    outside: tuple[tuple[Congress, str], ...]
    passed: tuple[Congress, ...]

    @property
    def open(self) -> int:
        return len(self.congresses) - len(self.passed)

    @property
    def waiting(self) -> list[Congress]:
        """Those that the new days still bind."""
        passed = {one.pk for one in self.passed}
        return [one for one in self.congresses if one.pk not in passed]

    @property
    def organizations(self) -> set[int]:
        """The committees whose plans have other days now."""
        return {one.plan.organization_id for one in (*self.changes, *self.lower)}


def amended_by(plan: Plan) -> list[Plan]:
    """The plans that it amends, and those that these amend in their turn."""
    found: dict[int, Plan] = {}
    newest = list(plan.amends.select_related("organization"))
    while newest:
        found |= {one.pk: one for one in newest}
        again = Plan.objects.filter(amendments__in=newest).exclude(pk__in=found)
        newest = list(again.select_related("organization"))
    return list(found.values())


def amended_first(plan: Plan) -> list[Plan]:
    """Of those it amends, the plans that opened congresses or bind plans below: not the amendments in between."""
    known = [one.pk for one in amended_by(plan)]
    return list(Plan.objects.filter(pk__in=known, amends=None).select_related("organization").order_by("pk"))


def governed_by(plan: Plan) -> QuerySet[Congress]:
    """The congresses that go by it: opened under it, under the plans that carry it out, or under those it amends."""
    own = [plan, *amended_by(plan)]
    return _living(Congress.objects.filter(plan__in=[one.pk for one in (*own, *plans_below(own))]))


def _living(congresses: QuerySet[Congress]) -> QuerySet[Congress]:
    return not_stopped(congresses, on=timezone.localdate())


def plans_below(plans: Iterable[Plan]) -> list[Plan]:
    """The issued plans bound by these, named as carried out or not, and those below them; not the plans themselves."""
    found: dict[int, Plan] = {plan.pk: plan for plan in plans}
    first, newest = set(found), set(found)
    while newest:
        rows = Plan.objects.filter(based_on__in=newest, state=PLAN_ISSUED).exclude(pk__in=found)
        below = {plan.pk: plan for plan in rows.select_related("organization")}
        below |= {plan.pk: plan for plan in bound_below(found[pk] for pk in newest) if plan.pk not in found}
        found |= below
        newest = set(below)
    return [plan for pk, plan in found.items() if pk not in first]


def effect_of(plan: Plan) -> Effect:
    """Of a draft: as if it were issued now. Of an issued plan: what it changed when it was issued."""
    amended = amended_first(plan)
    below = plans_below(amended)
    if plan.state == PLAN_ISSUED:
        before = deadlines_of_plans([*amended, *below], until=plan.recorded_at)
        after = deadlines_of_plans([*amended, *below], assume=plan, until=plan.recorded_at)
    else:
        before, after = deadlines_of_plans([*amended, *below]), deadlines_of_plans([*amended, *below], assume=plan)
    own = [change for one in amended for change in _changes(one, before[one.pk], after[one.pk])]
    lower = [change for one in below for change in _changes(one, before[one.pk], after[one.pk])]
    loose = too_loose_of_plans([*amended, *below], assume=None if plan.state == PLAN_ISSUED else plan)
    to_mend = [(one, tuple(loose[one.pk].values())) for one in below if one.pk in loose]
    congresses = list(_congresses_under([*amended, *below]))
    changed = {(change.plan.pk, change.kind) for change in (*own, *lower)}
    reached = [one for one in congresses if any(pk == one.plan_id for pk, _ in changed)]
    passed = [one for one in reached if _has_passed(one, {kind for pk, kind in changed if pk == one.plan_id})]
    done = {one.pk for one in passed}
    waiting = [one for one in reached if one.pk not in done]
    outside = [(one, why) for one in waiting if (why := _outside(one, after[one.plan_id]))]
    return Effect(tuple(own), tuple(lower), tuple(to_mend), tuple(reached), tuple(outside), tuple(passed))


def _changes(plan: Plan, before: dict[str, Deadline], after: dict[str, Deadline]) -> list[Change]:
    found = []
    for kind, new in after.items():
        old = before.get(kind)
        if old is None or old.due_on != new.due_on:
            found.append(Change(plan, kind, old.due_on if old else None, new.due_on))
    return found


def _congresses_under(plans: Iterable[Plan]) -> Iterable[Congress]:
    found = _living(Congress.objects.filter(plan__in=[plan.pk for plan in plans]))
    return found.select_related("organization", "authority").order_by("organization__path")


def _has_passed(congress: Congress, kinds: set[str]) -> bool:
    return all(congress.state in PASSED[DeadlineKind(kind)] for kind in kinds)


def _outside(congress: Congress, days: dict[str, Deadline]) -> str:
    """Why the planned day falls outside the window now; "" when it does not, is not set, or has been met."""
    if congress.planned_for is None or congress.state in (SITTING, *HELD):
        return ""
    day = timezone.localdate(congress.planned_for)
    opens, closes = days.get(DeadlineKind.WINDOW_OPENS), days.get(DeadlineKind.WINDOW_CLOSES)
    if opens is not None and day < opens.due_on:
        return f"dự kiến {wording.day(day)}, trước ngày sớm nhất mới {wording.day(opens.due_on)}"
    if closes is not None and day > closes.due_on:
        return f"dự kiến {wording.day(day)}, sau ngày chậm nhất mới {wording.day(closes.due_on)}"
    return ""
