"""Nhắc việc: what a person was reminded of, and that they have read it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import signed_in
from accounts.web import signed_in_user
from congress.models import Reminder
from congress.services import reminding

SHOWN = 200
TONES = {
    Reminder.Level.NOTICE: "now",
    Reminder.Level.SOON: "wait",
    Reminder.Level.LATE: "late",
    Reminder.Level.ESCALATED: "late",
}


@signed_in("GET")
def reminders(request: HttpRequest) -> HttpResponse:
    """Unseen first, then newest first."""
    found = Reminder.objects.filter(user=signed_in_user(request)).order_by("seen_at", "-created_at", "-pk")
    waiting = [one for one in found.filter(seen_at__isnull=True)[:SHOWN]]
    context = {
        "waiting": [_row(one) for one in waiting],
        "read": [_row(one) for one in found.filter(seen_at__isnull=False)[:SHOWN]],
        "crumbs": [("Việc cần làm", reverse("home")), ("Nhắc việc", request.path)],
    }
    return render(request, "congress/reminders.html", context)


def _row(one: Reminder) -> dict[str, object]:
    return {
        "url": one.url,
        "cells": [
            one.sentence,
            {"badge": one.get_level_display(), "tone": TONES[Reminder.Level(one.level)]},
            timezone.localtime(one.created_at).date(),
        ],
    }


@signed_in("POST")
def seen(request: HttpRequest) -> HttpResponse:
    count = reminding.mark_seen(signed_in_user(request), at=timezone.now())
    messages.success(request, f"Đã ghi nhận đồng chí đã xem {count} lời nhắc." if count else "Không có lời nhắc mới.")
    return redirect("congress:reminders")
