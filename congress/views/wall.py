"""Bảng theo dõi: all branches of a term on one sheet, exceptions first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import signed_in
from accounts.exporting import excel_url, wants_excel
from accounts.sheets import xlsx_response
from accounts.web import signed_in_user
from congress import progress_export
from congress.forms.progress import ACCOUNTLESS, FLAT, LATE, OPEN, SILENT, STUCK, WallFilter
from congress.lifecycle import COMPLETE
from congress.progress import Line, overview, terms_of
from congress.rollup import LINES
from congress.stations import STATIONS
from congress.views.progress import congresses_looked_at, kept, looked_from, metrics_of, place_looked_at
from congress.wall import (
    Contact,
    at_committees,
    contacts_of,
    exceptions_of,
    groups_of,
    has_no_account,
    has_not_signed_in,
    is_stuck,
)

PLACES, NAMED = 3, 2
"""Committees of each kind of exception above the sheet, and branches named of each; the filter shows the rest."""


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
    congresses = congresses.filter(term_label=term)
    if congresses.count() > LINES:
        return redirect(f"{reverse('congress:progress')}?{request.GET.urlencode()}")
    as_of, problem = looked_from(request, congresses, today)
    seen = overview(user, term, as_of=as_of, by_step=True, place=place)
    contacts = contacts_of(congresses, on=today)
    form = WallFilter(
        request.GET or None,
        terms=terms,
        committees=[(one.pk, one.name) for one, _, _ in seen.by_committee()],
        is_past=as_of < today,
    )
    form.is_valid()
    wanted = form.cleaned_data if form.is_bound else {}
    chosen = seen.committees.get(wanted.get("dang_bo") or 0)
    here = seen.of_committee(chosen.pk) if chosen else seen
    in_reach = here.lines
    step = wanted.get("buoc", "")
    lines = [line for line in in_reach if _choice(step, contacts)(line)]
    if wants_excel(request):
        name = f"Bảng theo dõi đại hội {term}"
        to_print = contacts if as_of == today else None
        return xlsx_response(name, progress_export.wall("BẢNG THEO DÕI ĐẠI HỘI", seen, lines, to_print))
    to_call = contacts if step in (SILENT, ACCOUNTLESS, STUCK, LATE) else None
    context = {
        "form": form,
        "seen": seen,
        "is_past": as_of < today,
        "problem": problem,
        "metrics": metrics_of(here),
        "chosen": chosen,
        "stations": [label for label, _ in STATIONS],
        "groups": groups_of(seen, lines, by_committee=wanted.get("xep") != FLAT, contacts=to_call),
        "calls": to_call is not None,
        "count": len(lines),
        "total": len(in_reach),
        "exceptions": list(_exceptions(request, in_reach, contacts, is_past=as_of < today)),
        "excel_url": excel_url(request),
        "clear_url": request.path if any(wanted.values()) else "",
        "crumbs": crumbs,
    }
    return render(request, "congress/wall.html", context)


def _choice(step: str, contacts: dict[int, Contact]) -> Callable[[Line], bool]:
    """Which lines a choice of the filter keeps."""
    named: dict[str, Callable[[Line], bool]] = {
        "": lambda line: True,
        OPEN: lambda line: line.state != COMPLETE,
        LATE: lambda line: line.is_late,
        STUCK: is_stuck,
        SILENT: lambda line: has_not_signed_in(line, contacts),
        ACCOUNTLESS: lambda line: has_no_account(line, contacts),
    }
    return named.get(step, lambda line: line.state == step)


def _exceptions(request: HttpRequest, lines: list[Line], contacts: dict[int, Contact], *, is_past: bool) -> Any:
    """The parts above the sheet. Accounts are known as of today alone, so a past day says nothing of them."""
    found = exceptions_of(lines, contacts)
    stuck = ("Kẹt lâu nhất", STUCK, "Không có chi bộ nào kẹt.")
    late = ("Quá hạn của bước đang làm", LATE, "Không có chi bộ nào quá hạn.")
    yield _part(request, stuck, found.stuck, contacts, _stuck_words, worst=lambda line: line.holding)
    yield _part(request, late, found.late, contacts, _late_words, worst=lambda line: -(line.left or 0))
    if is_past:
        return
    silent = ("Bí thư có tài khoản, chưa đăng nhập", SILENT, "Bí thư nào có tài khoản cũng đã đăng nhập.")
    accountless = ("Bí thư chưa có tài khoản", ACCOUNTLESS, "Bí thư của mọi chi bộ đã có tài khoản.")
    for title, own in ((silent, found.silent), (accountless, found.accountless)):
        yield _part(request, title, own, contacts, lambda own: "", worst=lambda line: 0, calls=True)


def _part(
    request: HttpRequest,
    title: tuple[str, str, str],
    lines: list[Line],
    contacts: dict[int, Contact],
    words: Callable[[list[Line]], str],
    *,
    worst: Callable[[Line], int],
    calls: bool = False,
) -> dict[str, Any]:
    """``title``: the heading, the choice of the filter, the sentence when there are none."""
    heading, step, none = title
    places = at_committees(lines, worst=worst)
    return {
        "title": heading,
        "count": len(lines),
        "none": none,
        "calls": calls,
        "places": [
            {
                "committee": own[0].committee,
                "count": len(own),
                "words": words(own),
                "branches": [(line, contacts.get(line.branch_id)) for line in own[:NAMED]],
                "more": len(own) - NAMED,
                "url": _only(request, step, own[0].authority_id),
            }
            for own in places[:PLACES]
        ],
        "more_places": max(0, len(places) - PLACES),
        "url": _only(request, step) if len(lines) > NAMED else "",
    }


def _only(request: HttpRequest, step: str, committee: int | None = None) -> str:
    chosen = {"buoc": step} | ({"dang_bo": committee} if committee else {})
    return f"?{kept(request, 'buoc', *(['dang_bo'] if committee else []))}{urlencode(chosen)}"


def _stuck_words(own: list[Line]) -> str:
    first = own[0]
    days = f"{first.holding} ngày làm việc" if first.holding <= wording.WORKING_YEAR else "hơn một năm"
    return f"lâu nhất {days}: {first.label.lower()}, {first.holder} giữ từ {wording.day(first.since)}"


def _late_words(own: list[Line]) -> str:
    first = own[0]
    due = f" (hạn {wording.day(first.due)})" if first.due else ""
    return f"{first.label.lower()}, {wording.working_days(first.left or 0)}{due}"
