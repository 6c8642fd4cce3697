"""Which events a person may read, and how the page shows them. Queryset in, queryset out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import access, audit
from accounts.models import AuditEvent, Outcome, User
from accounts.places import with_former
from accounts.roles import Role

READERS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, Role.APPROVER, Role.SECRETARY})
PAGE = 50


def paths_read_by(user: User) -> tuple[str, ...]:
    return access.reach(user, READERS)


def under(paths: Iterable[str]) -> Q:
    """Events of these subtrees: ranges of the path, compared as bytes."""
    found = Q(pk__in=())
    for path in paths:
        found |= Q(organization_path__gte=path, organization_path__lt=path[:-1] + "0")
    return found


def visible_to(user: User) -> QuerySet[AuditEvent]:
    """Events under the organizations where a reading role is held, also from before they were moved there.

    What happened nowhere in the tree (sign-ins) is read by the system administrators of a whole tree.
    """
    seen = under(with_former(paths_read_by(user)))
    if any(path.count("/") == 1 for path in access.reach(user, {Role.SYSTEM_ADMINISTRATOR})):
        seen |= Q(organization_path="")
    return AuditEvent.objects.filter(seen).select_related("actor").order_by("-sequence")


def matching(events: QuerySet[AuditEvent], wanted: Mapping[str, Any]) -> QuerySet[AuditEvent]:
    """Narrow by the fields of ``accounts.forms.AuditFilter``; days are days of the office's calendar."""
    if wanted.get("organization"):
        events = events.filter(under(with_former([wanted["organization"]])))
    if wanted.get("congress"):
        events = events.filter(congress_id=wanted["congress"])
    if wanted.get("outcome"):
        events = events.filter(outcome=wanted["outcome"])
    if wanted.get("since"):
        events = events.filter(at__gte=_start_of(wanted["since"]))
    if wanted.get("until"):
        events = events.filter(at__lt=_start_of(wanted["until"] + timedelta(days=1)))
    return events


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the timeline shows it: who did (or was refused) what, when; beneath, in which role and where."""

    at: datetime
    who: str
    text: str
    note: str
    kind: str


def lines(events: Iterable[AuditEvent], places: Mapping[str, str], congresses: Mapping[int, str]) -> tuple[Line, ...]:
    return tuple(_line(event, places, congresses) for event in events)


def _line(event: AuditEvent, places: Mapping[str, str], congresses: Mapping[int, str]) -> Line:
    refused = event.outcome == Outcome.REFUSED
    reason = event.details.get("reason", "") if refused else ""
    about = (
        f"việc số {event.sequence}",
        Role(event.acting_role).label if event.acting_role in Role else "",
        congresses.get(event.congress_id or 0, "") or places.get(event.organization_path, ""),
        f"lý do: {reason}" if reason and "{reason}" not in audit.actions().get(event.action, "") else "",
    )
    return Line(
        at=event.at,
        who=event.actor.full_name if event.actor else "Người chưa đăng nhập",
        text=audit.sentence(event),
        note=" · ".join(part for part in about if part),
        kind="refused" if refused else "",
    )
