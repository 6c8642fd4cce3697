"""The calendar of a person, the Gantt picture of a committee, the holiday table, and feeds for other calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import public, scoped, signed_in
from accounts.charts import Table
from accounts.errors import InvalidInput
from accounts.gantt import Gantt, Span, gantt
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress import queries
from congress.calendar import by_committee, events_of, month_of, place_of, placed
from congress.feeds import as_icalendar
from congress.forms.timeline import HolidayForm, MonthForm
from congress.lifecycle import HELD
from congress.models import Congress, Holiday
from congress.services import holidays as services
from congress.stations import TONES, due_of
from organizations.models import AccessLink, Organization
from organizations.queries import acting_assignments, below
from organizations.scopes import ORGANIZATION
from organizations.without_sign_in import opened

FORM_METHODS = ("GET", "POST")
FIRST_YEAR, LAST_YEAR = 2000, 2100
PER_PAGE = 50
PREPARATION = timedelta(days=30)
WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "CN")


def _month(asked: Mapping[str, str], today: date) -> tuple[date, str]:
    """The first day of ``thang=2022-06``, or of ``thang`` and ``nam`` as chosen; else of this month, and why."""
    typed = asked.get("thang", "")
    year, _, month = typed.partition("-") if "-" in typed else (asked.get("nam", str(today.year)), "-", typed)
    if year.isdecimal() and month.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1), ""
    why = f"Tháng đã hỏi không có trong lịch ({FIRST_YEAR}–{LAST_YEAR}) nên mở tháng này." if typed else ""
    return today.replace(day=1), why


@signed_in("GET")
def calendar(request: HttpRequest) -> HttpResponse:
    """Congress days and steps due in one month, in the person's reach; a grid, and a list on a phone."""
    today = timezone.localdate()
    first, problem = _month(request.GET, today)
    weeks = month_of(signed_in_user(request), first.year, first.month, today=today)
    days = [day for week in weeks for day in week]
    one_day = next((day for day in days if day.on.isoformat() == request.GET.get("ngay")), None)
    before, after = first - timedelta(days=1), first + timedelta(days=32)
    context = {
        "first": first,
        "problem": problem,
        "chooser": MonthForm(initial={"thang": first.month, "nam": first.year}),
        "weeks": weeks,
        "weekdays": WEEKDAYS,
        "listed": [one_day] if one_day else [day for day in days if day.in_month and not day.is_empty],
        "one_day": one_day,
        "month_url": f"?thang={first.year}-{first.month:02d}",
        "before": f"?thang={before.year}-{before.month:02d}",
        "after": f"?thang={after.year}-{after.month:02d}",
        "is_this_month": (first.year, first.month) == (today.year, today.month),
        "years_missing": _years_missing([first.year]),
        "places": _committees(request),
        "crumbs": [("Lịch đại hội", request.path)],
    }
    return render(request, "congress/plans/calendar.html", context)


def _committees(request: HttpRequest) -> list[Organization]:
    """Where the person works above branches: each has a picture of its own."""
    places = {one.organization_id: one.organization for one in acting_assignments(signed_in_user(request))}
    return [one for one in places.values() if not one.is_branch]


def _years_missing(years: list[int]) -> list[int]:
    known = {day.year for day in Holiday.objects.filter(is_working=False).values_list("day", flat=True)}
    return [year for year in years if year not in known]


@scoped(ORGANIZATION)
def committee_gantt(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The congresses below one committee over time, page by page, then those without a day: every one is named."""
    visible = queries.visible_to(signed_in_user(request)).filter(below(organization.path, "organization__"))
    found = queries.not_stopped(visible, on=timezone.localdate())
    terms = sorted(set(found.order_by().values_list("term_label", flat=True)), reverse=True)
    asked = request.GET.get("nhiem_ky", "")
    term = asked if asked in terms else (terms[0] if terms else "")
    congresses = list(found.filter(term_label=term).order_by("organization__path"))
    dated = [one for one in congresses if one.opened_at or one.planned_for]
    dated.sort(key=lambda one: (one.opened_at or one.planned_for, one.organization.path))
    page = Paginator(dated, PER_PAGE).get_page(request.GET.get("page"))
    undated = [one for one in congresses if not (one.opened_at or one.planned_for)]
    context = {
        "organization": organization,
        "term": term,
        "terms": terms,
        "chart": _picture(list(page), dated, term),
        "page_obj": page,
        "total": len(congresses),
        "dated": len(dated),
        "undated": by_committee(undated),
        "undated_count": len(undated),
        "crumbs": [("Lịch đại hội", reverse("congress:calendar")), (organization.name, request.path)],
    }
    return render(request, "congress/plans/committee_gantt.html", context)


def _picture(congresses: list[Congress], dated: list[Congress], term: str) -> Gantt | None:
    """Those of one page; the title speaks of all that have a day."""
    deadlines = queries.deadlines_of_plans({one.plan_id: one.plan for one in congresses}.values())
    today = timezone.localdate()
    spans, rows = [], []
    for one in congresses:
        moment = one.opened_at or one.planned_for
        assert moment is not None  # noqa: S101  (only congresses with a day are drawn)
        day = timezone.localdate(moment)
        held = one.state in HELD
        tone = "done" if held else "late" if day < today else TONES.get(one.state, "now")
        due = due_of(deadlines[one.plan_id], one.state)
        marks = ((due, "hạn của kế hoạch"),) if due and not held and abs((due - day).days) < 200 else ()
        name = one.organization.name
        spans.append(Span(name, day - PREPARATION, day, tone, marks=marks, under=place_of(one)))
        rows.append((placed(one), wording.day(day), one.get_state_display()))
    held_count = sum(one.state in HELD for one in dated)
    return gantt(
        title=f"{held_count}/{len(dated)} đại hội nhiệm kỳ {term} có ngày đã tiến hành",
        note="Vạch: một tháng chuẩn bị; chấm tròn: ngày đại hội; chấm nhỏ: hạn của kế hoạch.",
        spans=spans,
        lines=[(today, "hôm nay")],
        table=Table(("Tổ chức", "Ngày đại hội", "Bước"), tuple(rows)),
    )


# ---- holidays ----


@signed_in("GET")
def holidays(request: HttpRequest) -> HttpResponse:
    """The table behind every working-day clock, year by year; years it does not know are said."""
    today = timezone.localdate()
    years = sorted({day.year for day in Holiday.objects.values_list("day", flat=True)})
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else (today.year if today.year in years else None)
    year = year or (years[-1] if years else today.year)
    keeper = next(
        (
            one.organization
            for one in acting_assignments(signed_in_user(request))
            if one.role == Role.SYSTEM_ADMINISTRATOR
        ),
        None,
    )
    context = {
        "years": years,
        "year": year,
        "rows": Holiday.objects.filter(day__year=year),
        "missing": _years_missing([today.year, today.year + 1]),
        "keeper": keeper,
        "crumbs": [("Lịch đại hội", reverse("congress:calendar")), ("Ngày nghỉ, ngày làm bù", request.path)],
    }
    return render(request, "congress/plans/holidays.html", context)


@scoped(ORGANIZATION, Role.SYSTEM_ADMINISTRATOR, methods=FORM_METHODS)
def keep_holiday(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Ghi ngày nghỉ, ngày làm bù."""
    form = HolidayForm(request.POST if request.method == "POST" else None)

    def act(data: dict[str, Any]) -> None:
        services.keep_holiday(organization.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    back = reverse("congress:holidays")
    if form.is_bound and perform(form, act):
        day = form.cleaned_data["day"]
        messages.success(request, f"Đã ghi ngày {wording.day(day)}. Các lộ trình liên quan được tính lại.")
        return redirect(f"{back}?nam={day.year}")
    context = {
        "title": "Ghi ngày nghỉ, ngày làm bù",
        "lead": "Bảng dùng chung cho mọi hạn tính theo ngày làm việc.",
        "form": form,
        "submit_label": "Ghi vào bảng",
        "cancel_url": back,
        "crumbs": [
            ("Lịch đại hội", reverse("congress:calendar")),
            ("Ngày nghỉ, ngày làm bù", back),
            ("Ghi ngày", request.path),
        ],
    }
    return render(request, "congress/plans/simple_form.html", context, status=422 if form.is_bound else 200)


@scoped(ORGANIZATION, Role.SYSTEM_ADMINISTRATOR, methods=("POST",))
def drop_holiday(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Bỏ một ngày khỏi bảng."""
    form = HolidayForm({"day": request.POST.get("day", ""), "name": "-"})
    if not form.is_valid():
        raise InvalidInput("Ngày này không có trong bảng. Mở lại bảng ngày nghỉ và chọn ngày cần bỏ.")
    day = form.cleaned_data["day"]
    services.drop_holiday(organization.pk, day=day, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã bỏ ngày {wording.day(day)} khỏi bảng.")
    return redirect(f"{reverse('congress:holidays')}?nam={day.year}")


# ---- the feed ----


@public("GET")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """iCalendar of one person, by their own link: what they may see today, nothing once the rights have ended."""
    at = timezone.now()
    link = opened(request, AccessLink.Kind.CALENDAR, secret)
    events = events_of(link.owner, link.organization.path, today=timezone.localdate(at))
    site = request.build_absolute_uri("/").rstrip("/")
    content = as_icalendar(f"Đại hội – {link.organization.name}", events, at=at, site=site)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="lich-dai-hoi.ics"'
    return answer
