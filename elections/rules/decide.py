"""The engine: one vote in, one proposal out. It reports everything it finds and decides nothing for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from congress.rules.catalogue import CATALOGUE as ATTENDANCE
from congress.rules.findings import Finding, Step, finding_from
from congress.rules.majority import votes_needed
from congress.rules.quorum import quorum
from congress.rules.regimes import NoRegime, Regime, by_code, in_force
from elections.rules.blanks import blanks
from elections.rules.case import ONE_PERSON, Ballots, Case, Kind, Office, Opinion
from elections.rules.catalogue import finding
from elections.rules.checks import ballot_findings, vote_findings
from elections.rules.explain import outcome_steps, paper_steps, uncounted_steps
from elections.rules.layout import Layout, layout_for
from elections.rules.offices import case_findings, limit, without_majority
from elections.rules.outcome import Outcome, holds_together, ordinary, tie_revote
from elections.rules.paper_checks import judgement_findings, paper_findings
from elections.rules.papers import Judgement, count, readings_of
from elections.rules.reading import read_case
from elections.rules.result import Result, Status

__all__ = ["Case", "Result", "decide", "read_case"]


def decide(case: Case) -> Result:
    """The proposal for one vote; figures not entered are findings ("blank is not zero"). Raises nothing."""
    return conclude(case, blanks(case) if case.faults is None else case.faults)


def conclude(case: Case, faults: tuple[Finding, ...]) -> Result:
    """The proposal for a case whose missing and malformed figures are already reported in ``faults``."""
    regime, found = regime_of(case)
    findings = [*faults, *found, *attendance_findings(case, regime), *case_findings(case, regime)]
    layout = layout_of(case)
    sheet, judgements, wrong = counted(case, layout, regime)
    findings += wrong
    twice = any(one.code == "F109" for one in faults)
    if sheet.ballots is not None and not twice:  # of two counts nobody can say which one was meant
        findings += ballot_findings(sheet.ballots, case.electorate.present if case.electorate else None, regime)
    if sheet.votes is not None:
        findings += vote_findings(sheet, layout, sheet.ballots.valid if sheet.ballots else None)
    findings += judgement_findings(judgements, regime)
    return result_of(sheet, regime, layout, tuple(findings), judgements)


def regime_of(case: Case) -> tuple[Regime | None, tuple[Finding, ...]]:
    """E-01 — The texts in force on the day of the vote; a named regulation must be the one of that day."""
    if case.held_on is None:
        return _named(case.regime) if case.regime else (None, ())
    try:
        regime = in_force(case.held_on)
    except NoRegime as reason:
        return None, (finding("F113", why=reason),)
    if case.regime is not None and case.regime != regime.code:
        return regime, _conflict(case.held_on, case.regime, regime)
    return regime, ()


def _named(code: str) -> tuple[Regime | None, tuple[Finding, ...]]:
    try:
        return by_code(code), ()
    except NoRegime as reason:
        return None, (finding("F114", why=reason),)


def _conflict(held_on: date, code: str, regime: Regime) -> tuple[Finding, ...]:
    unknown = _named(code)[1]
    return unknown or (finding("F115", held_on=f"{held_on:%d/%m/%Y}", in_force=regime.code, given=code),)


def attendance_findings(case: Case, regime: Regime | None) -> Iterator[Finding]:
    """E-13 — Attendance that cannot be stops; E-10 — a missing quorum only warns, its text being recalled."""
    if case.electorate is None:
        return
    wrong = case.electorate.findings()
    yield from wrong
    if wrong or regime is None or case.electorate.present is None:
        return
    result = quorum(case.electorate, regime)
    if not result.met:
        figures = {"present": result.present, "base": result.base, "needed": result.needed}
        decides = ("quorum", "quorum_base") if result.depends_on_reading else ("quorum",)
        yield finding_from(ATTENDANCE, "W201", "D", regime.certainty("E-10", *decides), **figures)


def layout_of(case: Case) -> Layout | None:
    return None if case.seats is None else layout_for(len(case.slate), case.seats)


def counted(
    case: Case, layout: Layout | None, regime: Regime | None
) -> tuple[Case, tuple[Judgement, ...], list[Finding]]:
    """The case with totals: as given, or counted from papers when these can be read at all."""
    if case.papers is None:
        return case, (), []
    returned = Ballots(case.issued, len(case.papers))
    if layout is None or case.seats is None:
        return replace(case, ballots=returned), (), []
    wrong = list(paper_findings(case, layout))
    if wrong:
        return replace(case, ballots=returned), (), wrong
    result = count(case.papers, case.slate, layout, case.seats, case.issued, readings_of(regime))
    return replace(case, ballots=result.ballots, votes=result.votes), result.judgements, []


def result_of(
    case: Case,
    regime: Regime | None,
    layout: Layout | None,
    findings: tuple[Finding, ...],
    judgements: tuple[Judgement, ...],
) -> Result:
    base = case.electorate.base_in(regime) if case.electorate else None
    base = None if base is not None and base < 0 else base
    needed = votes_needed(base) if base else None
    status, outcome, steps = settled(case, regime, {found.level for found in findings}, base, needed)
    if case.kind is Kind.TIE_REVOTE and case.office in ONE_PERSON and outcome.elected and base and needed:
        findings = (*findings, *without_majority(case, support_of(case), outcome.elected, base, needed))
    return Result(
        status=status,
        id=case.id,
        regime=regime.code if regime else None,
        layout=layout,
        base=base,
        needed=needed,
        elected=outcome.elected,
        tied=outcome.tied,
        open_seats=case.seats if case.seats is None else outcome.open_seats,
        ballots=case.ballots,
        votes=case.votes,
        findings=findings,
        reasoning=(*first_steps(case, regime, judgements), *steps),
        judgements=judgements,
    )


def first_steps(case: Case, regime: Regime | None, judgements: tuple[Judgement, ...]) -> Iterator[Step]:
    if regime is not None and case.electorate is not None:
        yield from case.electorate.election_steps(regime, majority=majority_needed(case, regime))
    if regime is not None:
        yield from paper_steps(judgements, regime)
        yield from uncounted_steps(case, judgements, regime)


def settled(
    case: Case, regime: Regime | None, levels: AbstractSet[str], base: int | None, needed: int | None
) -> tuple[Status, Outcome, Iterable[Step]]:
    """The status with its outcome; nobody is elected while an error stands or a ruling is awaited."""
    nobody = Outcome((), open_seats=case.seats or 0)
    if "error" in levels:
        return Status.REJECTED, nobody, ()
    if "ruling" in levels:
        return Status.NEEDS_RULING, nobody, ()
    if regime is None or base is None or needed is None or case.seats is None:
        raise AssertionError("figures without a finding must be complete")
    support = support_of(case)
    relaxed = not majority_needed(case, regime)
    outcome = tie_revote(support, seats=case.seats) if relaxed else ordinary(support, seats=case.seats, needed=needed)
    if not holds_together(outcome, support, seats=case.seats, needed=0 if relaxed else needed):
        raise AssertionError("a result must not contradict its own figures")
    status = status_of(case, regime, outcome)
    steps = outcome_steps(case, support, outcome, status, needed, base, regime, relaxed=relaxed)
    return status, outcome, steps


def majority_needed(case: Case, regime: Regime) -> bool:
    """E-55 — A later round for missing seats needs more than half again; E-53 — a re-vote among the tied does not.

    Quyết định 190-QĐ/TW, Điều 30 khoản 4–5 (244-QĐ/TW, Điều 32 khoản 4–5), both recalled: parameters of the regime.
    """
    if case.kind is Kind.TIE_REVOTE:
        return bool(regime.parameter("tie_revote_needs_majority").value)
    return case.ballot_round == 1 or bool(regime.parameter("later_round_needs_majority").value)


def support_of(case: Case) -> Mapping[str, int]:
    """Votes for each name in slate order: kept on a strike-out paper, agreed with on the other."""
    votes = case.votes or {}
    figures = {name: votes[name] for name in case.slate}
    return {name: (figure.agree if isinstance(figure, Opinion) else figure) or 0 for name, figure in figures.items()}


def status_of(case: Case, regime: Regime, outcome: Outcome) -> Status:
    """E-55 — Seats left open are for the congress to decide. E-56 — After the third ballot for bí thư, the superior.

    Điều lệ's implementing texts (24-QĐ/TW, mục 22); no such clause exists for phó bí thư.
    """
    if outcome.tied:
        return Status.TIE_AGAIN if case.kind is Kind.TIE_REVOTE else Status.TIE
    if not outcome.open_seats:
        return Status.COMPLETE
    last = limit(regime, "secretary_ballots_at_most")
    if case.office is Office.SECRETARY and (case.ballot_round or 1) >= last:
        return Status.SUPERIOR_APPOINTS
    return Status.SHORT
