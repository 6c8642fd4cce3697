"""Somebody with leave arrives after a vote: the base of that vote stays, people are told only when it matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from congress.rules.bases import Electorate
from congress.rules.findings import Finding
from elections.rules.case import Case
from elections.rules.catalogue import finding
from elections.rules.decide import decide, regime_of
from elections.rules.result import Result


def would_flip(case: Case, new_electorate: Electorate) -> bool:
    """U-22 — Whether the vote, decided again on the changed base, would end otherwise.

    E-63k: the base of a vote is frozen; this asks, it changes nothing. The papers are those of that vote, so
    those present then stay as they were: who came later took none.
    """
    before, after = decide(case), decide(_again(case, new_electorate))
    return _ending(before) != _ending(after)


def late_arrival_findings(case: Case, new_electorate: Electorate) -> Iterator[Finding]:
    """E-63k — The alert of a late arrival: only when the result of a vote already counted would change."""
    if case.electorate is not None and would_flip(case, new_electorate):
        before, after = case.electorate.election_base, new_electorate.election_base
        yield finding("W709", "C", regime_of(case)[0], before=before, after=after)


def _again(case: Case, electorate: Electorate) -> Case:
    present = case.electorate.present if case.electorate else electorate.present
    return replace(case, electorate=replace(electorate, present=present))


def _ending(result: Result) -> tuple[object, ...]:
    return result.status, result.elected, result.tied, result.open_seats
