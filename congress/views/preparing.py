"""Before the congress meets: its details, its number to elect, the pilot."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import StaleVersion
from accounts.web import perform, signed_in_user
from accounts.wording import day as day_in_words
from accounts.wording import moment as moment_in_words
from congress.callings import calling_day, members_in_reach
from congress.clocks import clocks_of
from congress.forms.preparing import DetailsForm, stored_details
from congress.frame import frame
from congress.lifecycle import CLEARED, PREPARING, SUBMITTED
from congress.models import Congress
from congress.rules.convening import size_findings
from congress.scopes import CONGRESS
from congress.services import preparing as services
from congress.timing import timing_of
from congress.views.pages import FORM, PILOT_CHOOSERS, PREPARERS, posted, regime_of
from organizations.models import Organization
from organizations.queries import acting_assignments


def in_words(congress: Congress) -> list[dict[str, str]]:
    """The details as they are stored, for people to read."""
    planned = congress.planned_for
    number = "Hội nghị lần thứ" if congress.is_meeting else "Đại hội lần thứ"
    rows = [
        (number, str(congress.ordinal or "chưa ghi")),
        ("Thời gian", moment_in_words(timezone.localtime(planned)) if planned else "chưa ghi"),
        ("Địa điểm", congress.place or "chưa ghi"),
        *([("Cấp ủy đương nhiệm hết nhiệm kỳ", day_in_words(congress.term_ends_on))] if congress.term_ends_on else []),
        *_elected_in_words(congress),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _elected_in_words(congress: Congress) -> list[tuple[str, str]]:
    """What is elected there, as far as it is known."""
    deputy = ("Phó bí thư", "Bầu phó bí thư" if congress.has_deputy else "Không bầu phó bí thư")
    quota = [("Đại biểu dự đại hội cấp trên", _quota(congress))] if congress.delegate_seats else []
    if congress.is_meeting:
        seats = congress.standing_seats
        return [("Ban thường vụ", f"Bầu {seats} ủy viên" if seats else "Không bầu ban thường vụ"), deputy]
    if congress.organization.is_branch:
        elects = congress.has_branch_committee
        committee = f"Bầu chi ủy, {congress.committee_seats} chi ủy viên" if elects else "Không bầu chi ủy"
        return [("Chi ủy", committee), deputy, *quota]
    kind = ("Loại hình", congress.get_kind_display())
    seats = congress.committee_seats
    return [kind, ("Ban chấp hành", f"Bầu {seats} ủy viên" if seats else "chưa ghi số lượng"), *quota]


def _quota(congress: Congress) -> str:
    alternates = f", {congress.alternate_seats} dự khuyết" if congress.alternate_seats else ""
    return f"Bầu {congress.delegate_seats} chính thức{alternates}"


def _threshold_warning(congress: Congress, official: int) -> str:
    """E-15 — said, never refused: who counts on the day is known on the day."""
    if not congress.organization.is_branch:
        return ""
    found = size_findings(official, planned=congress.has_branch_committee, regime=regime_of(congress))
    return " ".join(f"{one.message} {one.next}" for one in found)


def _official_members(congress: Congress) -> int:
    day = calling_day(congress)
    return sum(member.is_official(day) for member in members_in_reach(congress))


@scoped(CONGRESS, *PREPARERS, methods=FORM)
def details(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Thời gian, địa điểm, số lượng bầu; a stale save shows both texts and loses neither."""
    official = _official_members(congress)
    form = DetailsForm(posted(request), initial=stored_details(congress), congress=congress, official=official)
    status = 200
    context: dict[str, Any] = {}

    def act(_: dict[str, Any]) -> None:
        services.set_details(congress.pk, actor=signed_in_user(request), at=timezone.now(), **form.details)

    if request.method == "POST":
        try:
            if perform(form, act):
                told = form.cleared_on is not None and "day" in form.changed_data
                also = f" Đã báo tin đổi ngày cho {congress.authority.committee}." if told else ""
                messages.success(request, f"Đã ghi thời gian, địa điểm và số lượng bầu.{also}")
                return redirect("congress:detail", congress.pk)
            status = 422
        except StaleVersion as refusal:
            stored: Congress = refusal.current  # type: ignore[assignment]  # what set_details puts there
            form.data = typed = request.POST.copy()
            typed["version"] = str(stored.version)
            status, context = 409, {"refusal": str(refusal), "theirs": in_words(stored)}
    title = "Thời gian, địa điểm, số lượng bầu"
    context |= frame(request, congress, "overview", title=title, crumbs=[(title, "")]) | {
        "form": form,
        "warning": _threshold_warning(congress, official),
        "timing": [f"{one.message} {one.next}" for one in timing_of(congress)],
        "clocks": clocks_of(congress),
        "closed": "" if congress.state in (PREPARING, CLEARED) else _closed_reason(congress),
        "back": reverse("congress:detail", args=[congress.pk]),
        "autosave": f"congress-{congress.pk}-details",
    }
    return render(request, "congress/details_form.html", context, status=status)


def _closed_reason(congress: Congress) -> str:
    if congress.state == SUBMITTED:
        return "Hồ sơ đang trình duyệt. Muốn sửa, rút hồ sơ trình duyệt trước."
    return "Đại hội đã khai mạc, nội dung chuẩn bị không sửa được nữa."


def pilot_levels(request: HttpRequest, congress: Congress) -> list[Organization]:
    """The committees above the congress at which the person may choose pilots, nearest first."""
    user = signed_in_user(request)
    held = {
        one.organization_id: one.organization
        for one in acting_assignments(user)
        if one.role in PILOT_CHOOSERS and congress.organization.path.startswith(one.organization.path)
    }
    return sorted(held.values(), key=lambda one: -one.depth)


@scoped(CONGRESS, *PILOT_CHOOSERS, methods=("POST",))
def pilot(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Chọn làm đại hội điểm of the nearest committee the person works for."""
    level = pilot_levels(request, congress)[0]
    services.choose_pilot(congress.pk, level_id=level.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã chọn làm đại hội điểm của {level.committee}.")
    return redirect("congress:detail", congress.pk)
