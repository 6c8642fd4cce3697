"""In a small branch a handful of papers tells who voted how."""

from __future__ import annotations

from collections.abc import Iterator

from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from elections.rules.catalogue import finding
from elections.rules.offices import limit


def least_for_papers(regime: Regime | None = None) -> int:
    """The size of electorate from which papers may be typed one by one."""
    return limit(regime, "papers_counted_from")


def papers_may_be_counted(electorate_size: int, least: int) -> bool:
    """E-19 — The vote is secret: below ``least`` voters only totals are entered, never single papers."""
    return electorate_size >= least


def paper_counting_findings(electorate_size: int, regime: Regime | None = None) -> Iterator[Finding]:
    """The reason to show where counting by papers is not offered."""
    least = least_for_papers(regime)
    if not papers_may_be_counted(electorate_size, least):
        yield finding("F606", "", regime, size=electorate_size, least=least)
