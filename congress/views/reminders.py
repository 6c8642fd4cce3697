"""Nhắc việc: what a person was reminded of, that they have read it, and how they want their mail of the day."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import wording
from accounts.access import signed_in
from accounts.exporting import excel_url, wants_excel
from accounts.models import User
from accounts.sheets import xlsx_response
from accounts.web import signed_in_user
from congress import paper_export
from congress.forms.reminders import MailChoiceForm
from congress.models import MailChoice, Reminder
from congress.reminders import shown_to, silent_since
from congress.services import reminding
from organizations.rules.names import title_key

SHOWN = 3000
READ = 100
Level = Reminder.Level
TONES = {Level.NOTICE: "now", Level.SOON: "wait", Level.LATE: "late", Level.ESCALATED: "late"}
URGENCY = (Level.LATE, Level.ESCALATED, Level.SOON, Level.NOTICE)


@signed_in("GET")
def reminders(request: HttpRequest) -> HttpResponse:
    """What is not read, by how late, by step and then by đảng bộ; below it what was read or is done."""
    user, now = signed_in_user(request), timezone.now()
    found = shown_to(user).select_related("about__parent").order_by("-created_at", "-pk")
    if wants_excel(request):
        return xlsx_response("Nhắc việc", paper_export.reminders(found, on=timezone.localdate(now)))
    waiting = found.filter(seen_at__isnull=True)
    count = waiting.count()
    is_silent, last_run = silent_since(at=now)
    context = {
        "groups": _groups(list(waiting[:SHOWN])),
        "count": count,
        "excel_url": excel_url(request),
        "left_out": max(0, count - SHOWN),
        "read": [_line(one) for one in found.filter(seen_at__isnull=False)[:READ]],
        "is_silent": is_silent,
        "last_run": last_run,
        "mail": _mail_words(user),
        "crumbs": [("Việc cần làm", reverse("home")), ("Nhắc việc", request.path)],
    }
    return render(request, "congress/reminders.html", context)


def _groups(waiting: list[Reminder]) -> list[dict[str, Any]]:
    """Lines of one level and one step stand together, by đảng bộ; the latest level first."""

    def order(one: Reminder) -> tuple[int, str]:
        return URGENCY.index(Level(one.level)), one.topic or f"{one.pk}"

    found = []
    for _, many in groupby(sorted(waiting, key=order), key=order):
        lines = list(many)
        first = lines[0]
        found.append(
            {
                "lines": [_line(one) for one in lines],
                "places": _by_place(lines),
                "topic": first.topic,
                "unit": "tin" if first.level == Level.NOTICE else "chi bộ",
                "badge": first.get_level_display(),
                "tone": TONES[Level(first.level)],
                "due_on": min((one.due_on for one in lines if one.due_on), default=None),
            }
        )
    return found


def _by_place(lines: list[Reminder]) -> list[dict[str, Any]]:
    """What stands right above the bodies → their lines, both by name."""
    places: dict[str, list[Reminder]] = {}
    for one in lines:
        above = one.about.parent if one.about else None
        places.setdefault(above.name if above else "", []).append(one)
    return [
        {
            "name": name,
            "lines": [
                _line(one) for one in sorted(many, key=lambda one: title_key(one.about.name if one.about else ""))
            ],
        }
        for name, many in sorted(places.items(), key=lambda pair: title_key(pair[0]))
    ]


def _line(one: Reminder) -> dict[str, Any]:
    return {
        "url": one.url,
        "sentence": one.sentence,
        "name": one.about.name if one.about else one.sentence,
        "badge": one.get_level_display(),
        "due_on": one.due_on,
        "on": timezone.localtime(one.created_at).date(),
    }


def _mail_words(user: User) -> str:
    """How the person is told by mail now, in one sentence."""
    choice = MailChoice.objects.filter(user=user).first()
    if choice is not None and not choice.wants_mail:
        return "Đồng chí đang chọn không nhận thư nhắc."
    if not user.email:
        return "Chưa ghi địa chỉ thư điện tử nên không có thư nhắc; lời nhắc vẫn hiện ở trang này."
    if not settings.EMAIL_HOST:
        return "Máy chủ chưa đặt nơi gửi thư nên không có thư nhắc; lời nhắc vẫn hiện ở trang này."
    hour = choice.from_hour if choice else MailChoice.FROM_HOUR
    return f"Mỗi ngày nhiều nhất một thư, từ {hour} giờ, gửi đến {user.email}."


@signed_in("POST")
def seen(request: HttpRequest) -> HttpResponse:
    count = reminding.mark_seen(signed_in_user(request), at=timezone.now())
    messages.success(
        request, f"Đã ghi nhận đồng chí đã xem {wording.number(count)} lời nhắc." if count else "Không có lời nhắc mới."
    )
    return redirect("congress:reminders")


@signed_in("GET", "POST")
def mail_choice(request: HttpRequest) -> HttpResponse:
    """Thư nhắc hằng ngày: on or off, to which address, not before which hour."""
    user = signed_in_user(request)
    known = MailChoice.objects.filter(user=user).first() or MailChoice(user=user)
    initial = {"email": user.email, "wants_mail": known.wants_mail, "from_hour": known.from_hour}
    form = MailChoiceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        reminding.choose_mail(user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Đã lưu cách nhận thư nhắc.")
        return redirect("congress:reminders")
    back = reverse("congress:reminders")
    context = {
        "title": "Thư nhắc hằng ngày",
        "lead": "Thư chỉ nói có mấy việc đang chờ và đường dẫn để mở, không nói việc gì. Mỗi ngày nhiều nhất một thư.",
        "form": form,
        "submit_label": "Lưu lựa chọn",
        "cancel_url": back,
        "crumbs": [("Việc cần làm", reverse("home")), ("Nhắc việc", back), ("Thư nhắc hằng ngày", request.path)],
    }
    return render(request, "congress/plans/simple_form.html", context, status=422 if form.is_bound else 200)
