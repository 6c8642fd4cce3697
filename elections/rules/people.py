"""People around the ballot: tellers, leaders from the new chi ủy, alternates among delegates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from elections.rules.case import OFFICE_LABELS, Office
from elections.rules.catalogue import finding
from elections.rules.offices import limit


def teller_findings(
    tellers: Sequence[str], slate: Collection[str], official_present: Collection[str], names: Mapping[str, str]
) -> Iterator[Finding]:
    """E-63i — Tellers are official members present and never on the slate they count.

    Quyết định 190-QĐ/TW, Điều 8 khoản 1 (244-QĐ/TW, Điều 7 khoản 1).
    """
    for teller in tellers:
        if teller in slate:
            yield finding("F701", name=names.get(teller, teller))
        elif teller not in official_present:
            yield finding("F702", name=names.get(teller, teller))


def board_findings(size: int, regime: Regime, *, list_adopted: bool, head_adopted: bool) -> Iterator[Finding]:
    """E-27 — Under 190 the congress votes the list and the head of the tellers; under 244 their number is enough.

    Quyết định 190-QĐ/TW, Điều 8 khoản 1. No minimum was read: under three only warns (U-05).
    """
    if regime.parameter("tellers_list_and_head").value and not (list_adopted and head_adopted):
        yield finding("F703")
    least = limit(regime, "tellers_customary")
    if size < least:
        yield finding("W701", count=size, least=least)


def leader_findings(
    office: Office, slate: Sequence[str], new_committee: Collection[str] | None, names: Mapping[str, str]
) -> Iterator[Finding]:
    """E-15 — Where a chi ủy was elected, bí thư and phó bí thư come from it; ``new_committee`` None means none is.

    Điều lệ Đảng, Điều 24 khoản 4.
    """
    if new_committee is None or office not in (Office.SECRETARY, Office.DEPUTY_SECRETARY):
        return
    for name in slate:
        if name not in new_committee:
            yield finding("F704", name=names.get(name, name), office=OFFICE_LABELS[office])


def available_findings(office: Office, new_committee: Collection[str], taken: Collection[str]) -> Iterator[Finding]:
    """E-15 — Nobody of the new chi ủy is left for the post: the chi ủy is filled up first, or the post stays empty."""
    if not set(new_committee) - set(taken):
        yield finding("W705", office=OFFICE_LABELS[office])


def ballot_paper_findings(offices: Sequence[Office]) -> Iterator[Finding]:
    """E-17 — One paper, one office: a sheet with several posts is refused.

    Quyết định 244-QĐ/TW, Điều 19 khoản 9 (190-QĐ/TW, Điều 17).
    """
    if len(offices) > 1:
        yield finding("F711", offices=", ".join(OFFICE_LABELS[office] for office in offices))


def planned_leader_findings(
    office: Office,
    planned: str,
    new_committee: Collection[str],
    names: Mapping[str, str],
    regime: Regime | None = None,
) -> Iterator[Finding]:
    """E-57 — The planned leader is not in the new committee: stop, report, wait for the superior's opinion.

    Stated for committees with first meetings; at a branch congress it is a hard warning.
    """
    if planned not in new_committee:
        yield finding("W703", "", regime, name=names.get(planned, planned), office=OFFICE_LABELS[office])


def alternates(
    support: Mapping[str, int], elected: Collection[str], *, needed: int, open_seats: int
) -> tuple[str, ...]:
    """E-58 — Delegates: when the seats are full, others above half may serve as alternates, from high to low.

    Quyết định 190-QĐ/TW, Điều 18 (244-QĐ/TW, Điều 20); the last part is recalled, so the congress confirms.
    """
    if open_seats:
        return ()
    others = [name for name, votes in support.items() if name not in elected and votes >= needed]
    return tuple(sorted(others, key=lambda name: -support[name]))
