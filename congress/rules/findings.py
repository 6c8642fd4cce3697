"""What rules answer with: a finding about figures, a step of the reasoning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "ruling"]
LEVELS: Mapping[str, Level] = {"F": "error", "W": "warning", "R": "ruling"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or doubtful: ``error`` stops, ``warning`` asks for a note, ``ruling`` waits for the tellers.

    ``field`` is the letter on the tally sheet ("" when it concerns the whole); ``next`` says who does what now.
    ``certainty`` is "" or says that an unsettled point decides here; the message ends with the same words.
    """

    code: str
    level: Level
    rule: str
    message: str
    field: str = ""
    next: str = ""
    certainty: str = ""

    def to_dict(self) -> dict[str, str]:
        return {
            "code": self.code,
            "level": self.level,
            "rule": self.rule,
            "message": self.message,
            "field": self.field,
            "next": self.next,
            "certainty": self.certainty,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a catalogue of findings: the rule, the sentence with its figures, who does what next.

    ``parameter`` names what the regime sets and this finding rests on, where that may be unsettled.
    """

    rule: str
    sentence: str
    next: str
    parameter: str = ""


def finding_from(
    catalogue: Mapping[str, Entry], code: str, field: str = "", certainty: str = "", /, **figures: object
) -> Finding:
    """The finding of a code; its first letter is its level: F error, W warning, R ruling."""
    entry = catalogue[code]
    message = entry.sentence.format(**figures)
    if certainty:
        message = f"{message} Quy định về việc này {certainty}."
    return Finding(code, LEVELS[code[0]], entry.rule, message, field, entry.next, certainty)


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the figures to the result, with the rule and the text it rests on.

    ``certainty`` is "" or says that the place was recalled or an unsettled point decided here; the citation
    ends with the same words. ``about`` is the key of the one candidate it is about, "" for all others.
    """

    rule: str
    text: str
    citation: str
    certainty: str = ""
    about: str = ""

    def to_dict(self) -> dict[str, str]:
        plain = {"rule": self.rule, "text": self.text, "citation": self.citation, "certainty": self.certainty}
        return plain | {"about": self.about} if self.about else plain
