"""What a branch may rehearse: its elections with the names of their slates, or the first names of the roll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from congress.models import Congress
from elections import queries
from elections.models import ElectedOffice, Election
from elections.rehearsal.invention import voters_for
from elections.rules.case import COMMITTEES
from organizations.queries import members_on_roll
from organizations.rules.names import sort_key

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
    roll = names_on_the_roll(congress)
    elections = list(queries.current_elections(congress)) or list(_planned(congress))
    return [_offer(one, roll) for one in elections]


def names_on_the_roll(congress: Congress) -> list[str]:
    """Official members in the order of a ballot."""
    rows = congress.attendances.filter(is_official=True).select_related("member")
    members = [row.member for row in rows]
    if not members:
        members = [one for one in members_on_roll(congress.organization, on=timezone.localdate()) if one.official_on]
    return sorted({one.display_name for one in members}, key=sort_key)


def _planned(congress: Congress) -> Iterator[Election]:
    """Elections as they would be set up, not stored."""
    if congress.has_branch_committee:
        yield Election(congress=congress, office=ElectedOffice.BRANCH_COMMITTEE, seats=congress.committee_seats or 3)
    yield Election(congress=congress, office=ElectedOffice.SECRETARY, seats=1)
    if congress.has_deputy:
        yield Election(congress=congress, office=ElectedOffice.DEPUTY_SECRETARY, seats=1)


def _offer(election: Election, roll: list[str]) -> Offer:
    committee = election.rule_office in COMMITTEES
    slate = _slate(election)
    names = list(slate[:MOST_NAMES])
    least = election.seats + 1 if committee or not names else election.seats
    for name in (*roll, *STAND_INS):
        if len(names) >= min(least, MOST_NAMES):
            break
        if name not in names:
            names.append(name)
    return Offer(
        office=election.office,
        rule_office=election.rule_office,
        title=str(election),
        seats=min(election.seats, len(names) - 1 if committee else len(names)),
        names=tuple(sorted(names, key=sort_key)),
        voters=voters_for(len(roll), committee=committee),
        from_slate=bool(slate),
    )


def _slate(election: Election) -> list[str]:
    """Names of the first ballot's slate, each once."""
    first = election.rounds.order_by("number").first() if election.pk else None
    if first is None:
        return []
    return list(dict.fromkeys(one.shown_name for one in first.candidates.select_related("member")))
