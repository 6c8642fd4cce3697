"""What the pages of one congress share: who prepares, what was posted, the words of a button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.roles import Role
from congress.lifecycle import CLEARED, CONGRESS_LIFECYCLE, PREPARING, SITTING
from congress.models import Attendance, Congress
from congress.rules import regimes

PREPARERS = (Role.SECRETARY, Role.CLERK)
PILOT_CHOOSERS = (Role.COMMITTEE_STAFF, Role.APPROVER)
FORM = ("GET", "POST")
Presence = Attendance.Presence
CALLING = (PREPARING, CLEARED, SITTING)
"""States in which the roll is called."""


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def label_of(action: str) -> str:
    """The words of a life cycle's button."""
    return next(row.label for row in CONGRESS_LIFECYCLE.rows if row.action == action)


def regime_of(congress: Congress) -> regimes.Regime:
    """The texts in force on the day of the congress: opened, else planned, else today."""
    return regimes.in_force(timezone.localdate(congress.opened_at or congress.planned_for))
