"""Tình huống: the cards for everybody to read beforehand, and beside a congress or round with their button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import scoped, signed_in
from accounts.web import signed_in_user
from congress.frame import frame
from congress.lifecycle import CLEARED, PREPARING, SITTING
from congress.models import Congress
from congress.queries import visible_to
from congress.rules import regimes
from congress.scopes import CONGRESS
from elections.models import BallotRound
from elections.rules import situations
from elections.rules.situations import Situation
from elections.scopes import ROUND
from elections.views.pages import round_frame
from elections.views.situation_places import landing_of

SHOWN = 6
"""Cards beside a round or a result; the others are one link away."""
OFFERED = 5
"""Congresses that a card read beforehand leads to."""


def situations_for(ballot_round: BallotRound, result: Mapping[str, Any] | None = None) -> list[dict[str, str]]:
    """Cards for ``templates/elections/_situations.html``: what is likely now, what the result calls for first.

    ``result``: as stored on a sheet (``status``, ``findings``), or None before the count.
    """
    told = result or {}
    is_meeting = ballot_round.election.congress.is_meeting
    cards = situations.fitting(
        state=ballot_round.state,
        office=ballot_round.election.office,
        number=ballot_round.number,
        status=str(told.get("status") or ""),
        findings=[one["code"] for one in told.get("findings") or ()],
    )
    if is_meeting:
        cards = tuple(situations.of_meeting(one) for one in cards if one.at_meetings)
    return [
        {"title": one.title, "url": reverse("elections:round_situation", args=[ballot_round.pk, one.slug])}
        for one in cards[:SHOWN]
    ]


def day_of(congress: Congress | None) -> date:
    """The day whose texts apply: the opening, the one planned, today."""
    moment = (congress.opened_at or congress.planned_for) if congress else None
    return timezone.localdate(moment) if moment else timezone.localdate()


def _card_or_404(slug: str) -> Situation:
    card = situations.by_slug(slug)
    if card is None:
        raise Http404
    return card


def _title(card: Situation, congress: Congress) -> str:
    return situations.of_meeting(card).title if congress.is_meeting else card.title


def _shown(card: Situation, on: date, congress: Congress | None = None) -> dict[str, Any]:
    """Context of templates/elections/_situation.html."""
    regime = regimes.in_force(on)
    if congress is not None and congress.is_meeting:
        card = situations.of_meeting(card)
    return {
        "card": card,
        "says": card.text(regime),
        "citations": card.citations(regime),
        "is_certain": card.is_certain(regime),
        "regulation": regime.regulation.title,
        "doubts": regime.doubts,
    }


def _list(request: HttpRequest, context: dict[str, Any], address: str, *, is_meeting: bool = False) -> HttpResponse:
    """The cards found; only their list when the field asks while somebody types."""
    text = request.GET.get("tim", "")[:100].strip()
    cards: Sequence[Situation] = situations.found(text)
    if is_meeting:
        cards = [situations.of_meeting(one) for one in cards if one.at_meetings]
    context |= {
        "groups": _grouped(cards, together="" if text else None),
        "found": len(cards),
        "wanted": text,
        "every": len(situations.of_a_meeting() if is_meeting else situations.every()),
        "address": address,
    }
    htmx = request.htmx  # type: ignore[attr-defined]  # put there by the middleware of htmx
    part = htmx and not htmx.boosted
    return render(request, "elections/_situation_list.html" if part else "elections/situations.html", context)


def _grouped(cards: Sequence[Situation], together: str | None) -> list[dict[str, Any]]:
    """Cards by the part of the day they belong to; those that were searched for ``together``, best first."""
    groups: dict[str, list[Situation]] = {}
    for card in cards:
        groups.setdefault(card.group if together is None else together, []).append(card)
    return [{"title": title, "cards": found} for title, found in groups.items()]


@signed_in("GET")
def every(request: HttpRequest) -> HttpResponse:
    """All cards, read beforehand."""
    crumbs = [("Bầu cử", reverse("elections:all")), ("Tình huống", "")]
    return _list(request, {"crumbs": crumbs, "frame": "base.html"}, reverse("elections:situations"))


@signed_in("GET")
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One card, with the congresses in which its button can be pressed."""
    card = _card_or_404(slug)
    crumbs = [("Bầu cử", reverse("elections:all")), ("Tình huống", reverse("elections:situations")), (card.title, "")]
    context = _shown(card, day_of(None)) | {
        "crumbs": crumbs,
        "back": reverse("elections:situations"),
        "congresses": [
            {"name": found.name, "url": reverse("elections:congress_situation", args=[found.pk, slug])}
            for found in _coming(request)
        ],
    }
    return render(request, "elections/situation.html", context)


def _coming(request: HttpRequest) -> list[Congress]:
    """Congresses of this person that still have their elections before them; the sitting ones first."""
    found = visible_to(signed_in_user(request)).filter(state__in=(PREPARING, CLEARED, SITTING))
    newest = list(found.select_related("organization").order_by("-state_since", "pk")[: OFFERED + 1])
    return sorted(newest, key=lambda one: one.state != SITTING) if len(newest) <= OFFERED else []


@scoped(CONGRESS)
def of_congress(request: HttpRequest, congress: Congress) -> HttpResponse:
    """All cards, under the texts of this congress."""
    crumbs = [("Bầu cử", reverse("elections:overview", args=[congress.pk])), ("Tình huống", "")]
    context = frame(request, congress, "elections", title="Tình huống khi bầu cử", crumbs=crumbs)
    context["frame"] = "congress/frame.html"
    address = reverse("elections:congress_situations", args=[congress.pk])
    return _list(request, context, address, is_meeting=congress.is_meeting)


@scoped(CONGRESS)
def one_of_congress(request: HttpRequest, congress: Congress, slug: str) -> HttpResponse:
    """One card; its button leads to the page of this congress, or of the round in hand."""
    card = _card_or_404(slug)
    cards = reverse("elections:congress_situations", args=[congress.pk])
    crumbs = [
        ("Bầu cử", reverse("elections:overview", args=[congress.pk])),
        ("Tình huống", cards),
        (_title(card, congress), ""),
    ]
    context = frame(request, congress, "elections", title=_title(card, congress), crumbs=crumbs)
    context |= _shown(card, day_of(congress), congress) | {
        "landing": landing_of(signed_in_user(request), card, congress),
        "back": cards,
    }
    return render(request, "elections/situation_here.html", context)


@scoped(ROUND)
def one_of_round(request: HttpRequest, ballot_round: BallotRound, slug: str) -> HttpResponse:
    """One card beside a round: its button leads to that round."""
    card, congress = _card_or_404(slug), ballot_round.election.congress
    context = round_frame(request, ballot_round, "Tình huống", _title(card, congress))
    context |= _shown(card, day_of(congress), congress) | {
        "landing": landing_of(signed_in_user(request), card, congress, ballot_round),
        "back": reverse("elections:congress_situations", args=[congress.pk]),
    }
    return render(request, "elections/situation_here.html", context)
