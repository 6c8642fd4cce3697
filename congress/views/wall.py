"""Bảng theo dõi: all branches of a term on one sheet, exceptions first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import signed_in
from accounts.web import signed_in_user
from congress.forms.progress import FLAT, LATE, OPEN, SILENT, STUCK, WallFilter
from congress.lifecycle import COMPLETE
from congress.progress import Line, overview, terms_of
from congress.rollup import LINES
from congress.stations import STATIONS
from congress.views.progress import congresses_looked_at, day_looked_from, kept, metrics_of, place_looked_at
from congress.wall import Contact, contacts_of, exceptions_of, groups_of, is_stuck

SHOWN = 5
"""Exceptions of each kind named above the sheet; the filter shows the rest."""


@signed_in("GET")
def wall(request: HttpRequest) -> HttpResponse:
    """The matrix of branches × stations, as of today or of a past day."""
    user, today = signed_in_user(request), timezone.localdate()
    crumbs = [("Tiến độ", reverse("congress:progress")), ("Bảng theo dõi", request.path)]
    place = place_looked_at(request)
    congresses = congresses_looked_at(user, place)
    terms = terms_of(congresses)
    if not terms:
        return render(request, "congress/wall.html", {"crumbs": crumbs})
    asked = request.GET.get("nhiem_ky", "")
    term = asked if asked in terms else terms[0]
    if congresses.filter(term_label=term).count() > LINES:
        return redirect(f"{reverse('congress:progress')}?{request.GET.urlencode()}")
    seen = overview(user, term, as_of=day_looked_from(request, today), by_step=True, place=place)
    contacts = contacts_of(congresses.filter(term_label=term), on=today)
    form = WallFilter(
        request.GET or None, terms=terms, committees=[(one.pk, one.name) for one, _, _ in seen.by_committee()]
    )
    wanted = form.cleaned_data if form.is_valid() else {}
    in_reach = [line for line in seen.lines if wanted.get("dang_bo") in (None, line.authority_id)]
    lines = [line for line in in_reach if _choice(wanted.get("buoc", ""), contacts)(line)]
    found = exceptions_of(in_reach, contacts)
    context = {
        "form": form,
        "seen": seen,
        "is_past": seen.as_of < today,
        "metrics": metrics_of(seen),
        "stations": [label for label, _ in STATIONS],
        "groups": groups_of(seen, lines, by_committee=wanted.get("xep") != FLAT),
        "count": len(lines),
        "total": len(in_reach),
        "exceptions": [
            _part("Kẹt lâu nhất", STUCK, found.stuck, request, _stuck_words),
            _part("Quá hạn", LATE, found.late, request, _late_words),
        ],
        "silent": found.silent[:SHOWN],
        "silent_count": len(found.silent),
        "silent_url": _only(request, SILENT),
        "clear_url": request.path if any(wanted.values()) else "",
        "crumbs": crumbs,
    }
    return render(request, "congress/wall.html", context)


def _choice(step: str, contacts: dict[int, Contact]) -> Callable[[Line], bool]:
    """Which lines a choice of the filter keeps."""

    def has_not_signed_in(line: Line) -> bool:
        contact = contacts.get(line.branch_id)
        return contact is None or not contact.has_signed_in

    named: dict[str, Callable[[Line], bool]] = {
        "": lambda line: True,
        OPEN: lambda line: line.state != COMPLETE,
        LATE: lambda line: line.is_late,
        STUCK: is_stuck,
        SILENT: has_not_signed_in,
    }
    return named.get(step, lambda line: line.state == step)


def _only(request: HttpRequest, step: str) -> str:
    return f"?{kept(request, 'buoc')}buoc={step}"


def _part(
    title: str, step: str, lines: list[Line], request: HttpRequest, words: Callable[[Line], str]
) -> dict[str, Any]:
    return {
        "title": title,
        "count": len(lines),
        "rows": [(line, words(line)) for line in lines[:SHOWN]],
        "url": _only(request, step) if len(lines) > SHOWN else "",
    }


def _stuck_words(line: Line) -> str:
    days = f"{line.holding} ngày làm việc" if line.holding <= wording.WORKING_YEAR else "hơn một năm"
    return f"{line.label}, {line.holder} giữ {days}"


def _late_words(line: Line) -> str:
    due = f" (hạn {wording.day(line.due)})" if line.due else ""
    return f"{line.label}, {wording.working_days(line.left or 0)}{due}"
