"""What the engine answers: a proposal for the tellers, with every finding and every step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from congress.rules.findings import Finding, Step
from elections.rules.case import Ballots, Opinion, Votes
from elections.rules.layout import Layout
from elections.rules.papers import Judgement


class Status(StrEnum):
    COMPLETE = "complete"
    SHORT = "short"
    TIE = "tie"
    TIE_AGAIN = "tie_again"
    SUPERIOR_APPOINTS = "superior_appoints"
    NEEDS_RULING = "needs_ruling"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Result:
    """``elected`` is empty while rejected or waiting for a ruling; None stands for what could not be computed.

    ``judgements`` holds one verdict per paper, in the order given, when papers were given.
    """

    status: Status
    id: str | int | None = None
    regime: str | None = None
    layout: Layout | None = None
    base: int | None = None
    needed: int | None = None
    elected: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    open_seats: int | None = None
    ballots: Ballots | None = None
    votes: Votes | None = None
    findings: tuple[Finding, ...] = ()
    reasoning: tuple[Step, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "warning")

    @property
    def rulings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "ruling")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, keys in a fixed order."""
        return {
            "id": self.id,
            "regime": self.regime,
            "layout": self.layout,
            "base": self.base,
            "needed": self.needed,
            "status": self.status,
            "elected": list(self.elected),
            "tied": list(self.tied),
            "open_seats": self.open_seats,
            "ballots": self.ballots.to_dict() if self.ballots else None,
            "votes": None if self.votes is None else {name: _plain(figure) for name, figure in self.votes.items()},
            "findings": [finding.to_dict() for finding in self.findings],
            "reasoning": [step.to_dict() for step in self.reasoning],
        }


def _plain(figure: int | Opinion | None) -> Any:
    return figure.to_dict() if isinstance(figure, Opinion) else figure
