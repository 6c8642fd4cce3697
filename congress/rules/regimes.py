"""Which texts were in force on a day, and where in them a rule stands. New texts are rows, not code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, reduce
from pathlib import Path

from congress.rules.added_texts import KINDS, read_added, with_added
from congress.rules.findings import Step
from congress.rules.majority import Threshold
from congress.rules.texts import UNVERIFIED, Parameter, Text, Texts, read_texts

SHIPPED = Path(__file__).with_name("regimes.json")
SEARCHED = KINDS


class NoRegime(ValueError):
    """No election regulation answers for this day or code; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class Regime:
    """The texts of one day. ``on`` is None when only the code of the election regulation is known."""

    regulation: Text
    texts: tuple[Text, ...]
    defaults: Texts
    on: date | None
    places: dict[str, str] = field(default_factory=dict, compare=False, repr=False)  # citations already made
    grounds: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def code(self) -> str:
        """Code of the election regulation: what a congress is stamped with."""
        return self.regulation.code

    def text(self, kind: str) -> Text | None:
        return next((text for text in self.texts if text.kind == kind), None)

    def cite(self, rule: str) -> str:
        """Where the rule stands: a place that was read before one recalled; else what it is derived from."""
        if rule not in self.places:
            naming = [text for text in self.texts if rule in text.articles]
            read = [text for text in naming if text.has_read(rule)]
            self.places[rule] = (read or naming)[0].cite(rule) if naming else f"Suy ra từ {self.regulation.title}"
        return self.places[rule]

    def is_certain(self, rule: str) -> bool:
        """Whether the place was read; derived rules count as certain, recalled ones do not."""
        return UNVERIFIED not in self.cite(rule)

    def certainty(self, rule: str = "", *parameters: str) -> str:
        """ "" when all was read, else "chưa kiểm chứng" with the unsettled points (U-xx) among what decides."""
        doubts = dict.fromkeys(doubt for name in parameters if (doubt := self.parameter(name).doubt))
        if not doubts and (not rule or self.is_certain(rule)):
            return ""
        points = ", ".join(doubt for doubt in doubts if doubt.startswith("U-"))
        return f"{UNVERIFIED} ({points})" if points else UNVERIFIED

    def step(self, rule: str, text: str, *parameters: str) -> Step:
        """A step of the reasoning with the place of its rule, and whether anything it rests on is unsettled."""
        ground = (rule, *parameters)
        if ground not in self.grounds:
            self.grounds[ground] = self._place_and_certainty(rule, parameters)
        return Step(rule, text, *self.grounds[ground])

    def _place_and_certainty(self, rule: str, parameters: tuple[str, ...]) -> tuple[str, str]:
        place, certainty = self.cite(rule), self.certainty(rule, *parameters)
        if certainty not in ("", UNVERIFIED):
            return f"{place.removesuffix(f' ({UNVERIFIED})')} – {certainty}", certainty
        if certainty and not place.endswith(f"({UNVERIFIED})"):
            return f"{place} ({certainty})", certainty
        return place, certainty

    def parameter(self, name: str) -> Parameter:
        """As the election regulation sets it, else another text of the day, else as it usually is."""
        for text in (self.regulation, *self.texts):
            if name in text.parameters:
                return text.parameters[name]
        return self.defaults.parameters[name]

    def number(self, name: str) -> int | None:
        """A parameter that counts something; None when the regime sets none (or it was not read)."""
        value = self.parameter(name).value
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise TypeError(f"parameter {name} is not a number: {value!r}")

    def threshold(self, name: str, *, inclusive: bool) -> Threshold | None:
        value = self.parameter(name).value
        return Threshold(value[0], value[1], inclusive) if isinstance(value, tuple) else None

    @property
    def doubts(self) -> tuple[str, ...]:
        """E-02 — Sentences for a banner: texts possibly replaced by one nobody here has read (U-01)."""
        if self.on is None:
            return ()
        return tuple(text.doubt for text in self.texts if text.doubtful_from and text.doubtful_from <= self.on)


def in_force(on: date, texts: Texts | None = None) -> Regime:
    """E-01 — The documents in force on the day of the vote; a day before all of them is NoRegime.

    244-QĐ/TW from 09/6/2014, 190-QĐ/TW from 10/10/2024, with the guidance and charter texts of that day.
    """
    return _known_in_force(on) if texts is None else _in_force(on, texts)


def by_code(code: str, texts: Texts | None = None) -> Regime:
    """The regime of an election regulation when the day is not known: no charter-implementing text then."""
    known = texts or texts_known()
    regulation = next((text for text in known.of_kind("election_regulation") if text.code == code), None)
    if regulation is None:
        codes = ", ".join(codes_known(known))
        raise NoRegime(f"Không có quy chế bầu cử “{code}”; các quy chế đã biết: {codes}.")
    charter = known.of_kind("charter")
    return Regime(regulation, (regulation, *charter), known, None)


def by_default() -> Regime:
    """The latest election regulation known, for what has to be said before any day is known."""
    regulations = texts_known().of_kind("election_regulation")
    return by_code(max(regulations, key=lambda text: text.effective_from).code)


def codes_known(texts: Texts | None = None) -> tuple[str, ...]:
    return tuple(text.code for text in (texts or texts_known()).of_kind("election_regulation"))


def use_folder(folder: Path | None) -> None:
    """E-02 — From now on the texts an administrator put in ``folder`` are known besides those shipped.

    Raises BadTexts, naming the file, when one cannot be read; then nothing changes. None or no such folder: the
    shipped texts alone.
    """
    global _added
    found = sorted(folder.glob("*.json")) if folder is not None else []
    added = [read_added(file, shipped()) for file in found]
    _added = reduce(with_added, added, shipped())
    _known_in_force.cache_clear()


def texts_known() -> Texts:
    return shipped() if _added is None else _added


@lru_cache(maxsize=1)
def shipped() -> Texts:
    return read_texts(SHIPPED)


_added: Texts | None = None


def _in_force(on: date, texts: Texts) -> Regime:
    regulation = texts.latest("election_regulation", on)
    if regulation is None:
        first = min(text.effective_from for text in texts.of_kind("election_regulation"))
        raise NoRegime(
            f"Ngày {on:%d/%m/%Y} trước mọi quy chế bầu cử đã biết (sớm nhất có hiệu lực từ {first:%d/%m/%Y})."
        )
    found = (texts.latest(kind, on) for kind in SEARCHED)
    return Regime(regulation, tuple(text for text in found if text is not None), texts, on)


@lru_cache(maxsize=4096)
def _known_in_force(on: date) -> Regime:
    return _in_force(on, texts_known())
