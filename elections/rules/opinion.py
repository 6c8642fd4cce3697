"""The opinion ballot on names outside the committee's list: its own count, and where it cannot decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from elections.rules.case import Ballots
from elections.rules.catalogue import finding
from elections.rules.checks import issued_to_those_present, returned_of_issued, valid_and_invalid
from elections.rules.nomination import Room, needs_opinion_ballot
from elections.rules.surplus import names_at_most_in


def opinion_count_findings(
    ballots: Ballots, support: Mapping[str, int | None], present: int | None, names: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """E-38 — The count of an opinion ballot adds up like any other; nobody has more support than valid papers.

    A paper may support several names or none, so the sum of support has no bounds of its own.
    """
    for label, letter, figure in (
        ("số phiếu phát ra", "E", ballots.issued),
        ("số phiếu thu về", "G", ballots.returned),
        ("số phiếu hợp lệ", "H", ballots.valid),
        ("số phiếu không hợp lệ", "K", ballots.invalid),
    ):
        yield from _entered(figure, label, letter)
    yield from issued_to_those_present(ballots.issued, present)
    yield from returned_of_issued(ballots.returned, ballots.issued)
    yield from valid_and_invalid(ballots)
    for number, (name, figure) in enumerate(support.items(), start=1):
        who = (names or {}).get(name, name)
        yield from _entered(figure, f"số phiếu ủng hộ {who}", f"L{number}")
        if figure is not None and ballots.valid is not None and figure > ballots.valid:
            yield finding("F509", f"L{number}", name=who, support=figure, valid=ballots.valid)


def _entered(figure: int | None, label: str, letter: str) -> Iterator[Finding]:
    if figure is None:
        yield finding("F110", letter, what=label)
    elif figure < 0:
        yield finding("F104", letter, what=label, found=figure)


def opinion_needed_findings(
    committee_names: int, others: int, seats: int, regime: Regime | None = None
) -> Iterator[Finding]:
    """E-38 — Above the ceiling the others need an opinion ballot; where the committee's list leaves no room (U-21)
    the congress decides, and no name of the committee is ever dropped.
    """
    most = names_at_most_in(regime, seats)
    if not others or not needs_opinion_ballot(committee_names, others, seats, regime):
        return
    if committee_names >= most:
        yield finding("W310", "", regime, most=committee_names, seats=seats, others=others)
    else:
        yield finding("W311", "", regime, names=committee_names + others, most=most, others=others)


def opinion_tie_findings(
    room: Room, support: Mapping[str, int], regime: Regime | None = None, names: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """E-38 — Equal support at the cut: no text says who joins the list, so the congress decides (U-09)."""
    if room.tied:
        who = ", ".join((names or {}).get(name, name) for name in room.tied)
        left = room.room - len(room.joining)
        yield finding("W309", "", regime, names=who, support=support[room.tied[0]], room=left)
