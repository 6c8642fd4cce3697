"""What a story is, and what is counted of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from congress.lifecycle import HELD, STATE_NAMES
from congress.models import Congress
from documents.models import Document, IssuedPaper
from elections.models import Election
from elections.stories.player import Player, Story
from organizations.models import Member, Organization
from organizations.queries import below


@dataclass(frozen=True, slots=True)
class Tale:
    """``top`` is the code under which everything of the story lies; ``figures`` are those the text itself states."""

    number: str
    title: str
    top: str
    stories: Callable[[Player], Iterable[Story]]
    figures: Callable[[], dict[str, Any]]

    def summary(self) -> dict[str, Any]:
        """One line of ``replay_seeds``: counts and figures, all read from the database."""
        top = Organization.objects.filter(code=self.top).first()
        path = top.path if top else "none/"
        states = dict(
            Congress.objects.filter(below(path, "organization__"))
            .order_by()
            .values_list("state")
            .annotate(count=Count("pk"))
        )
        return {
            "story": self.number,
            "title": self.title,
            "organizations": Organization.objects.filter(below(path)).count(),
            "members": Member.objects.filter(below(path, "organization__")).count(),
            "congresses": {state: states[state] for state in STATE_NAMES if state in states},
            "documents": Document.objects.filter(below(path, "congress__organization__")).count(),
            "elections": Election.objects.filter(below(path, "congress__organization__")).count(),
            "papers": IssuedPaper.objects.filter(below(path, "congress__organization__")).count(),
            "figures": self.figures() if top else {},
        }


def held_of_all(congresses: Iterable[Congress]) -> str:
    """ "38/261": how many have met, of how many."""
    found = list(congresses)
    return f"{sum(one.state in HELD for one in found)}/{len(found)}"


def percent(part: int, whole: int) -> str:
    """ "18,18%": two places cut off, by integers; whole numbers without them."""
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}%" if hundredths % 100 == 0 else f"{hundredths // 100},{hundredths % 100:02d}%"
