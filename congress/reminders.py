"""Whose a reminder is: it lasts as long as the role it was told for, and is shown only to who may see its thing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from congress.models import MailChoice, Reminder, ReminderRun
from congress.reach import READERS, exactly_at
from organizations.models import RoleAssignment
from organizations.queries import in_reach, live

HANDS = READERS
"""The roles that are reminded and told."""


def shown_to(user: User) -> QuerySet[Reminder]:
    """The person's own, told at a place where they still act; work also only while its body is in their reach."""
    here = Q(place=None) | Q(place__in=exactly_at(user, *HANDS))
    theirs = Q(level=Reminder.Level.NOTICE) | Q(about=None) | in_reach(user, "about__")
    return Reminder.objects.filter(here, theirs, user=user)


def left_behind(*, on: date) -> QuerySet[Reminder]:
    """Unseen ones whose person holds none of the roles at that place any more."""
    held = RoleAssignment.objects.filter(user=OuterRef("user"), organization=OuterRef("place"), role__in=HANDS)
    unseen = Reminder.objects.filter(seen_at__isnull=True, place__isnull=False)
    return unseen.filter(~Exists(live(held, on=on).select_related(None)))


def wanted_at(hour: int) -> Q:
    """Reminders of people who want their mail of the day by that hour."""
    without = Q(user__mail_choice=None) if hour >= MailChoice.FROM_HOUR else Q(pk__in=())
    return without | Q(user__mail_choice__from_hour__lte=hour)


def silent_since(*, at: datetime) -> tuple[bool, datetime | None]:
    """Whether nobody has been reminded for four turns of the clock, and since when; None: never at all."""
    last = ReminderRun.objects.filter(pk=1).values_list("ended_at", flat=True).first()
    return last is None or last < at - timedelta(seconds=4 * settings.REMIND_SECONDS), last
