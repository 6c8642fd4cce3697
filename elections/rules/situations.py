"""Situation cards (tình huống): what people say in the room, what the rule says, who decides, what is read aloud.

The cards are rows of ``situations.json``; this module only reads and picks them. Articles are never written in a
card: it names rules, and the regime of the day says where they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from congress.rules.regimes import Regime
from congress.rules.texts import UNVERIFIED
from organizations.rules.names import fold

CARDS = Path(__file__).with_name("situations.json")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a card is of use; an empty field asks nothing, and a card without any is found by searching only."""

    states: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    rounds_after_first: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """One card. ``place`` names the page that ``button`` stands on, ``appears`` when, if not always while that page is
    used; ``by_regime`` holds what only one text says.
    """

    slug: str
    group: str
    title: str
    also: str
    rules: tuple[str, ...]
    says: tuple[str, ...]
    doubt: str
    decides: str
    reader: str
    sentence: str
    button: str
    place: str
    appears: str = ""
    by_regime: Mapping[str, str] = field(default_factory=dict)
    when: Moment = Moment()
    at_meetings: bool = True

    @property
    def searched(self) -> str:
        return fold(" ".join((self.title, self.also, *self.says, self.decides, *self.by_regime.values())))

    def text(self, regime: Regime) -> tuple[str, ...]:
        """What the rule says under this regime; one that no card speaks of gets the general sentences."""
        own = self.by_regime.get(regime.code)
        return (*self.says, own) if own else self.says

    def citations(self, regime: Regime) -> tuple[str, ...]:
        """Where it stands, each place once, in the order of the rules; a recalled place says so."""
        places = dict.fromkeys(regime.cite(rule) for rule in self.rules)
        recalled = {place.removesuffix(f" ({UNVERIFIED})") for place in places if UNVERIFIED in place}
        return tuple(place for place in places if place not in recalled)

    def is_certain(self, regime: Regime) -> bool:
        """False when a point is unsettled (U-xx) or a place rests on memory."""
        return not self.doubt and all(UNVERIFIED not in place for place in self.citations(regime))


@lru_cache(maxsize=1)
def every() -> tuple[Situation, ...]:
    return tuple(_card(row) for row in json.loads(CARDS.read_text(encoding="utf-8")))


def of_a_meeting() -> tuple[Situation, ...]:
    """Cards that can come up where a committee meets: no branch, no members' congress, nobody from its floor."""
    return tuple(one for one in every() if one.at_meetings)


OF_A_MEETING = (
    ("đại hội đảng viên", "hội nghị"),
    ("đại hội đại biểu", "hội nghị"),
    ("đoàn chủ tịch", "chủ trì hội nghị"),
    ("chủ tịch đại hội", "chủ trì hội nghị"),
    ("đại hội", "hội nghị"),
    ("đảng viên chính thức", "cấp ủy viên"),
    ("đảng viên đến muộn", "cấp ủy viên đến muộn"),
    ("chi bộ", "đảng ủy"),
    ("bầu chi ủy", "bầu ban thường vụ"),
    ("chi ủy viên", "cấp ủy viên"),
    ("chi ủy", "cấp ủy"),
)


def of_meeting(card: Situation) -> Situation:
    """The card as it reads where the committee meets; ``by_regime`` included."""
    parts = ("title", "doubt", "decides", "reader", "sentence", "appears")
    told: dict[str, Any] = {name: _turned(getattr(card, name)) for name in parts}
    says = tuple(map(_turned, card.says))
    return replace(card, says=says, by_regime={key: _turned(one) for key, one in card.by_regime.items()}, **told)


def _turned(text: str) -> str:
    for word, own in OF_A_MEETING:
        text = text.replace(word, own).replace(word.capitalize(), own.capitalize())
    return text


def by_slug(slug: str) -> Situation | None:
    return next((one for one in every() if one.slug == slug), None)


def found(text: str) -> tuple[Situation, ...]:
    """Cards in which every word of ``text`` occurs, tone marks or not; those called just so come first."""
    wanted = fold(text)
    matching = [one for one in every() if all(word in one.searched for word in wanted.split())]
    return tuple(sorted(matching, key=lambda one: (wanted not in fold(one.title), wanted not in fold(one.also))))


def fitting(
    *, state: str, office: str, number: int, status: str = "", findings: Iterable[str] = ()
) -> tuple[Situation, ...]:
    """Cards for one ballot round: those its result or findings call for, then those of its step."""
    codes = frozenset(findings)
    ranked = [(_rank(one.when, state, office, number, status, codes), one) for one in every()]
    return tuple(one for rank, one in sorted(ranked, key=lambda pair: pair[0]) if rank < NEVER)


NEVER = 9


def _rank(when: Moment, state: str, office: str, number: int, status: str, codes: frozenset[str]) -> int:
    """0 called for by the result or a finding, 1 by the step of the round, ``NEVER`` not at all."""
    if when.offices and office not in when.offices:
        return NEVER
    if (status and status in when.statuses) or codes & when.findings:
        return 0
    if state in when.states or (when.rounds_after_first and number > 1):
        return 1
    return NEVER


def _card(row: Mapping[str, Any]) -> Situation:
    plain = {name: row[name] for name in ("slug", "group", "title", "also", "doubt", "decides", "reader", "sentence")}
    return Situation(
        **plain,
        button=row["button"],
        place=row["place"],
        appears=row.get("appears", ""),
        rules=tuple(row["rules"]),
        says=tuple(row["says"]),
        by_regime=dict(row["by_regime"]),
        when=Moment(**dict(_moment(row["when"]))),
        at_meetings=row.get("at_meetings", True),
    )


def _moment(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        yield name, frozenset(value) if isinstance(value, list) else value
