"""What the roll comes to, and how it is made where not every member comes: delegates, the committee that meets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.callings import elected_committee, members_in_reach
from congress.forms.preparing import DelegatesForm, ReplacementForm
from congress.frame import frame, section_label
from congress.meter import live_meter
from congress.models import Attendance, Congress
from congress.scopes import ATTENDANCE, CONGRESS
from congress.services import delegates as delegate_services
from congress.services import meetings
from congress.services import sitting as services
from congress.services.preparing import require_before_sitting
from organizations.models import Member

PREPARERS = (Role.SECRETARY, Role.CLERK)
FORM = ("GET", "POST")
CHOICES = {"co": True, "khong": False}


@scoped(CONGRESS)
def meter(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Cơ sở tính on a page of its own; asked for by a page that shows it already, only what has changed."""
    if not request.htmx:  # type: ignore[attr-defined]  # put there by the middleware of htmx
        title = "Cơ sở tính"
        return render(
            request, "congress/meter.html", frame(request, congress, "roll", title=title, crumbs=[(title, "")])
        )
    seen = live_meter(congress)
    if request.GET.get("seen") == seen["seen"]:
        return HttpResponse(status=204)
    return render(request, "congress/_meter_body.html", {"meter": seen, "key": "co-so", "said": True})


@scoped(ATTENDANCE, *PREPARERS, methods=("POST",))
def choose_ballot(request: HttpRequest, line: Attendance) -> HttpResponse:
    """Ghi đồng chí được miễn sinh hoạt có nhận phiếu bầu hay không (U-19)."""
    choice = CHOICES.get(request.POST.get("nhan_phieu", ""))
    if choice is None:
        raise InvalidInput("Chọn có nhận phiếu hoặc không nhận phiếu.")
    services.choose_ballot(line.pk, takes_ballot=choice, actor=signed_in_user(request), at=timezone.now())
    messages.success(
        request, f"Đã ghi đồng chí {line.member.full_name} {'nhận phiếu' if choice else 'không nhận phiếu'}."
    )
    return redirect("congress:roll", line.congress_id)


# ---- delegates ----


def _form_page(
    request: HttpRequest, congress: Congress, form: forms.Form, *, title: str, submit: str, **more: Any
) -> HttpResponse:
    back = reverse("congress:roll", args=[congress.pk])
    crumbs = [(section_label(congress, "roll"), back), (title, "")]
    context = frame(request, congress, "roll", title=title, crumbs=crumbs) | more
    context |= {"form": form, "submit_label": submit, "back": back}
    return render(request, "congress/clearance_form.html", context, status=422 if form.errors else 200)


@scoped(CONGRESS, *PREPARERS, methods=FORM)
def delegates(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Ghi đại biểu chosen by the organizations below, one by one or as a pasted list."""
    delegate_services.require_of_delegates(congress)
    require_before_sitting(congress)
    members = list(
        members_in_reach(congress).select_related("organization").order_by("organization__path", "sort_name")
    )
    form = DelegatesForm(request.POST if request.method == "POST" else None, members=members)

    def act(_: dict[str, Any]) -> None:
        delegate_services.summon_delegates(congress.pk, form.mandates, actor=signed_in_user(request), at=timezone.now())

    if request.method == "POST" and perform(form, act):
        total = congress.attendances.count()
        messages.success(request, f"Đã ghi {len(form.mandates)} đại biểu; danh sách có {total} đồng chí.")
        return redirect("congress:roll" if form.cleaned_data["pasted"].strip() else "congress:delegates", congress.pk)
    lead = "Đại biểu do các tổ chức đảng trực thuộc bầu. Ghi đúng tư cách: chính thức hoặc dự khuyết."
    return _form_page(request, congress, form, title="Thêm đại biểu", submit="Ghi đại biểu", lead=lead)


@scoped(ATTENDANCE, *PREPARERS, methods=("POST",))
def dismiss_delegate(request: HttpRequest, line: Attendance) -> HttpResponse:
    delegate_services.dismiss_delegate(line.pk, actor=signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã bỏ đồng chí {line.member.full_name} khỏi danh sách đại biểu.")
    return redirect("congress:roll", line.congress_id)


@scoped(ATTENDANCE, *PREPARERS, methods=FORM)
def replace_delegate(request: HttpRequest, line: Attendance) -> HttpResponse:
    """Ghi đại biểu dự khuyết thay đại biểu chính thức vắng mặt (E-14)."""
    congress = line.congress
    delegate_services.require_of_delegates(congress)
    absent = congress.attendances.filter(
        mandate=Attendance.Mandate.OFFICIAL, presence=Attendance.Presence.ABSENT
    ).select_related("member")
    typed = request.POST if request.method == "POST" else None
    form = ReplacementForm(typed, absent=list(absent), initial={"delegate": line.replaces_id})

    def act(data: dict[str, Any]) -> None:
        delegate_services.replace_delegate(
            line.pk, delegate_id=data["delegate"], actor=signed_in_user(request), at=timezone.now()
        )

    if request.method == "POST" and perform(form, act):
        messages.success(request, f"Đã ghi đại biểu dự khuyết {line.member.full_name}.")
        return redirect("congress:roll", congress.pk)
    title = f"Đại biểu dự khuyết {line.member.full_name}"
    lead = "Đại biểu dự khuyết chỉ biểu quyết, bầu cử khi thay một đại biểu chính thức vắng mặt suốt đại hội."
    return _form_page(request, congress, form, title=title, submit="Ghi người được thay", lead=lead)


# ---- the committee meets ----


@scoped(CONGRESS, *PREPARERS, methods=FORM)
def call_meeting(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Triệu tập hội nghị lần thứ nhất of the committee just elected, after a look at who it is."""
    meetings.require_callable(congress)
    if request.method == "POST":
        meeting = meetings.call_meeting(congress.pk, actor=signed_in_user(request), at=timezone.now())
        messages.success(request, f"Đã triệu tập hội nghị, {meeting.attendances.count()} cấp ủy viên.")
        return redirect("congress:detail", meeting.pk)
    title = "Triệu tập hội nghị cấp ủy"
    people = Member.objects.filter(pk__in=elected_committee(congress)).order_by("sort_name")
    context = frame(request, congress, "overview", title=title, crumbs=[(title, "")]) | {
        "form": forms.Form(),
        "submit_label": title,
        "answers": [
            {"label": "Hội nghị", "value": f"Lần thứ nhất, {congress.organization.committee}"},
            {"label": "Cấp ủy viên", "value": ", ".join(one.display_name for one in people)},
        ],
        "consequence": "Hội nghị có trang riêng để điểm danh, bầu ban thường vụ, bí thư, phó bí thư.",
        "back": reverse("congress:detail", args=[congress.pk]),
    }
    return render(request, "congress/clearance_form.html", context)
