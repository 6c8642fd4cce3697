"""Does the count add up? Every check that can be made is made: all findings come at once."""

from __future__ import annotations

from collections.abc import Iterator

from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from elections.rules.case import Ballots, Case, Opinion
from elections.rules.catalogue import finding
from elections.rules.layout import LAYOUT_LABELS, Layout

EXPECTED = {Layout.STRIKE_OUT: "một số phiếu", Layout.AGREE_DISAGREE: "số đồng ý và số không đồng ý"}


def ballot_findings(ballots: Ballots, present: int | None, regime: Regime | None = None) -> Iterator[Finding]:
    """The derived checks of the papers handed out and returned, in the order of the tally sheet."""
    yield from issued_to_those_present(ballots.issued, present, regime)
    yield from returned_of_issued(ballots.returned, ballots.issued, regime)
    yield from valid_and_invalid(ballots)


def issued_to_those_present(issued: int | None, present: int | None, regime: Regime | None = None) -> Iterator[Finding]:
    """E-63a — One paper per official member present: never more papers than such members.

    Fewer is possible and asks who took none (U-19).
    """
    if issued is None or present is None:
        return
    if issued > present:
        yield finding("F401", "E", issued=issued, present=present)
    elif issued < present:
        yield finding("W402", "E", regime, issued=issued, present=present)


def returned_of_issued(returned: int | None, issued: int | None, regime: Regime | None = None) -> Iterator[Finding]:
    """E-63b — More papers returned than issued cannot be certified (U-13). E-63c — Fewer is noted."""
    if returned is None or issued is None:
        return
    if returned > issued:
        yield finding("F402", "G", regime, returned=returned, issued=issued)
    elif returned < issued:
        yield from missing_papers(returned, issued)


def missing_papers(returned: int, issued: int) -> Iterator[Finding]:
    """E-63c — Papers not returned are allowed; the minutes record how many."""
    yield finding("W401", "G", returned=returned, issued=issued, missing=issued - returned)


def valid_and_invalid(ballots: Ballots) -> Iterator[Finding]:
    """E-63d — Valid and invalid papers (and those awaiting a ruling) together are the papers returned."""
    if ballots.returned is None or ballots.valid is None or ballots.invalid is None:
        return
    total = ballots.valid + ballots.invalid
    if total + ballots.pending != ballots.returned:
        yield finding("F403", "H", valid=ballots.valid, invalid=ballots.invalid, total=total, returned=ballots.returned)


def vote_findings(case: Case, layout: Layout | None, valid: int | None) -> Iterator[Finding]:
    """The names voted for, the kind of figure each layout takes, and the figures against the valid papers."""
    yield from _names(case)
    if layout is None:
        return
    yield from _misshapen(case, layout)
    if valid is not None and layout is Layout.STRIKE_OUT:
        yield from strike_out_votes(case, valid)
    elif valid is not None:
        yield from agree_disagree_votes(case, valid)


def _names(case: Case) -> Iterator[Finding]:
    votes = case.votes or {}
    slate = set(case.slate)
    for name in votes:
        if name not in slate:
            yield finding("F501", "L", name=case.name_of(name))
    for number, name in enumerate(case.slate, start=1):
        if name not in votes:
            yield finding("F502", f"L{number}", name=case.name_of(name))


def strike_out_votes(case: Case, valid: int) -> Iterator[Finding]:
    """E-63e — Nobody has more votes than valid papers; each valid paper carries one to ``seats`` votes."""
    votes = case.votes or {}
    names = tuple(dict.fromkeys(case.slate))
    figures = [votes.get(name) for name in names]
    numbers = [figure for figure in figures if isinstance(figure, int)]
    for number, (name, figure) in enumerate(zip(names, figures, strict=True), start=1):
        if isinstance(figure, int) and figure > valid:
            yield finding("F503", f"L{number}", name=case.name_of(name), votes=figure, valid=valid)
    total = sum(numbers)
    if case.seats is not None and total > valid * case.seats:
        yield finding("F504", "L", total=total, most=valid * case.seats, valid=valid, seats=case.seats)
    if total < valid and len(numbers) == len(figures):
        yield finding("F505", "L", total=total, valid=valid)


def agree_disagree_votes(case: Case, valid: int) -> Iterator[Finding]:
    """E-63g — On several names, agree and disagree of a name never exceed the valid papers; the rest is not counted."""
    votes = case.votes or {}
    for number, name in enumerate(case.slate, start=1):
        opinion = votes.get(name)
        if not isinstance(opinion, Opinion) or opinion.agree is None or opinion.disagree is None:
            continue
        if len(case.slate) == 1:
            yield from single_name_votes(case.name_of(name), opinion.agree, opinion.disagree, valid)
        elif opinion.agree + opinion.disagree > valid:
            total = opinion.agree + opinion.disagree
            figures = {"agree": opinion.agree, "disagree": opinion.disagree, "total": total, "valid": valid}
            yield finding("F507", f"L{number}", name=case.name_of(name), **figures)


def single_name_votes(name: str, agree: int, disagree: int, valid: int) -> Iterator[Finding]:
    """E-63f — On a single name, every valid paper agrees or disagrees."""
    if agree + disagree != valid:
        figures = {"agree": agree, "disagree": disagree, "total": agree + disagree, "valid": valid}
        yield finding("F506", "L1", name=name, **figures)


def _misshapen(case: Case, layout: Layout) -> Iterator[Finding]:
    votes = case.votes or {}
    for number, name in enumerate(case.slate, start=1):
        figure = votes.get(name)
        if figure is not None and isinstance(figure, Opinion) is (layout is Layout.STRIKE_OUT):
            yield finding(
                "F508",
                f"L{number}",
                name=case.name_of(name),
                layout=LAYOUT_LABELS[layout],
                expected=EXPECTED[layout],
            )
