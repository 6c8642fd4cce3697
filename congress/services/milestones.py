"""The milestones of congresses: laid out from the template, moved along with the day, marked as things happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from congress import readiness
from congress.amending import plans_below
from congress.deadlines import Deadline, deadlines_of_plans
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, RATIFIED, REPORTED, STATE_NAMES, SUBMITTED
from congress.models import AssemblyKind, Congress, Milestone, Plan
from congress.plan_settings import stations_for, stations_of_plans
from congress.queries import WorkingCalendar, working_calendar
from congress.rules import timeline
from congress.rules.timeline import Station

ORDER = tuple(STATE_NAMES)
REACHED = {
    "clearance_submitted": SUBMITTED,
    "cleared": CLEARED,
    timeline.HELD: CLOSED,
    "reported": REPORTED,
    "ratified": RATIFIED,
    "dossier": COMPLETE,
}
"""Station → the state from which on it is done."""
PAPERS = {"papers_submitted": readiness.CLEARANCE, "papers_approved": readiness.CLEARING}
"""Station of the papers → the step before which no gap of theirs may be left."""
COMPARED = ("title", "owner", "after", "position", "due_on")


def lay_out(congresses: Iterable[Congress]) -> None:
    """Make or renew the milestones of each congress: days that are done or were set by people stay.

    A committee meeting has none: it follows its congress. The caller holds the transaction; queries do not grow with
    the number of congresses.
    """
    asked = {one.pk: one for one in congresses if one.kind != AssemblyKind.MEETING}
    if not asked:
        return
    plans = Plan.objects.select_related("organization").in_bulk({one.plan_id for one in asked.values()})
    stations, deadlines = stations_of_plans(plans.values()), deadlines_of_plans(plans.values())
    known: dict[int, dict[str, Milestone]] = {}
    for row in Milestone.objects.filter(congress__in=asked):
        known.setdefault(row.congress_id, {})[row.key] = row
    calendar = working_calendar()
    new: list[Milestone] = []
    changed: list[Milestone] = []
    gone: list[int] = []
    for congress in asked.values():
        rows = known.get(congress.pk, {})
        _, template = stations[congress.plan_id]
        here = _rows_of(congress, plans[congress.plan_id], template, deadlines[congress.plan_id], calendar)
        gone += [row.pk for key, row in rows.items() if key not in here and not _is_kept(row)]
        for key, wanted in here.items():
            row = rows.get(key)
            if row is None:
                new.append(wanted)
            elif row.done_on is None and _differs(row, wanted):
                for name in COMPARED:
                    setattr(row, name, getattr(wanted, name))
                changed.append(row)
    Milestone.objects.filter(pk__in=gone).delete()
    Milestone.objects.bulk_create(new, batch_size=2000)
    Milestone.objects.bulk_update(changed, COMPARED, batch_size=500)


def _is_kept(row: Milestone) -> bool:
    """Somebody has put work into it: it stays although the template has lost it."""
    return row.done_on is not None or row.planned_on is not None or bool(row.note)


def _differs(row: Milestone, wanted: Milestone) -> bool:
    return any(getattr(row, name) != getattr(wanted, name) for name in COMPARED)


def _rows_of(
    congress: Congress,
    plan: Plan,
    template: Iterable[Station],
    deadlines: dict[str, Deadline],
    calendar: WorkingCalendar,
) -> dict[str, Milestone]:
    opening = opening_of(congress)
    rows = {}
    for position, one in enumerate(stations_for(congress, template)):
        bound = deadlines.get(timeline.bindings().get(one.key, ""))
        due = timeline.due_of(
            one,
            opening=opening,
            issued=plan.issued_on,
            deadline=bound.due_on if bound else None,
            holidays=calendar.holidays,
            made_up=calendar.made_up,
        )
        rows[one.key] = Milestone(
            congress=congress,
            key=one.key,
            title=one.title,
            owner=one.owner,
            after=list(one.after),
            position=position,
            due_on=due,
        )
    return rows


def opening_of(congress: Congress) -> date | None:
    """The day of the congress: the real one, else the planned one."""
    moment = congress.opened_at or congress.planned_for
    return timezone.localdate(moment) if moment else None


def lay_out_under(plans: Iterable[Plan]) -> int:
    """``lay_out`` for every open congress under these plans and the plans that they bind. Returns how many."""
    first = list(plans)
    affected = {plan.pk for plan in (*first, *plans_below(first))}
    found = list(Congress.objects.filter(plan__in=affected).exclude(state=COMPLETE))
    lay_out(found)
    return len(found)


# ---- what is done ----


def settle(congress: Congress, *, actor: User, at: datetime) -> None:
    """Mark what the congress has reached by its new state, and unmark what it has fallen back behind.

    What a reached station waits for has happened as well, whoever forgot to say so. Called within every move.
    """
    reached = ORDER.index(congress.state)
    ended = {key for key, state in REACHED.items() if ORDER.index(state) <= reached}
    back = set(REACHED) - ended
    after = {row.key: row.after for row in congress.milestones.all()}
    while more := {key for one in ended for key in after.get(one, ()) if key not in ended | back}:
        ended |= more
    rows = congress.milestones.filter
    rows(key__in=ended, done_on__isnull=True).update(done_on=timezone.localdate(at), done_by=actor)
    rows(key__in=back, done_on__isnull=False).update(done_on=None, done_by=None)


def settle_papers(congress_id: int, key: str, *, actor: User, at: datetime) -> None:
    """After an act on a paper: the station (of ``PAPERS``) is done while none of the papers is missing any more."""
    row = Milestone.objects.filter(congress=congress_id, key=key).select_related("congress__organization").first()
    if row is None:
        return
    missing = any(gap.url_name.startswith("documents:") for gap in readiness.gaps(row.congress, PAPERS[key]))
    if missing == (row.done_on is None):
        return
    row.done_on, row.done_by = (None, None) if missing else (timezone.localdate(at), actor)
    row.save(update_fields=["done_on", "done_by"])


def mark(congress_id: int, key: str, *, actor: User, at: datetime) -> None:
    """Something has happened that ends this station: other services call it with what they know."""
    waiting = Milestone.objects.filter(Q(done_on__isnull=True), congress=congress_id, key=key)
    waiting.update(done_on=timezone.localdate(at), done_by=actor)
