"""The figures of one vote, as contract and tally sheet name them. None is "not said", never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from congress.rules.bases import Electorate
from congress.rules.findings import Finding


class Office(StrEnum):
    BRANCH_COMMITTEE = "branch_committee"
    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    COMMITTEE = "committee"
    DELEGATES = "delegates"


OFFICE_LABELS: Mapping[Office, str] = {
    Office.BRANCH_COMMITTEE: "chi ủy",
    Office.SECRETARY: "bí thư",
    Office.DEPUTY_SECRETARY: "phó bí thư",
    Office.COMMITTEE: "ban chấp hành đảng bộ",
    Office.DELEGATES: "đại biểu dự đại hội cấp trên",
}
ONE_PERSON = frozenset({Office.SECRETARY, Office.DEPUTY_SECRETARY})
COMMITTEES = frozenset({Office.BRANCH_COMMITTEE, Office.COMMITTEE})


class Kind(StrEnum):
    ORDINARY = "ordinary"
    TIE_REVOTE = "tie_revote"


class Flaw(StrEnum):
    NOT_ISSUED = "not_issued"
    WRITTEN_IN = "written_in"
    SIGNED = "signed"
    MARKED = "marked"
    SEVERAL_INKS = "several_inks"
    STAMP_MISSING = "stamp_missing"
    UNCLEAR = "unclear"


class Mark(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    BOTH = "both"
    NONE = "none"


class Ruling(StrEnum):
    """What the tellers concluded on a paper in doubt."""

    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Ballots:
    """Phiếu phát ra, thu về, hợp lệ, không hợp lệ; ``pending`` waits for a ruling of the tellers."""

    issued: int | None = None
    returned: int | None = None
    valid: int | None = None
    invalid: int | None = None
    pending: int = 0

    def to_dict(self) -> dict[str, int | None]:
        figures = {"issued": self.issued, "returned": self.returned, "valid": self.valid, "invalid": self.invalid}
        return figures | {"pending": self.pending} if self.pending else figures


@dataclass(frozen=True, slots=True)
class Opinion:
    """Đồng ý and không đồng ý for one name; the rest of the valid papers does not count on that name."""

    agree: int | None = None
    disagree: int | None = None

    def to_dict(self) -> dict[str, int | None]:
        return {"agree": self.agree, "disagree": self.disagree}


@dataclass(frozen=True, slots=True)
class Paper:
    """One returned paper: names left unstruck (``kept``) or one mark per name (``marks``), never both.

    ``ruling`` is the conclusion of the tellers; marks are then as the tellers read them. ``uncounted`` are the names
    that do not count on a paper which they ruled valid: its second level. ``unclear`` are the names that nobody can
    tell whether the paper votes for: no other can be left out.
    """

    kept: tuple[str, ...] | None = None
    marks: dict[str, Mark] | None = None
    flaws: frozenset[Flaw] = frozenset()
    ruling: Ruling | None = None
    uncounted: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()


Votes = Mapping[str, int | Opinion | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One vote: who may vote, for what, on which names, with totals (``ballots``, ``votes``) or ``papers``.

    ``names`` are the full names for sentences. ``faults`` are what reading the data found wrong with its form;
    None means the case was built in code and nobody has looked yet.
    """

    office: Office | None
    seats: int | None
    slate: tuple[str, ...]
    electorate: Electorate | None
    held_on: date | None = None
    regime: str | None = None
    kind: Kind | None = Kind.ORDINARY
    ballot_round: int | None = 1
    ballots: Ballots | None = None
    votes: Votes | None = None
    papers: tuple[Paper, ...] | None = None
    issued: int | None = None
    id: str | int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Finding, ...] | None = None

    def name_of(self, candidate: str) -> str:
        """How sentences call a candidate: the full name where the caller gave one, else the id itself."""
        name = self.names.get(candidate, candidate)
        return name if len(name) <= 80 else f"{name[:79]}…"
