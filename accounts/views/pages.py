"""Pages about the person's own settings, the record of events, and the browser's reports."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlsplit

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts import acting, audit_trail, places, services
from accounts.access import page_before, public, signed_in
from accounts.context import CONTRAST_KEY, TEXT_SIZE_KEY
from accounts.errors import InvalidInput
from accounts.forms import AuditFilter
from accounts.models import TextSize
from accounts.web import number_of

reports = logging.getLogger("csp")

REPORTS_COUNTED = "csp_reports"
REPORT_LIMIT = {"csp_report": "60/m/ip"}
REPORT_BYTES = 16_384
REPORT_FIELDS = (
    "document-uri",
    "effective-directive",
    "violated-directive",
    "blocked-uri",
    "source-file",
    "line-number",
)


@public("POST")
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Cỡ chữ: kept with the person, or in the session of someone not signed in."""
    size = request.POST.get("size", "")
    if size not in TextSize:
        raise InvalidInput("Chọn một trong ba cỡ chữ: vừa, lớn, rất lớn.")
    if request.user.is_authenticated:
        services.set_text_size(request.user, size, at=timezone.now())
    request.session[TEXT_SIZE_KEY] = size
    return HttpResponseRedirect(page_before(request))


@public("POST")
def set_contrast(request: HttpRequest) -> HttpResponse:
    """Tương phản: ``high`` is 1 or 0."""
    wanted = request.POST.get("high", "")
    if wanted not in ("0", "1"):
        raise InvalidInput("Chọn tương phản cao hoặc thường.")
    if request.user.is_authenticated:
        services.set_contrast(request.user, wanted == "1", at=timezone.now())
    request.session[CONTRAST_KEY] = wanted == "1"
    return HttpResponseRedirect(page_before(request))


@signed_in("POST")
def act_as(request: HttpRequest) -> HttpResponse:
    """Switch the role acted in; an empty choice means every role. The session gets a new key."""
    chosen = request.POST.get("assignment", "")
    assignment = acting.find(request.user, chosen) if chosen else None  # type: ignore[arg-type]  # the policy lets nobody else in
    if chosen and assignment is None:
        raise InvalidInput("Vai trò này không còn hiệu lực. Tải lại trang để xem các vai trò đồng chí đang giữ.")
    services.act_as(request.user, assignment, at=timezone.now())  # type: ignore[arg-type]  # the policy lets nobody else in
    request.session.cycle_key()
    if assignment is None:
        request.session.pop(acting.SESSION_KEY, None)
    else:
        request.session[acting.SESSION_KEY] = assignment.pk
        messages.success(request, f"Đồng chí đang làm việc với vai trò {assignment.get_role_display()}.")
    return HttpResponseRedirect("/")


@signed_in("GET")
def audit_page(request: HttpRequest) -> HttpResponse:
    """Nhật ký: newest first, narrowed by the address, older ones by ``before``."""
    paths = audit_trail.paths_read_by(request.user)  # type: ignore[arg-type]  # the policy lets nobody else in
    organizations = places.organizations_under(paths)
    congresses = places.congresses_under(paths)
    form = AuditFilter(request.GET or None, organizations=organizations, congresses=congresses)
    wanted = form.cleaned_data if form.is_valid() else {}
    events = audit_trail.matching(audit_trail.visible_to(request.user), wanted)  # type: ignore[arg-type]  # the policy lets nobody else in
    if before := number_of(request.GET.get("before", "")):
        events = events.filter(sequence__lt=before)
    shown = [] if form.is_bound and not form.is_valid() else list(events[: audit_trail.PAGE + 1])
    context = {
        "form": form,
        "may_read": bool(paths),
        "events": audit_trail.lines(shown[: audit_trail.PAGE], dict(organizations), dict(congresses)),
        "older": _older(request, shown[audit_trail.PAGE - 1].sequence) if len(shown) > audit_trail.PAGE else "",
        "newest": _older(request, None) if before else "",
        "clear_url": request.path if any(wanted.values()) or form.errors else "",
        "crumbs": [("Nhật ký", request.path)],
    }
    return render(request, "accounts/audit.html", context)


def _older(request: HttpRequest, before: int | None) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return f"?{query.urlencode()}" if query else request.path


@csrf_exempt
@public("POST")
def csp_report(request: HttpRequest) -> HttpResponse:
    """What a browser blocked: one line in the log and one more in the count, nothing else is kept."""
    told = request.read(REPORT_BYTES)
    if ratelimit.consume(request, app="accounts", action="csp_report", config=REPORT_LIMIT):
        cache.add(REPORTS_COUNTED, 0, timeout=None)
        cache.incr(REPORTS_COUNTED)
        reports.warning("the browser blocked something: %s", _short(told))
    return HttpResponse(status=204)


def _without_secret(address: str) -> str:
    """Pages that a secret in the address opens are told without it: whoever reads the log could open them."""
    try:
        secret = resolve(urlsplit(address).path).kwargs.get("secret")
    except (Resolver404, ValueError):
        return address
    return address.replace(secret, "…") if secret else address


def _short(told: bytes) -> str:
    """The three fields that say what was blocked where, on one line."""
    try:
        report = json.loads(told)
        report = report.get("csp-report", report)
        kept = {name: _without_secret(str(report[name]))[:200] for name in REPORT_FIELDS if name in report}
    except (ValueError, AttributeError, TypeError, RecursionError):
        return f"unreadable, {len(told)} bytes"
    return json.dumps(kept, ensure_ascii=True)
