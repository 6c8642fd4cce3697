"""Việc cần làm: the first page of everyone. It knows every app's clocks, so it stands in the topmost one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import signed_in
from accounts.exporting import excel_url, wants_excel
from accounts.models import User
from accounts.roles import Role
from accounts.sheets import Column, write_xlsx, xlsx_response
from accounts.web import signed_in_user
from congress import duties
from congress.lifecycle import STATE_NAMES
from congress.models import Congress
from congress.progress import Overview, branch_congresses, overview, terms_of
from congress.queries import WorkingCalendar, visible_to, working_calendar
from congress.reminders import shown_to, silent_since
from congress.rollup import LINES
from congress.stations import ball_of, stations_of
from congress.views.progress import metrics_of
from elections.rehearsal.policies import can_rehearse, why_not_now
from organizations.queries import BRANCH_ROLES, COMMITTEE_ROLES, acting_assignments

SHOWN = 15
"""Duties on the page at once; the rest are one key away."""

BRANCHES = 3
"""Branches of one person whose stations are shown."""


@signed_in("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Duties first; then where the branch's congress stands, or how far the branches are."""
    user, today = signed_in_user(request), timezone.localdate()
    assignments = acting_assignments(user)
    calendar = working_calendar()
    owed = duties.of(user)
    if wants_excel(request):
        return xlsx_response("Việc cần làm", _as_workbook(owed, today))
    mine = [_shown(duty, today, calendar) for duty in owed]
    congresses = _branch_congresses(user, today, calendar)
    seen = _overview(user, today)
    context = {
        "assignments": assignments,
        "duties": mine[:SHOWN],
        "more_duties": mine[SHOWN:],
        "count": len(mine),
        "excel_url": excel_url(request),
        "reminders": shown_to(user).filter(seen_at__isnull=True).count(),
        "reminding_since_when": _silence(user),
        "congresses": congresses,
        "others": _others_owe(congresses, seen),
        "seen": seen,
        "metrics": metrics_of(seen) if seen else [],
        "curve": seen.curve() if seen else None,
        "crumbs": [("Việc cần làm", request.path)],
    }
    return render(request, "home.html", context)


def _silence(user: User) -> str:
    """For the administrators: since when nobody is reminded any more; "" while the clock runs or has never run."""
    if not any(one.role == Role.SYSTEM_ADMINISTRATOR for one in acting_assignments(user)):
        return ""
    is_silent, last = silent_since(at=timezone.now())
    if not is_silent or last is None:
        return ""
    when = f"Lần nhắc gần nhất lúc {wording.moment(timezone.localtime(last))}."
    return f"{when} Kiểm tra tiến trình nền theo hướng dẫn vận hành."


def _as_workbook(owed: Sequence[duties.Duty], today: date) -> bytes:
    return write_xlsx(
        "Việc cần làm",
        [Column("STT", 6), "Việc", "Ở đâu", "Từ lúc", "Hạn"],
        [[number, one.sentence, one.where, one.since, one.due_on] for number, one in enumerate(owed, start=1)],
        above=["VIỆC CẦN LÀM", f"Tính đến ngày {wording.day(today)}"],
    )


def _shown(duty: duties.Duty, today: date, calendar: WorkingCalendar) -> dict[str, Any]:
    return {
        "title": duty.sentence,
        "where": duty.where,
        "due": duty.due_on,
        "left": calendar.left(today, duty.due_on) if duty.due_on else None,
        "action": duty.button,
        "url": duty.url,
    }


def _branch_congresses(user: User, today: date, calendar: WorkingCalendar) -> list[dict[str, Any]]:
    """The newest congress of each branch in which the person has a part, with its stations."""
    places = {one.organization_id for one in acting_assignments(user) if one.role in BRANCH_ROLES}
    if not places:
        return []
    newest: dict[int, Congress] = {}
    for congress in visible_to(user).filter(organization__in=places).order_by("term_label"):
        newest[congress.organization_id] = congress
    shown = list(newest.values())[:BRANCHES]
    return [_standing(congress, today, calendar) | _rehearsal(user, congress) for congress in shown]


def _standing(congress: Congress, today: date, calendar: WorkingCalendar) -> dict[str, Any]:
    return {
        "congress": congress,
        "url": reverse("congress:detail", args=[congress.pk]),
        "stations": stations_of(congress),
        "ball": ball_of(congress, today=today, calendar=calendar),
    }


def _rehearsal(user: User, congress: Congress) -> dict[str, str]:
    """The way to a rehearsal while the congress lies ahead, for those who may play one."""
    if why_not_now(congress) or not can_rehearse(user, congress):
        return {}
    return {"rehearsal_url": reverse("elections:rehearsals", args=[congress.pk])}


def _overview(user: User, today: date) -> Overview | None:
    """The newest term of the branches below a committee; None for people of one branch."""
    if not any(one.role in COMMITTEE_ROLES for one in acting_assignments(user)):
        return None
    congresses = branch_congresses(user)
    terms = terms_of(congresses)
    if not terms or congresses.filter(term_label=terms[0]).count() > LINES:
        return None  # counted on the page of progress, by what lies below
    return overview(user, terms[0], as_of=today)


def _others_owe(congresses: list[dict[str, Any]], seen: Overview | None) -> list[dict[str, str]]:
    """Who has to act now, when it is not this person."""
    found = [
        {"text": f"{one['ball'].holder} {one['ball'].waiting_for}", "url": one["url"]}
        for one in congresses
        if one["ball"] is not None
    ]
    if seen is not None:
        counts = {state: sum(line.state == state for line in seen.lines) for state in STATE_NAMES}
        address = reverse("congress:progress")
        found += [
            {"text": f"{count} chi bộ {STATE_NAMES[state].lower()}", "url": f"{address}?buoc={state}"}
            for state, count in counts.items()
            if count and state != "complete"
        ]
    return found
