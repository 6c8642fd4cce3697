"""Which number the congress of an organization would bear: what the tree and the congresses held say together."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from congress.models import AssemblyKind, Congress
from organizations.models import Organization
from organizations.rules import ordinals

GENERATIONS = 12
"""More than any organization went through; a circle of successions ends there."""


def proposal(congress: Congress) -> ordinals.Proposal:
    """HD 06-HD/TW — proposed to whoever writes down the details; a person decides."""
    day = timezone.localdate(congress.opened_at or congress.planned_for)
    return ordinals.next_ordinal(_body(congress.organization, day, without=congress.pk), on=day)


def held_by_of(organization: Organization, day: date) -> int | None:
    """How many congresses count for it before that day; None where that is unknown."""
    return ordinals.held_by(_body(organization, day), on=day)[0]


def _body(
    organization: Organization, day: date, *, without: int | None = None, left: int = GENERATIONS
) -> ordinals.Body:
    """What is known of it before that day; the last number that somebody wrote down goes before all counting."""
    held = [
        one
        for one in organization.congresses.exclude(kind=AssemblyKind.MEETING).exclude(pk=without).order_by("opened_at")
        if one.held_on is not None and one.held_on < day
    ]
    numbered = next((one for one in reversed(held) if one.ordinal), None)
    since = numbered.held_on if numbered is not None else None
    origins = [
        one for one in _origins(organization, day, left) if since is None or (one[0] > since and one[1].kind == "merge")
    ]
    if numbered is not None:
        before, why = numbered.ordinal, f"{numbered.name} đã ghi số thứ tự {numbered.ordinal}."
        held = held[held.index(numbered) + 1 :]
    else:
        before, why = organization.congresses_before, ""
    return ordinals.Body(
        name=organization.name,
        before=before,
        why_before=why,
        held=len(held),
        founded_on=organization.founded_on,
        origins=tuple(one for _, one in origins),
    )


def _origins(organization: Organization, day: date, left: int) -> list[tuple[date, ordinals.Origin]]:
    """Where it came from by that day, each with what it had held when that happened."""
    found = []
    rows = organization.origins.select_related("predecessor", "act").order_by("decided_on", "pk") if left else ()
    for row in rows:
        then = row.act.effective_on if row.act else row.decided_on
        if then <= day:
            body = _body(row.predecessor, then, left=left - 1)
            count, _ = ordinals.held_by(body, on=then)
            found.append((then, ordinals.Origin(row.predecessor.name, row.kind, count, row.carries_ordinal)))
    return found
