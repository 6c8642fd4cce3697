"""From names proposed to the slate: who may stand, who must withdraw, whom the opinion ballot lets in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from congress.rules.bases import Assembly
from congress.rules.findings import Finding
from congress.rules.majority import Threshold
from congress.rules.regimes import Regime, by_default
from congress.rules.rights import Standing, rights_of
from elections.rules.catalogue import finding
from elections.rules.outcome import fill, ranked
from elections.rules.surplus import names_at_most_in

EXEMPT_CANNOT = "đảng viên được miễn công tác và sinh hoạt"
CANNOT_STAND = "chỉ đảng viên chính thức của chi bộ được ứng cử, đề cử"


def standing_findings(name: str, standing: Standing, regime: Regime | None = None) -> Iterator[Finding]:
    """E-31 — Only official members of the branch can be nominated, by any member present.

    Quyết định 190-QĐ/TW, Điều 10 khoản 1 (244-QĐ/TW, Điều 11–12). E-30: official members may also stand.
    """
    rights = rights_of(standing)
    if standing is Standing.EXEMPT:
        yield from _exempt(name, regime)
    elif not may_stand(standing):
        yield finding("F705", name=name, why=CANNOT_STAND)
    elif rights.caution:
        yield finding("W702", name=name, why=rights.caution)


def _exempt(name: str, regime: Regime | None) -> Iterator[Finding]:
    """Whether a member exempted from activities may be elected is unsettled (U-03): the regime says yes, no or warn."""
    may = (regime or by_default()).parameter("exempt_may_stand").value
    if may == "no":
        yield finding("F705", name=name, why=EXEMPT_CANNOT)
    elif may == "warn":
        yield finding("W710", "", regime, name=name)


def may_stand(standing: Standing) -> bool:
    """E-30 — An official member may stand at the congress itself, without a dossier in a branch.

    Quyết định 190-QĐ/TW, Điều 9 (244-QĐ/TW, Điều 10).
    """
    return rights_of(standing).stand


def visitors_nominate(assembly: Assembly) -> bool:
    """E-31 — Members who are at the chi bộ temporarily come to its congress and nominate there, as probationers do.

    Quyết định 190-QĐ/TW, Điều 10 khoản 1 (244-QĐ/TW, Điều 11 khoản 2). Delegates and a committee meet alone.
    """
    return assembly is Assembly.MEMBERS and rights_of(Standing.TEMPORARY_HERE).nominate


def must_withdraw(*, outgoing_committee_member: bool, on_committee_list: bool, committee_exists: bool = True) -> bool:
    """E-32 — A member of the convening committee who is not on its list may not stand and must ask to withdraw.

    Quyết định 190-QĐ/TW, Điều 11 khoản 1 (244-QĐ/TW, Điều 13 khoản 1). A bí thư convening alone is U-07.
    """
    return committee_exists and outgoing_committee_member and not on_committee_list


def support_findings(name: str, support: int | None, attending: int, regime: Regime) -> Iterator[Finding]:
    """E-37 — Under 190, a name from outside the committee's list needs the support of more than 30 % attending.

    Quyết định 190-QĐ/TW, Điều 14 khoản 3; under 244 there is no such test. None is not counted yet, never zero.
    """
    test = support_test(regime)
    if test is None:
        return
    if support is None:
        yield finding("F712", name=name)
    elif not test.is_met(support, base=attending):
        yield finding("F707", name=name, support=support, attending=attending)


def support_test(regime: Regime) -> Threshold | None:
    return regime.threshold("support_test", inclusive=False)


@dataclass(frozen=True, slots=True)
class Room:
    """Who of the others joins the committee's list; ``tied`` at the cut are for the congress (U-09)."""

    joining: tuple[str, ...]
    tied: tuple[str, ...]
    room: int


def needs_opinion_ballot(committee_names: int, others: int, seats: int, regime: Regime | None = None) -> bool:
    """E-38 — Above the ceiling, a secret opinion ballot on the names that are not the committee's.

    Quyết định 190-QĐ/TW, Điều 14 khoản 3; Hướng dẫn 03-HD/TW (2020).
    """
    return committee_names + others > names_at_most_in(regime, seats)


def opinion_ballot(
    support: Mapping[str, int], *, committee_names: int, seats: int, regime: Regime | None = None
) -> Room:
    """E-38 — From most support downward until the ceiling; a committee name is never dropped (U-21)."""
    room = max(0, names_at_most_in(regime, seats) - committee_names)
    if room == 0:
        return Room((), (), 0)
    outcome = fill(ranked(support, at_least=0), support, seats=room)
    return Room(outcome.elected, outcome.tied, room)
