"""Votes for tests: ``line(...)`` is one line of the command's input, whole and consistent unless told otherwise."""

from __future__ import annotations

from typing import Any

from elections.rules.decide import decide
from elections.rules.reading import read_case
from elections.rules.result import Result

FULL = "ABCDEFGHIJKLMNOPQRST"


def line(votes: Any = None, *, base: int = 12, seats: int = 3, **changes: Any) -> dict[str, Any]:
    """A vote in which ``base`` members were called and are present; list of figures → names A, B, C …

    A pair (agree, disagree) per name makes it an agree/disagree vote; a dict of votes is taken as it is.
    """
    papers = changes.get("papers")
    figures = list(votes.values() if isinstance(votes, dict) else votes or ())
    slate = changes.pop("slate", list(FULL[: len(figures)]) or ["A", "B", "C", "D"])
    named = {
        name: {"agree": figure[0], "disagree": figure[1]} if isinstance(figure, tuple) else figure
        for name, figure in zip(slate, figures, strict=False)
    }
    named = votes if isinstance(votes, dict) else named
    valid = changes.pop("valid", base)
    invalid = changes.pop("invalid", 0)
    returned = changes.pop("returned", valid + invalid)
    issued = changes.pop("issued", returned)
    electorate = {
        "summoned": base,
        "temporarily_elsewhere_absent": 0,
        "exempt_absent": 0,
        "suspended_or_prosecuted": 0,
        "excused_throughout": 0,
        "present": changes.pop("present", issued),
    } | changes.pop("electorate", {})
    count: dict[str, Any] = {"issued": issued}
    if papers is None:
        figures_of_papers = {"issued": issued, "returned": returned, "valid": valid, "invalid": invalid}
        count = {"ballots": figures_of_papers, "votes": named}
    return {
        "id": "x1",
        "held_on": "2025-07-20",
        "office": "branch_committee",
        "seats": seats,
        "ballot_round": 1,
        "kind": "ordinary",
        "electorate": electorate,
        "slate": slate,
        **count,
        **changes,
    }


def decided(votes: Any = None, **changes: Any) -> Result:
    return decide(read_case(line(votes, **changes)))


def codes(result: Result) -> list[str]:
    return sorted({finding.code for finding in result.findings})


def kept(*papers: str) -> list[dict[str, Any]]:
    """Strike-out papers: ``"AB"`` keeps A and B; ``"ABC!signed"`` adds a flaw."""
    return [{"kept": list(paper.split("!")[0]), "flaws": paper.split("!")[1:]} for paper in papers]


def marked(*papers: str) -> list[dict[str, Any]]:
    """Agree/disagree papers, a sign per name: + agree, - disagree, # both, 0 none; ``"+-!unclear"`` adds a flaw."""
    meanings = {"+": "agree", "-": "disagree", "#": "both", "0": "none"}
    made = []
    for paper in papers:
        signs, *flaws = paper.split("!")
        made.append({"marks": {FULL[i]: meanings[sign] for i, sign in enumerate(signs)}, "flaws": flaws})
    return made
