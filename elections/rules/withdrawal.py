"""Who may nominate whom, and who must, may or may not leave the list."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from congress.rules.findings import Finding
from congress.rules.regimes import Regime, by_default
from elections.rules.case import Office
from elections.rules.catalogue import finding
from elections.rules.nomination import must_withdraw
from elections.rules.surplus import surplus_required


class Proposal(StrEnum):
    """What the presidium proposes to the congress about somebody on the list."""

    MUST = "must"
    MAY = "may"
    REFUSE = "refuse"


def lone_secretary_restricted(regime: Regime | None = None) -> str:
    """U-07 — "yes", "no" or "warn": whether a bí thư who convenes without a chi ủy is bound by E-32."""
    return str((regime or by_default()).parameter("lone_secretary_restricted").value)


def nominator_findings(
    nominator: str,
    name: str,
    *,
    convening_member: bool,
    on_committee_list: bool,
    committee_exists: bool = True,
    regime: Regime | None = None,
) -> Iterator[Finding]:
    """E-32 — A member of the convening committee nominates nobody outside the committee's list.

    Quyết định 190-QĐ/TW, Điều 11 khoản 1 (244-QĐ/TW, Điều 13 khoản 1). A bí thư convening alone is U-07.
    """
    if not convening_member or on_committee_list:
        return
    bound = "yes" if committee_exists else lone_secretary_restricted(regime)
    if bound == "yes":
        yield finding("F709", nominator=nominator, name=name)
    elif bound == "warn":
        yield finding("W704", "", regime, name=name)


def candidate_findings(
    name: str,
    *,
    convening_member: bool,
    on_committee_list: bool,
    committee_exists: bool = True,
    regime: Regime | None = None,
) -> Iterator[Finding]:
    """E-32 — A member of the convening committee who is not on its list neither stands nor accepts: asks to withdraw.

    Quyết định 190-QĐ/TW, Điều 11 khoản 1 (244-QĐ/TW, Điều 13 khoản 1). A bí thư convening alone is U-07.
    """
    bound = "yes" if committee_exists else lone_secretary_restricted(regime)
    if must_withdraw(
        outgoing_committee_member=convening_member, on_committee_list=on_committee_list, committee_exists=bound == "yes"
    ):
        yield finding("F706", name=name)
    elif convening_member and not on_committee_list and bound == "warn":
        yield finding("W708", "", regime, name=name)


def named_nominator_findings(name: str, nominator: str | None) -> Iterator[Finding]:
    """E-33 — Whoever nominates answers for it by name; nobody nominates in the name of a group.

    Hướng dẫn 03-HD/TW ngày 20/3/2020.
    """
    if not (nominator or "").strip():
        yield finding("F710", name=name)


def proposals_open(*, must: bool) -> tuple[Proposal, ...]:
    """E-34 — Who is barred by E-32 is proposed to leave; about any other request the presidium may propose either.

    Quyết định 190-QĐ/TW, Điều 17 khoản 4 (244-QĐ/TW, Điều 5 khoản 4–5); the congress decides, never the presidium.
    """
    return (Proposal.MUST,) if must else (Proposal.MAY, Proposal.REFUSE)


def withdrawal_findings(name: str, office: Office, *, names: int, seats: int) -> Iterator[Finding]:
    """E-34 — Letting ``name`` go would take away the surplus that the list of a committee must have (E-35)."""
    if surplus_required(office) and names - 1 <= seats:
        yield finding("W312", name=name, left=names - 1, seats=seats)
