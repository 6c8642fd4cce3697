"""Two entries of every team are alike: the sums, the papers still in doubt, the sheet that goes to the head."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from congress.models import Congress
from congress.rules.findings import Finding
from elections import policies
from elections.lifecycle import SEALED
from elections.models import BallotRound, BoardRuling, Count, CountedPaper
from elections.rules.catalogue import finding
from elections.rules.comparison import Figures
from elections.rules.papers import REASON_LABELS, Reason
from elections.rules.result import Result
from elections.rules.retyping import figures_of_papers
from elections.rules.teams import add_up, team_findings
from elections.services.proposing import case_of, propose, result_of
from elections.services.slates import move_round
from elections.standings import InDoubt, Standing, papers_of, ruled, standings_of

BLOCKING = ("rejected", "needs_ruling")
ENGINE_SAYS_IT = "F406"
"""Valid and invalid papers against returned: the engine finds that on the same figures."""


@dataclass(frozen=True, slots=True)
class Sums:
    """``figures`` as one entry has them, ``counted`` as the engine reads them, its ``result``, and the errors."""

    figures: Mapping[str, Any]
    counted: Mapping[str, Any]
    result: dict[str, Any]
    problems: list[dict[str, str]]


def sheet_findings(figures_of_teams: Sequence[Figures], returned: int | None) -> list[Finding]:
    """What the sheets of the teams must add up to; every invalid paper has its reason (E-49, E-60)."""
    found = [one for one in team_findings(figures_of_teams, returned) if one.code != ENGINE_SAYS_IT]
    for figures in figures_of_teams:
        if figures["invalid"] and not figures["invalid_reasons"]:
            found.append(finding("F407", "K", total=0, invalid=figures["invalid"]))
    return found


def _judged(
    papers: Mapping[int, Any], count: Count, team: int, ballot_round: BallotRound, congress: Congress
) -> tuple[Result, dict[int, BoardRuling]]:
    rulings = {one.slip: one for one in count.rulings.filter(team=team)}
    read = [ruled(papers[slip], rulings.get(slip)) for slip in papers]
    return result_of(ballot_round, congress, {"papers": read, "issued": count.ledger.issued}), rulings


def totals_of(
    papers: Mapping[int, Any], count: Count, team: int, ballot_round: BallotRound, congress: Congress
) -> dict[str, Any]:
    """Totals as the engine adds them up; papers in doubt wait for the board and are in neither sum yet."""
    result, rulings = _judged(papers, count, team, ballot_round, congress)
    invalid = {slip for slip, ruling in rulings.items() if ruling.verdict == BoardRuling.Verdict.INVALID}
    return figures_of_papers(
        result, {place: rulings[slip].category for place, slip in enumerate(papers) if slip in invalid}
    )


def doubts_of(count: Count, ballot_round: BallotRound, congress: Congress) -> list[InDoubt]:
    """Papers that both people of a team read alike and that wait for the board's ruling (E-49)."""
    found = []
    for standing in standings_of(count) if count.method == Count.Method.PAPERS else ():
        if not standing.is_agreed:
            continue
        papers = papers_of(standing.seats[0])
        result, _ = _judged(papers, count, standing.team, ballot_round, congress)
        found += [
            InDoubt(standing.team, slip, judgement.doubt, papers[slip])
            for slip, judgement in zip(papers, result.judgements, strict=True)
            if judgement.doubt is not None
        ]
    return found


def sums_of(count: Count, ballot_round: BallotRound, congress: Congress) -> Sums | None:
    """What all teams counted together and what is wrong with it; None while a team differs or a paper is in doubt."""
    teams = standings_of(count)
    if not all(one.is_agreed for one in teams) or doubts_of(count, ballot_round, congress):
        return None
    figures = add_up([_agreed_figures(one, count, ballot_round, congress) for one in teams])
    ballots = {name: figures[name] for name in ("returned", "valid", "invalid")}
    counted = {"ballots": {"issued": count.ledger.issued, **ballots}, "votes": figures["votes"]}
    result = propose(ballot_round, congress, counted)
    problems = [one for one in result["findings"] if one["level"] == "error"]
    problems += [one.to_dict() for one in sheet_findings([figures], count.ledger.returned)]
    return Sums(figures, counted, result, problems)


def agree_if_equal(count: Count, ballot_round: BallotRound, congress: Congress, *, at: datetime) -> None:
    """When the two entries of every team are equal, no paper waits and the sums fit the ledger: the proposal.

    Teams whose sums do not fit the ledger leave the count open: what each typed stands, and the head drops it.
    """
    sums = sums_of(count, ballot_round, congress)
    if sums is None or sums.problems or sums.result["status"] in BLOCKING:
        return
    seats = standings_of(count)[0].seats
    first, second = sorted(seats, key=lambda seat: policies.is_head_teller(seat.teller, congress))
    ballot_round.sheets.create(
        number=ballot_round.sheets.count() + 1,
        count=count,
        entered_by=first.teller,
        second_by=second.teller,
        entered_at=at,
        case=case_of(ballot_round, congress, sums.counted),
        result=sums.result,
        invalid_reasons=_reasons(sums.figures["invalid_reasons"]),
    )
    _forget_order(count)
    count.state = Count.State.AGREED
    count.save(update_fields=["state"])
    if ballot_round.state != SEALED:
        move_round(ballot_round, "agree", at=at)
        ballot_round.save(update_fields=["state", "state_since"])


def _agreed_figures(standing: Standing, count: Count, ballot_round: BallotRound, congress: Congress) -> dict[str, Any]:
    if count.method == Count.Method.TOTALS:
        return standing.figures
    return totals_of(papers_of(standing.seats[0]), count, standing.team, ballot_round, congress)


def _reasons(by_code: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"code": code, "reason": REASON_LABELS[Reason(code)], "count": papers}
        for code, papers in by_code.items()
        if papers
    ]


def _forget_order(count: Count) -> None:
    """Both agree, so no paper has to be found again: places in the stack go, and the rows change their papers by lot.

    So the order in which a database keeps its rows says nothing of the stack either.
    """
    for seat in count.seats.all():
        papers = list(seat.papers.values_list("pk", "reading"))
        readings = [reading for _, reading in papers]
        secrets.SystemRandom().shuffle(readings)
        for (pk, _), reading in zip(papers, readings, strict=True):
            CountedPaper.objects.filter(pk=pk).update(slip=None, reading=reading)
