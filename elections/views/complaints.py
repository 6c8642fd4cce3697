"""Đơn khiếu nại về bầu cử: what was received, which are open, what was concluded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped
from accounts.roles import Role
from accounts.web import perform, signed_in_user
from congress.clocks import complaints_until
from congress.frame import frame
from congress.models import Congress
from congress.scopes import CONGRESS
from elections.forms.ratification import ComplaintForm, SettlementForm
from elections.services import complaints as services
from elections.views.pages import FORM


@scoped(CONGRESS, Role.COMMITTEE_STAFF, Role.APPROVER, methods=FORM, at="authority")
def complaints(request: HttpRequest, congress: Congress) -> HttpResponse:
    """One page: the oldest open one is concluded, or a further one noted."""
    services.require_receivable(congress)
    settling = request.method == "POST" and "complaint" in request.POST
    noting = ComplaintForm(request.POST if request.method == "POST" and not settling else None)
    ending = SettlementForm(request.POST if settling else None)

    def note(data: dict[str, Any]) -> None:
        services.record_complaint(congress.pk, actor=signed_in_user(request), at=timezone.now(), **data)

    def settle(data: dict[str, Any]) -> None:
        number = data.pop("complaint")
        services.settle_complaint(congress.pk, number, actor=signed_in_user(request), at=timezone.now(), **data)

    if request.method == "POST" and (perform(ending, settle) if settling else perform(noting, note)):
        messages.success(request, "Đã ghi kết luận đơn." if settling else "Đã ghi đơn khiếu nại.")
        return redirect("elections:complaints", congress.pk)
    found = list(congress.complaints.select_related("recorded_by", "settled_by"))
    current = next((one for one in found if one.settled_on is None), None)
    if current is not None and not ending.is_bound:
        ending = SettlementForm(initial={"complaint": current.pk})
    until = complaints_until(congress)
    title = "Khiếu nại về bầu cử"
    own = ("Chuẩn y", reverse("elections:ratification", args=[congress.pk]))
    context = frame(request, congress, "ratification", title=title, crumbs=[own, (title, "")]) | {
        "found": [{"complaint": one, "late": until is not None and one.received_on > until} for one in found],
        "current": current,
        "ending": ending,
        "form": noting,
        "until": until,
        "back": own[1],
    }
    return render(request, "elections/complaints.html", context, status=422 if noting.errors or ending.errors else 200)
