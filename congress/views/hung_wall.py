"""Bảng treo tường: the progress of one committee's branches for a screen in the office, opened by a link alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

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
"""Congresses of the day and đảng bộ on one screen, in letters that are read from five metres."""


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
    return {
        "seen": seen,
        "curve": seen.curve(),
        "committees": _part(committees, COMMITTEES, turn),
        "of_the_day": _part(_of_the_day(seen, congresses, today), CONGRESSES, turn),
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


def _of_the_day(seen: Overview, congresses: Any, today: date) -> list[tuple[Congress, str, str]]:
    """(congress, words, tone), those going on first, then those to come, then those that have closed."""
    ids = [line.congress_id for line in seen.lines if today in (line.planned_on, line.closed_on)]
    ids += [line.congress_id for line in seen.lines if line.state == SITTING and line.planned_on != today]
    found = congresses.filter(pk__in=ids).select_related("organization", "authority")
    return sorted(
        ((one, *_words(one)) for one in found), key=lambda row: (row[2] != "now", row[2] == "done", row[0].pk)
    )


def _words(congress: Congress) -> tuple[str, str]:
    if congress.state == SITTING:
        return "đang đại hội", "now"
    if congress.closed_at is not None:
        return f"bế mạc {timezone.localtime(congress.closed_at):%H:%M}", "done"
    if congress.planned_for is None:
        return "hôm nay", "todo"
    when = timezone.localtime(congress.planned_for)
    return f"khai mạc {when:%H:%M}" + ("" if congress.state == CLEARED else ", chưa được duyệt"), "wait"
