"""Several tables count one box: their sheets are added by the rules, not by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from congress.rules.findings import Finding
from elections.rules.catalogue import finding
from elections.rules.comparison import BALLOTS, Figures


def add_up(figures_of_teams: Sequence[Figures]) -> dict[str, Any]:
    """E-63d — The sums over all teams, in the form of one team's figures; a blank of one team is a blank of all.

    A team whose names are counted otherwise than another's is a ValueError: they had different papers.
    """
    if not figures_of_teams:
        raise ValueError("no team has counted")
    sums: dict[str, Any] = {name: _sum([team.get(name) for team in figures_of_teams]) for name, _ in BALLOTS}
    names = dict.fromkeys(name for team in figures_of_teams for name in team.get("votes") or {})
    sums["votes"] = {name: _votes([(team.get("votes") or {}).get(name) for team in figures_of_teams]) for name in names}
    reasons = dict.fromkeys(code for team in figures_of_teams for code in team.get("invalid_reasons") or {})
    sums["invalid_reasons"] = {
        code: sum((team.get("invalid_reasons") or {}).get(code) or 0 for team in figures_of_teams) for code in reasons
    }
    return sums


def team_findings(figures_of_teams: Sequence[Figures], returned: int | None) -> Iterator[Finding]:
    """E-63d — Each sheet adds up by itself, and all sheets together hold the papers that the ledger says came back."""
    for number, team in enumerate(figures_of_teams, start=1):
        yield from _sheet(number, team)
    total = _sum([team.get("returned") for team in figures_of_teams])
    if total is not None and returned is not None and total != returned:
        yield finding("F405", "G", total=total, returned=returned)


def reason_findings(figures: Figures) -> Iterator[Finding]:
    """E-49 — The reasons of invalid papers, where they are counted, together are the invalid papers."""
    reasons, invalid = figures.get("invalid_reasons"), figures.get("invalid")
    if reasons and invalid is not None:
        total = sum(count or 0 for count in reasons.values())
        if total != invalid:
            yield finding("F407", "K", total=total, invalid=invalid)


def _sheet(number: int, team: Figures) -> Iterator[Finding]:
    returned, valid, invalid = (team.get(name) for name, _ in BALLOTS)
    if returned is not None and valid is not None and invalid is not None and valid + invalid != returned:
        figures = {"valid": valid, "invalid": invalid, "total": valid + invalid, "returned": returned}
        yield finding("F406", "G", team=number, **figures)
    yield from reason_findings(team)


def _sum(figures: Sequence[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) and known else None


def _votes(figures: Sequence[Any]) -> Any:
    in_two = [isinstance(figure, Mapping) for figure in figures if figure is not None]
    if any(in_two) and not all(in_two):
        raise ValueError("one team counted agree and disagree, another did not")
    if not any(in_two):
        return _sum(figures)
    return {part: _sum([(figure or {}).get(part) for figure in figures]) for part in ("agree", "disagree")}
