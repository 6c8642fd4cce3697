"""What the roll comes to: the base meter, and who of the exempt takes a ballot."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import scoped
from accounts.errors import InvalidInput
from accounts.roles import Role
from accounts.web import signed_in_user
from congress.frame import frame
from congress.meter import live_meter
from congress.models import Attendance, Congress
from congress.scopes import ATTENDANCE, CONGRESS
from congress.services import sitting as services

PREPARERS = (Role.SECRETARY, Role.CLERK)
CHOICES = {"co": True, "khong": False}


@scoped(CONGRESS)
def meter(request: HttpRequest, congress: Congress) -> HttpResponse:
    """Cơ số tính on a page of its own; asked for by a page that shows it already, only what has changed."""
    if not request.htmx:  # type: ignore[attr-defined]  # put there by the middleware of htmx
        title = "Cơ số tính"
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
