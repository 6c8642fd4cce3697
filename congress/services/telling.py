"""Báo tin to those who hold a role at a place: one line each, without content, with the page that says it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.roles import Role
from congress.models import Reminder
from organizations.models import RoleAssignment
from organizations.queries import live


@dataclass(frozen=True, slots=True)
class News:
    """What one place is told. ``about``: the body whose thing it is; ``topic``: what many lines have in common."""

    place_id: int
    key: str
    sentence: str
    url: str
    about_id: int | None = None
    topic: str = ""


def tell(news: Iterable[News], roles: Sequence[Role], *, but: int | None, at: datetime) -> int:
    """Whoever holds one of the roles at the place itself is told once per key, other than ``but`` who did it.

    Returns how many lines are written; queries do not grow with the places.
    """
    told = list(news)
    places = {one.place_id for one in told}
    holders = RoleAssignment.objects.filter(organization__in=places, role__in=roles, user__is_active=True)
    people: dict[int, set[int]] = {}
    for place, user in live(holders, on=timezone.localdate(at)).values_list("organization_id", "user_id"):
        people.setdefault(place, set()).add(user)
    rows = [
        Reminder(
            user_id=user,
            key=one.key,
            level=Reminder.Level.NOTICE,
            place_id=one.place_id,
            about_id=one.about_id,
            topic=one.topic[:300],
            sentence=one.sentence[:300],
            url=one.url,
            created_at=at,
        )
        for one in told
        for user in sorted(people.get(one.place_id, set()) - {but})
    ]
    Reminder.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
