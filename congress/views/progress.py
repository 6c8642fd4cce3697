"""Tiến độ: how far the branches are, against the deadline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Min, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import charts, wording
from accounts.access import signed_in
from accounts.exporting import excel_url, wants_excel
from accounts.formfields import DayField
from accounts.models import User
from accounts.roles import Role
from accounts.sheets import xlsx_response
from accounts.templatetags.ui import badge, due
from accounts.web import number_of, signed_in_user
from congress import progress_export, queries, rollup
from congress.forms.progress import LATE, ProgressFilter
from congress.models import Congress, CongressStep
from congress.progress import Line, Overview, branch_congresses, end_of, overview, terms_of
from congress.reach import outermost
from congress.structure import structure_of
from organizations.models import Organization
from organizations.queries import below
from organizations.queries import visible_to as organizations_visible_to

PER_PAGE = 100
COLUMNS = (
    {"label": "Chi bộ"},
    {"label": "Bước"},
    {"label": "Ai đang giữ việc"},
    {"label": "Từ ngày", "numeric": True},
    {"label": "Ngày đại hội", "numeric": True},
    {"label": "Hạn của bước này"},
)


@signed_in("GET")
def progress(request: HttpRequest) -> HttpResponse:
    """Metrics, the curve, one bar per đảng bộ, and the branches with exceptions first."""
    user, today = signed_in_user(request), timezone.localdate()
    place = place_looked_at(request)
    congresses = congresses_looked_at(user, place)
    terms = terms_of(congresses)
    if not terms:
        return render(request, "congress/progress.html", {"crumbs": [("Tiến độ", request.path)]})
    asked = request.GET.get("nhiem_ky", "")
    term = asked if asked in terms else terms[0]
    congresses = congresses.filter(term_label=term)
    as_of, problem = looked_from(request, congresses, today)
    if congresses.count() > rollup.LINES:
        return _rolled_up(request, user, place, term, as_of, problem)
    seen = overview(user, term, as_of=as_of, place=place)
    committees = [(one.pk, one.name) for one, _, _ in seen.by_committee()]
    form = ProgressFilter(request.GET or None, terms=terms, committees=committees)
    form.is_valid()
    wanted = form.cleaned_data if form.is_bound else {}
    lines = _narrowed(seen.lines, wanted)
    if wants_excel(request):
        return xlsx_response(f"Tiến độ đại hội {term}", progress_export.lines("TIẾN ĐỘ ĐẠI HỘI", seen, lines))
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "seen": seen,
        "is_past": seen.as_of < today,
        "problem": problem,
        "excel_url": excel_url(request),
        "metrics": metrics_of(seen),
        "curve": seen.curve(),
        "multiples": seen.multiples(f"?{kept(request, 'dang_bo')}dang_bo="),
        "structure": structure_of(congresses, on=seen.as_of),
        "columns": COLUMNS,
        "rows": _rows(page),
        "page_obj": page,
        "last_day_url": _last_day_url(request, seen),
        "clear_url": request.path if wanted and any(wanted.values()) else "",
        "crumbs": [("Tiến độ", request.path)],
    }
    return render(request, "congress/progress.html", context)


def place_looked_at(request: HttpRequest) -> Organization | None:
    """The organization in the address that the person may see; None looks at everything in reach."""
    asked = number_of(request.GET.get("thuoc", ""))
    return organizations_visible_to(signed_in_user(request)).filter(pk=asked).first() if asked else None


def congresses_looked_at(user: User, place: Organization | None) -> QuerySet[Congress]:
    """Those of the branches in reach, narrowed to what lies at or below ``place``."""
    found = branch_congresses(user)
    return found.filter(below(place.path, "organization__")) if place else found


def _rolled_up(
    request: HttpRequest, user: User, place: Organization | None, term: str, as_of: date, problem: str
) -> HttpResponse:
    """Above thousands of branches: one line per body directly below, each leading further down."""
    scopes = [place] if place else outermost(user, *Role)
    parts = [part for scope in scopes for part in rollup.parts_of(scope, term, as_of=as_of)]
    if wants_excel(request):
        return xlsx_response(f"Tiến độ đại hội {term}", progress_export.parts(parts, term, as_of))
    onward = kept(request, "thuoc")
    total, held = sum(part.total for part in parts), sum(part.held for part in parts)
    finding = f"{wording.number(held)}/{wording.number(total)} chi bộ đã đại hội"
    chart = charts.multiples(
        title=finding,
        items=[
            (part.organization.name, part.held, part.total, f"?{onward}thuoc={part.organization.pk}") for part in parts
        ],
    )
    context = {
        "term": term,
        "as_of": as_of,
        "problem": problem,
        "excel_url": excel_url(request),
        "place": place,
        "metrics": [
            {"label": "Chi bộ đã đại hội", "value": held, "of": total, "note": wording.share(held, total)},
            {"label": "Đã chuẩn y", "value": sum(part.ratified for part in parts), "of": held, "note": ""},
        ],
        "multiples": chart,
        "crumbs": [("Tiến độ", request.path)],
    }
    return render(request, "congress/rollup.html", context)


def looked_from(request: HttpRequest, congresses: QuerySet[Congress], today: date) -> tuple[date, str]:
    """The day in the address; today with a sentence for the top of the page when nothing can be said of that day."""
    asked = request.GET.get("tinh_den", "").strip()
    try:
        day = DayField(required=False).clean(asked)
    except ValidationError:
        return today, f"Không đọc được ngày “{asked[:30]}”. Ghi ngày theo dạng ngày/tháng/năm, ví dụ 30/5/2022."
    if not day:
        return today, ""
    if day > today:
        return today, f"Ngày {wording.day(day)} chưa tới nên chưa có số liệu. Chọn hôm nay hoặc một ngày đã qua."
    if queries.begun_by(congresses, end_of(day)).exists():
        return day, ""
    begun = wording.day(_first_day(congresses))
    return today, f"Ngày {wording.day(day)} chưa có đại hội nào được mở; số liệu có từ {begun}. Chọn ngày sau đó."


def _first_day(congresses: QuerySet[Congress]) -> date:
    """The day on which the first of these, all begun later than some day, was opened or met."""
    steps = CongressStep.objects.filter(congress__in=congresses.select_related(None).order_by().values("pk"))
    known = (steps.aggregate(first=Min("entered_at")), congresses.order_by().aggregate(first=Min("closed_at")))
    return timezone.localdate(min(one["first"] for one in known if one["first"]))


def _narrowed(lines: list[Line], wanted: dict[str, Any]) -> list[Line]:
    if wanted.get("dang_bo"):
        lines = [line for line in lines if line.authority_id == wanted["dang_bo"]]
    step = wanted.get("buoc")
    if step == LATE:
        return [line for line in lines if line.is_late]
    return [line for line in lines if line.state == step] if step else lines


def metrics_of(seen: Overview) -> list[dict[str, Any]]:
    """The figures on top of the page and on the home of a committee."""
    share = wording.share(seen.held, seen.total)
    found = [
        {"label": "Chi bộ đã đại hội", "value": seen.held, "of": seen.total, "note": share},
        {"label": "Đã chuẩn y", "value": seen.ratified, "of": seen.held, "note": ""},
        {"label": "Quá hạn", "value": seen.late, "note": seen.late_words},
    ]
    if seen.pace is not None:
        note = f"ngày làm việc, để kịp {wording.day(seen.deadline)}" if seen.deadline else ""
        found.append({"label": "Cần mỗi ngày", "value": seen.pace, "note": f"chi bộ một {note}"})
    if seen.without_congress:
        found.append(
            {
                "label": "Chưa mở đại hội",
                "value": seen.without_congress,
                "note": f"chưa có kế hoạch nhiệm kỳ {seen.term_label}",
            }
        )
    return found


def _rows(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Many branches share a state and a day, so each badge and each day is written once."""
    shown_badge, shown_due = cache(badge), cache(due)

    def row(line: Line) -> dict[str, Any]:
        left = line.left if not line.is_held or line.is_late else None
        return {
            "url": reverse("congress:detail", args=[line.congress_id]),
            "cells": [
                {"text": line.branch, "note": f"{line.committee}{', đại hội điểm' if line.is_pilot else ''}"},
                shown_badge(line.label, line.tone),
                line.holder,
                wording.day(line.since),
                wording.day(line.planned_on) if line.planned_on else None,
                shown_due(line.due, left) if line.due else None,
            ],
        }

    return [row(line) for line in lines]


def kept(request: HttpRequest, *but: str) -> str:
    """The filters of the address, to be followed by one more; without those named and without the page."""
    query = request.GET.copy()
    for name in (*but, "page"):
        query.pop(name, None)
    text = query.urlencode()
    return f"{text}&" if text else ""


def _last_day_url(request: HttpRequest, seen: Overview) -> str:
    """The same page seen from the newest day on which a congress closed."""
    if seen.last_day is None or seen.last_day >= seen.as_of:
        return ""
    day = QueryDict(mutable=True)
    day["tinh_den"] = wording.day(seen.last_day)
    return f"?{kept(request, 'tinh_den')}{day.urlencode()}"
