"""People around the ballot: tellers, and leaders from the new chi ủy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from congress.rules.findings import Finding, finding_from
from congress.rules.regimes import Regime
from elections.rules.case import OFFICE_LABELS, Office
from elections.rules.catalogue import CATALOGUE, finding


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


def planned_leader_findings(
    office: Office,
    planned: str,
    new_committee: Collection[str],
    names: Mapping[str, str],
    regime: Regime | None = None,
    *,
    at_meeting: bool = False,
) -> Iterator[Finding]:
    """E-57 — The planned leader is not in the new committee: stop, report, wait for the superior's opinion.

    Stated for committees with first meetings (``at_meeting``); at a branch congress it is derived, so a hard warning.
    """
    if planned in new_committee:
        return
    figures = {"name": names.get(planned, planned), "office": OFFICE_LABELS[office]}
    yield finding_from(CATALOGUE, "W703", **figures) if at_meeting else finding("W703", "", regime, **figures)
