"""Pages on which congresses are listed, overviewed, and their dossiers completed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import audit_trail, wording
from accounts.access import scoped, signed_in
from accounts.exporting import excel_url, wants_excel
from accounts.models import User
from accounts.navigation import roles_in_use
from accounts.roles import Role
from accounts.sheets import xlsx_response
from accounts.web import signed_in_user
from accounts.wording import half_day
from congress import list_export, policies, queries, readiness
from congress.calendar import place_of
from congress.clocks import clocks_of
from congress.forms.preparing import CongressFilter
from congress.frame import frame
from congress.lifecycle import COMPLETE, CONGRESS_LIFECYCLE, HELD, RATIFIED
from congress.models import AssemblyKind, Congress
from congress.overview import overview_of
from congress.scopes import CONGRESS
from congress.services import sitting as services
from congress.stations import STOPPED, TONES, days_due, deadlines_for, holder_of, is_stopped
from congress.views.clearance import history_of
from congress.views.preparing import pilot_levels
from organizations.models import Organization, RoleAssignment
from organizations.queries import BRANCH_ROLES, live
from organizations.rules.names import fold

PAGE = 50
LATEST_EVENTS = 8


# ---- the list ----


def _matching(found: QuerySet[Congress], wanted: dict[str, Any]) -> QuerySet[Congress]:
    if wanted.get("nhiem_ky"):
        found = found.filter(term_label=wanted["nhiem_ky"])
    if wanted.get("buoc"):
        found = found.filter(state=wanted["buoc"])
    if wanted.get("dang_bo"):
        found = found.filter(authority_id=wanted["dang_bo"])
    if wanted.get("tim"):
        words = fold(wanted["tim"])
        names = found.order_by().values_list("pk", "organization__name", "organization__code")
        found = found.filter(pk__in=[pk for pk, name, code in names if words in fold(name) or words in fold(code)])
    return found


def _when(congress: Congress) -> dict[str, str]:
    if congress.opened_at:
        return {"text": half_day(timezone.localtime(congress.opened_at)), "note": "đã khai mạc"}
    if congress.planned_for:
        return {"text": half_day(timezone.localtime(congress.planned_for)), "note": "dự kiến"}
    return {"text": "chưa định ngày"}


def _note(congress: Congress, *, with_place: bool) -> str:
    """What tells it from the other congresses of the same place or name."""
    place = place_of(congress) if with_place else ""
    kind = "" if congress.kind == AssemblyKind.MEMBERS else congress.get_kind_display().lower()
    return ", ".join(filter(None, (place, kind, "đại hội điểm" if congress.is_pilot else "")))


def _rows(congresses: list[Congress], *, with_place: bool) -> list[dict[str, Any]]:
    deadlines = queries.deadlines_of_plans({one.plan_id: one.plan for one in congresses}.values())
    calendar, today = queries.working_calendar(), timezone.localdate()
    days = days_due(congresses, deadlines, calendar)
    rows = []
    for one in congresses:
        due, stopped = days[one.pk], is_stopped(one)
        holder = "–" if one.state == COMPLETE or stopped else holder_of(one)
        holder = one.body if holder == one.organization.name else holder
        rows.append(
            {
                "url": reverse("congress:detail", args=[one.pk]),
                "cells": [
                    {"text": one.organization.name, "note": _note(one, with_place=with_place)},
                    {"text": one.term_label},
                    {"badge": STOPPED, "tone": "stopped"}
                    if stopped
                    else {"badge": one.get_state_display(), "tone": TONES.get(one.state, "now")},
                    _when(one),
                    {"text": holder},
                    {"due": due, "left": calendar.left(today, due)} if due else {"text": "–"},
                ],
            }
        )
    return rows


COLUMNS = [
    {"label": "Tổ chức"},
    {"label": "Nhiệm kỳ"},
    {"label": "Bước"},
    {"label": "Thời gian"},
    {"label": "Đang ở"},
    {"label": "Hạn"},
]


@signed_in("GET")
def congresses(request: HttpRequest) -> HttpResponse:
    """Every congress the person may see; someone of a branch with one congress is led straight to it."""
    user = signed_in_user(request)
    visible = queries.visible_to(user)
    if not request.GET and roles_in_use(user) <= set(BRANCH_ROLES):
        own = list(visible.values_list("pk", flat=True)[:2])
        if len(own) == 1:
            return redirect("congress:detail", own[0])
    terms = sorted(set(visible.order_by().values_list("term_label", flat=True)), reverse=True)
    authorities = visible.order_by("authority__path").values_list("authority_id", "authority__name").distinct()
    form = CongressFilter(request.GET or None, terms=terms, authorities=list(authorities))
    wanted = form.cleaned_data if form.is_valid() else {}
    matching = _matching(visible, wanted)
    if wants_excel(request):
        return xlsx_response("Đại hội", list_export.congresses(list(matching), on=timezone.localdate()))
    page = Paginator(matching, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "columns": COLUMNS,
        "rows": _rows(list(page), with_place="dang_bo" in form.fields),
        "actions": [
            {"label": "Lịch", "url": reverse("congress:calendar")},
            {"label": "Văn bản chỉ đạo", "url": reverse("congress:guidance_list")},
            {"label": "Xuất Excel", "url": excel_url(request)},
        ],
        "page_obj": page,
        "clear_url": request.path if any(wanted.values()) or form.errors else "",
        "empty_text": "Không có đại hội nào khớp với điều kiện lọc."
        if any(wanted.values())
        else "Chưa có đại hội nào. Đại hội được mở khi cấp ủy ban hành kế hoạch.",
        "crumbs": [("Đại hội", request.path)],
    }
    return render(request, "congress/list.html", context)


# ---- one congress ----


def _people(congress: Congress) -> list[dict[str, Any]]:
    """Who answers at the branch and who decides above it, today."""
    roles = (
        (congress.organization, (Role.SECRETARY, Role.CLERK)),
        (congress.authority, (Role.APPROVER, Role.COMMITTEE_STAFF)),
    )
    return [
        {
            "place": place,
            "people": [(role.named_at(place), ", ".join(names)) for role, names in _holders(place, wanted)],
        }
        for place, wanted in roles
    ]


def _holders(place: Organization, wanted: tuple[Role, ...]) -> list[tuple[Role, list[str]]]:
    assignments = live(
        RoleAssignment.objects.filter(organization=place, role__in=wanted, user__is_active=True),
        on=timezone.localdate(),
    ).select_related("user")
    names: dict[str, list[str]] = {}
    for one in assignments.order_by("pk"):
        names.setdefault(one.role, []).append(one.user.full_name)
    return [(role, names.get(role, ["chưa có"])) for role in wanted]


def _trail(request: HttpRequest, congress: Congress) -> dict[str, Any]:
    """The latest events, for those who read the journal of the place."""
    user = signed_in_user(request)
    paths = audit_trail.paths_read_by(user)
    if not any(congress.organization.path.startswith(path) for path in paths):
        return {"events": [], "audit_url": ""}
    events = audit_trail.visible_to(user).filter(congress_id=congress.pk)[:LATEST_EVENTS]
    return {
        "events": [
            {"at": line.at, "who": line.who, "text": line.text, "kind": line.kind}
            for line in audit_trail.lines(events, {}, {})
        ],
        "audit_url": f"{reverse('audit')}?{urlencode({'congress': congress.pk})}",
    }


@scoped(CONGRESS)
def detail(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Tổng quan: what is done, what comes next and what this person can do now."""
    deadlines, calendar = deadlines_for(congress), queries.working_calendar()
    today, user = timezone.localdate(), signed_in_user(request)
    overview = overview_of(congress, user, deadlines=deadlines, calendar=calendar, today=today)
    context = frame(request, congress, "overview") | {
        "overview": overview,
        "groups": overview.groups,
        "stopped_why": _why_stopped(congress) if is_stopped(congress) else "",
        "deadlines": [(one, calendar.left(today, one.due_on)) for one in deadlines.values()],
        "history": history_of(congress),
        "people": _people(congress),
        "may_review_pilot": _may_review(user, congress),
        "pilot_levels": pilot_levels(request, congress) if not congress.is_pilot else [],
        "may_prepare": policies.can_prepare(user, congress),
        "saved_details": f"congress-{congress.pk}-details",
    }
    return render(request, "congress/detail.html", context | _trail(request, congress))


def _why_stopped(congress: Congress) -> str:
    ended = wording.day(congress.organization.closed_on) if congress.organization.closed_on else ""
    return (
        f"{congress.organization.name} đã kết thúc hoạt động từ {ended}. Hồ sơ vẫn xem được, không còn việc phải làm."
    )


def _may_review(user: User, congress: Congress) -> bool:
    """A pilot congress that has met is reviewed by the committee whose pilot it is."""
    level = congress.pilot_of or congress.authority
    return congress.is_pilot and congress.state in HELD and bool(policies.can_choose_pilot(user, congress, level))


# ---- the dossier ----


@scoped(CONGRESS)
def dossier(request: HttpRequest, congress: Congress) -> HttpResponse:
    """What the dossier still lacks; completing it, and opening it again, asked once more."""
    user = signed_in_user(request)
    gaps = readiness.gaps(congress, readiness.DOSSIER) if congress.state == RATIFIED else []
    complete = policies.can_complete_dossier(user, congress)
    can_complete = CONGRESS_LIFECYCLE.allows("complete_dossier", state=congress.state)
    reason = complete.reason or (
        f"Còn {len(gaps)} việc chưa xong."
        if gaps
        else ""
        if can_complete
        else CONGRESS_LIFECYCLE.refusal("complete_dossier", state=congress.state)
    )
    context = frame(request, congress, "papers", title="Hồ sơ đại hội", crumbs=[("Hồ sơ đại hội", "")]) | {
        "gaps": gaps,
        "gaps_title": f"Còn {len(gaps)} việc trước khi hoàn tất hồ sơ",
        "ready": can_complete and not gaps,
        "completed": congress.state == COMPLETE,
        "may_complete": complete,
        "complete_reason": reason,
        "reopen": policies.can_reopen_dossier(user, congress),
        "papers_url": reverse("documents:papers", args=[congress.pk]),
        "clocks": clocks_of(congress),
    }
    return render(request, "congress/dossier.html", context)


@scoped(CONGRESS, Role.SECRETARY, Role.CLERK, methods=("POST",), action="complete_dossier")
def complete(request: HttpRequest, congress: Congress) -> HttpResponse:
    services.complete_dossier(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã hoàn tất hồ sơ đại hội.")
    return redirect("congress:detail", congress.pk)


@scoped(CONGRESS, Role.APPROVER, methods=("POST",), at="authority", action="reopen_dossier")
def reopen(request: HttpRequest, congress: Congress) -> HttpResponse:
    services.reopen_dossier(congress.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, "Đã mở lại hồ sơ đại hội.")
    return redirect("congress:dossier", congress.pk)
