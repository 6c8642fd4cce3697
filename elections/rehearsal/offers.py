"""What a branch may rehearse: its elections with the names of their slates, or the first names of the roll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from congress.models import Congress
from elections import queries
from elections.minutes import names_on
from elections.models import Candidate, ElectedOffice, Election
from elections.rehearsal.invention import voters_for
from elections.rules.case import COMMITTEES
from organizations.queries import members_on_roll

MOST_NAMES = 9
STAND_INS = tuple(f"Nguyễn Văn {letter} (bịa)" for letter in "ABCDEFGH")
"""For a branch whose roll is not entered yet."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One election to rehearse; ``names`` in the order of the ballot, copied."""

    office: str
    rule_office: str
    title: str
    seats: int
    names: tuple[str, ...]
    voters: int
    from_slate: bool


def offers_of(congress: Congress) -> list[Offer]:
    """In the order of the ballots; a congress that has not set its elections up can rehearse those it plans."""
    roll = people_on_the_roll(congress)
    elections = list(queries.current_elections(congress)) or list(_planned(congress))
    return [_offer(one, roll) for one in elections]


def people_on_the_roll(congress: Congress) -> list[Candidate]:
    """Official members as if they stood, in the order of a ballot."""
    rows = congress.attendances.filter(is_official=True).select_related("member")
    members = [row.member for row in rows]
    if not members:
        members = [one for one in members_on_roll(congress.organization, on=timezone.localdate()) if one.official_on]
    return sorted((Candidate(member=one) for one in members), key=_ballot_order)


def _ballot_order(one: Candidate) -> tuple[str, date, int]:
    """E-39 — As ``queries.BALLOT_ORDER``: namesakes are two people, the elder in the Party first."""
    return one.member.sort_name, one.member.admitted_on or date.max, one.member_id


def _planned(congress: Congress) -> Iterator[Election]:
    """Elections as they would be set up, not stored."""
    if congress.has_branch_committee:
        yield Election(congress=congress, office=ElectedOffice.BRANCH_COMMITTEE, seats=congress.committee_seats or 3)
    yield Election(congress=congress, office=ElectedOffice.SECRETARY, seats=1)
    if congress.has_deputy:
        yield Election(congress=congress, office=ElectedOffice.DEPUTY_SECRETARY, seats=1)


def _offer(election: Election, roll: list[Candidate]) -> Offer:
    committee = election.rule_office in COMMITTEES
    slate = _slate(election)
    stands = {one.member_id for one in slate}
    least = min(election.seats + 1 if committee or not slate else election.seats, MOST_NAMES)
    others = [one for one in roll if one.member_id not in stands]
    people = sorted([*slate[:MOST_NAMES], *others[: max(0, least - len(slate))]], key=_ballot_order)
    printed = names_on(people)
    names = [printed[one.member_id].shown for one in people]
    names += STAND_INS[: max(0, least - len(names))]
    return Offer(
        office=election.office,
        rule_office=election.rule_office,
        title=str(election),
        seats=min(election.seats, len(names) - 1 if committee else len(names)),
        names=tuple(names),
        voters=voters_for(len(roll), committee=committee),
        from_slate=bool(slate),
    )


def _slate(election: Election) -> list[Candidate]:
    """Who stands in the first ballot."""
    first = election.rounds.order_by("number").first() if election.pk else None
    return [] if first is None else list(first.candidates.select_related("member").order_by(*queries.BALLOT_ORDER))
