"""Bảng treo tường: the progress of one committee's branches for a screen in the office, opened by a link alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import wording
from accounts.access import public
from congress.lifecycle import CLEARED, SITTING
from congress.models import Congress
from congress.progress import Overview, overview_of, terms_of
from congress.queries import congresses_under
from organizations.models import AccessLink, Organization
from organizations.queries import below
from organizations.without_sign_in import opened

EVERY = 30
"""Seconds after which the screen asks for itself again and shows the next part of what does not fit on it at once."""

CONGRESSES, COMMITTEES = 3, 12
"""Congresses and đảng bộ on one screen, in letters that are read from five metres."""

BESIDE = 2, 9
"""The same where the screen shows both."""


@public("GET")
def hung_wall(request: HttpRequest, secret: str) -> HttpResponse:
    """Figures, curve, đảng bộ, the congresses of the day; no person is named and nothing can be pressed."""
    place = opened(request, AccessLink.Kind.WALL, secret).organization
    today = timezone.localdate()
    congresses = congresses_under(place)
    terms = terms_of(congresses)
    now = timezone.now()
    context: dict[str, Any] = {"place": place, "now": now, "every": EVERY}
    if terms:
        context |= _shown(place, terms[0], today, turn=int(now.timestamp()) // EVERY)
    return render(request, "congress/hung_wall.html", context)


def _shown(place: Organization, term: str, today: date, *, turn: int) -> dict[str, Any]:
    congresses = congresses_under(place).filter(term_label=term)
    seen = overview_of(congresses, Organization.objects.filter(below(place.path)), term, as_of=today)
    committees = [(_short(one.name), held, total) for one, held, total in seen.by_committee()]
    rows = _going_on(seen, congresses, today)
    many, wide = BESIDE if rows and len(committees) > 1 else (CONGRESSES, COMMITTEES)
    shown = _part(rows, many, turn)
    still_open = sum(one.is_open for one in rows)
    return {
        "seen": seen,
        "curve": seen.curve(),
        "committees": _part(committees, wide, turn),
        "shown": shown,
        "groups": [(is_open, list(some)) for is_open, some in groupby(shown["rows"], lambda one: one.is_open)],
        "meeting": len(rows) - still_open,
        "still_open": still_open,
    }


def _part(rows: list[Any], size: int, turn: int) -> dict[str, Any]:
    """The rows of this turn, which part of how many they are; one after the other, all come up."""
    parts = max(1, -(-len(rows) // size))
    number = turn % parts
    return {"rows": rows[number * size : (number + 1) * size], "number": number + 1, "parts": parts, "total": len(rows)}


def _short(name: str) -> str:
    """The name without the words that all of them begin with: what is left is read from afar."""
    short = name.removeprefix("Đảng bộ ")
    return short[:1].upper() + short[1:]


@dataclass(frozen=True, slots=True)
class Row:
    """One congress on the screen; ``is_open``: begun on an earlier day and not closed."""

    congress: Congress
    words: str
    tone: str
    is_open: bool = False


def _going_on(seen: Overview, congresses: Any, today: date) -> list[Row]:
    """Those of today: going on, then to come, then closed; after them those still open from earlier days."""
    ids = [line.congress_id for line in seen.lines if today in (line.planned_on, line.closed_on)]
    ids += [line.congress_id for line in seen.lines if line.state == SITTING and line.planned_on != today]
    found = congresses.filter(pk__in=ids).select_related("organization", "authority")
    return sorted(
        (_row(one, today) for one in found),
        key=lambda row: (row.is_open, row.tone != "now", row.tone == "done", row.congress.pk),
    )


def _row(congress: Congress, today: date) -> Row:
    if congress.state == SITTING:
        if congress.held_on is not None and congress.held_on < today:
            return Row(congress, f"mở từ {wording.day(congress.held_on)}", "late", is_open=True)
        return Row(congress, "đang đại hội", "now")
    if congress.closed_at is not None:
        return Row(congress, f"bế mạc {timezone.localtime(congress.closed_at):%H:%M}", "done")
    if congress.planned_for is None:
        return Row(congress, "hôm nay", "todo")
    when = timezone.localtime(congress.planned_for)
    cleared = "" if congress.state == CLEARED else ", chưa được duyệt"
    return Row(congress, f"khai mạc {when:%H:%M}{cleared}", "wait")
