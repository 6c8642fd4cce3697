"""What may be elected, how many, and on what slate: asked of the plan and again of every count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from congress.rules.convening import size_findings
from congress.rules.findings import Finding, finding_from
from congress.rules.regimes import Regime, by_default
from elections.rules.case import OFFICE_LABELS, ONE_PERSON, Case, Kind, Office
from elections.rules.catalogue import CATALOGUE, finding
from elections.rules.surplus import names_at_most_in, rounding_decides, single_name_allowed

ORDER = (Office.BRANCH_COMMITTEE, Office.SECRETARY, Office.DEPUTY_SECRETARY)


def limit(regime: Regime | None, name: str) -> int:
    """A number of the regime; the latest one while no regime is known, so that every finding is still found."""
    number = (regime or by_default()).number(name)
    if number is None:
        raise ValueError(f"the regime sets no {name}")
    return number


def plan_findings(offices: Sequence[Office], official_members: int, regime: Regime | None = None) -> Iterator[Finding]:
    """E-17 — Three separate votes in order: chi ủy, bí thư, phó bí thư; the chi ủy goes with the size (E-15).

    Quyết định 244-QĐ/TW, Điều 19 khoản 9 (190-QĐ/TW, Điều 17). Planning none at nine or more only warns.
    """
    planned = [office for office in offices if office in ORDER]
    if planned != sorted(set(planned), key=ORDER.index):
        yield finding("F708")
    yield from size_findings(official_members, planned=Office.BRANCH_COMMITTEE in planned, regime=regime)


def seat_findings(
    office: Office, seats: int, regime: Regime | None = None, *, first: bool = True, people: int | None = None
) -> Iterator[Finding]:
    """E-16 — A chi ủy has at most 7 members (3 is customary), and there is one bí thư and one phó bí thư.

    Quy định 24-QĐ/TW, mục 22 and its successors. ``first`` is False when only missing seats are filled; ``people``
    are those among whom anybody may be elected, None while nobody is called.
    """
    most = limit(regime, "branch_committee_seats_at_most")
    least = limit(regime, "branch_committee_seats_customary")
    if seats < 1:
        yield finding("F304")
    elif office in ONE_PERSON and seats > 1:
        yield finding("F306", office=OFFICE_LABELS[office], seats=seats)
    elif office is Office.BRANCH_COMMITTEE and seats > most:
        yield finding("F305", most=most, seats=seats)
    elif people is not None and seats > people:
        yield finding("F311", people=people, seats=seats)
    elif office is Office.BRANCH_COMMITTEE and seats < least and first:
        yield finding("W302", "", regime, least=least, seats=seats)


def slate_findings(
    office: Office | None, seats: int, names: int, regime: Regime | None = None, *, ballot_round: int = 1
) -> Iterator[Finding]:
    """E-63h — The slate fits the seats; a committee's has surplus (E-35), within the ceiling (E-36).

    A later round without surplus (people withdrew) warns only: its slate is what the congress decides (E-55).
    """
    if names < seats:
        yield finding("F307", names=names, seats=seats)
    if office is None or single_name_allowed(office):
        return
    most = names_at_most_in(regime, seats)
    if names == seats and ballot_round == 1:
        yield finding("F308", office=OFFICE_LABELS[office], names=names, seats=seats)
    elif names == seats:
        yield finding("W304", number=ballot_round, names=names, seats=seats)
    elif names > most:
        yield _over_the_ceiling(seats, names, most, regime)


def _over_the_ceiling(seats: int, names: int, most: int, regime: Regime | None) -> Finding:
    certainty = (regime or by_default()).certainty("", "surplus_rounding")
    doubt = certainty if rounding_decides(regime, seats, names) else ""
    return finding_from(CATALOGUE, "W301", "", doubt, names=names, seats=seats, most=most)


def case_findings(case: Case, regime: Regime | None) -> Iterator[Finding]:
    """All of the above on the figures of one vote, as far as they are known."""
    revote = case.kind is Kind.TIE_REVOTE
    ballot_round = case.ballot_round or 1
    seats = case.seats
    if seats is not None and seats < 1:
        yield finding("F304")
    elif case.office is not None and seats is not None:
        yield from seat_findings(case.office, seats, regime, first=ballot_round == 1 and not revote)
    if seats is not None and seats > 0 and case.slate:
        if revote and len(case.slate) <= seats:
            yield finding("F309", seats=seats)
        elif not revote:
            yield from slate_findings(case.office, seats, len(case.slate), regime, ballot_round=ballot_round)
    yield from _office_findings(case, regime, revote=revote)


def _office_findings(case: Case, regime: Regime | None, *, revote: bool) -> Iterator[Finding]:
    if case.ballot_round is not None and case.ballot_round < 1:
        yield finding("F310")
    if case.office in ONE_PERSON and revote:
        yield finding("W305", office=OFFICE_LABELS[case.office])
    if revote and case.ballot_round == 1:
        yield finding("W313", number=1)
    most = limit(regime, "secretary_ballots_at_most")
    if case.office is Office.SECRETARY and (case.ballot_round or 1) > most:
        yield finding("W306", number=case.ballot_round, most=most)
    if case.office is Office.BRANCH_COMMITTEE and case.electorate is not None:
        yield from size_findings(case.electorate.summoned, planned=True, regime=regime)


def without_majority(
    case: Case, support: Mapping[str, int], elected: Sequence[str], base: int, needed: int
) -> Iterator[Finding]:
    """E-51 — For one post nobody can be tied above half: who leads such a re-vote without more than half is named.

    The figures are decided as the kind of vote that they were sent as (E-53); which kind it was, people say.
    """
    for name in elected:
        if case.office is not None and support[name] < needed:
            figures = {"votes": support[name], "base": base, "needed": needed}
            yield finding("W314", name=case.name_of(name), office=OFFICE_LABELS[case.office], **figures)
