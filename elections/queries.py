"""Querysets over elections; who was elected; the two working-day clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from congress.lifecycle import SITTING
from congress.models import Attendance, Congress
from congress.queries import WorkingCalendar, working_calendar
from congress.rules import regimes
from elections.lifecycle import SEALED
from elections.models import BallotRound, ElectedOffice, Election, Ratification, SealedResult
from organizations.models import Member
from organizations.queries import in_reach

BALLOT_ORDER = ("member__sort_name", F("member__admitted_on").asc(nulls_last=True), "pk")
"""E-39 — Candidates by given name, surname, middle name; people of one name by Party seniority (custom, not read)."""


def visible_to(user: User) -> QuerySet[Election]:
    return Election.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization", "congress__authority"
    )


def rounds_visible_to(user: User) -> QuerySet[BallotRound]:
    return BallotRound.objects.filter(in_reach(user, "election__congress__organization__")).select_related(
        "election__congress__organization", "election__congress__authority"
    )


def ratifications_visible_to(user: User) -> QuerySet[Ratification]:
    return Ratification.objects.filter(in_reach(user, "congress__organization__")).select_related(
        "congress__organization", "congress__authority", "submission", "decision"
    )


def with_last_round(elections: QuerySet[Election]) -> QuerySet[Election]:
    """Adds ``last_round_id``, ``last_state`` and ``last_number``; None while no round is opened."""
    last = BallotRound.objects.filter(election=OuterRef("pk")).order_by("-number")
    return elections.annotate(
        last_round_id=Subquery(last.values("pk")[:1]),
        last_state=Subquery(last.values("state")[:1]),
        last_number=Subquery(last.values("number")[:1]),
    )


def to_be_acted_on_first(elections: QuerySet[Election]) -> QuerySet[Election]:
    """Those of sitting congresses, then those still to come, then what is over; congress by congress."""
    rank = Case(
        When(Q(is_annulled=True) | Q(is_concluded=True), then=Value(2)),
        When(congress__state=SITTING, then=Value(0)),
        default=Value(1),
    )
    return elections.order_by(rank, "-congress__state_since", "congress_id", "pk")


def pending_ratifications(user: User) -> QuerySet[Ratification]:
    """Dossiers waiting for a decision, longest waiting first."""
    waiting = ratifications_visible_to(user).filter(outcome=Ratification.Outcome.PENDING)
    return waiting.select_related("submitted_by").order_by("submitted_at", "pk")


def current_elections(congress: Congress) -> QuerySet[Election]:
    """The elections that count: those of a refused result are kept but no longer current."""
    return congress.elections.filter(is_annulled=False).order_by("pk")


@dataclass(frozen=True, slots=True)
class Elected:
    """Who was elected, named as on the sealed ballot, with the votes and the base of that round."""

    member: Member
    name: str
    born_year: int | None
    votes: int
    base: int


def votes_for(entry: object) -> int:
    """Votes for one name, on either ballot layout."""
    return int(entry["agree"]) if isinstance(entry, dict) else int(entry)  # type: ignore[call-overload]  # stored figures are of either shape


def sealed_results(election: Election) -> QuerySet[SealedResult]:
    """The seal that counts of each round (its latest edition), in the order of the rounds."""
    seals = SealedResult.objects.filter(round__election=election).select_related("sheet", "round")
    latest: dict[int, int] = {}
    for seal in seals.order_by("edition"):
        latest[seal.round_id] = seal.pk
    return seals.filter(pk__in=latest.values()).order_by("round__number")


def standing_seals(election: Election) -> list[SealedResult]:
    """The sealed results that say who is elected, in the order of the rounds.

    A round stands on the result before it: its seats, its names. When a recount changes that result, the round has
    lost its ground and elects nobody; it stays readable, and the congress votes again.
    """
    standing: list[SealedResult] = []
    for seal in sealed_results(election):
        if not standing or _rests_on(seal, standing):
            standing.append(seal)
    return standing


def _rests_on(seal: SealedResult, standing: list[SealedResult]) -> bool:
    before, slate = standing[-1].sheet.result, set(seal.sheet.case["slate"])
    if seal.round.seats != before["open_seats"]:
        return False
    if seal.round.kind == BallotRound.Kind.TIE_REVOTE:
        return slate == set(before["tied"])
    elected = {pk for one in standing for pk in one.sheet.result["elected"]}
    return before["status"] != "tie" and not slate & elected


def elected_of(election: Election) -> list[Elected]:
    """All who were elected over its rounds, round by round, in descending votes."""
    found: list[Elected] = []
    for seal in standing_seals(election):
        result = seal.sheet.result
        slate = {str(one.member_id): one for one in seal.round.candidates.select_related("member")}
        for one in (slate[pk] for pk in result["elected"]):
            votes = votes_for(result["votes"][str(one.member_id)])
            found.append(Elected(one.member, one.shown_name, one.shown_birth_year, votes, result["base"]))
    return found


def elected_by_office(congress: Congress) -> dict[str, list[Elected]]:
    return {election.office: elected_of(election) for election in current_elections(congress)}


def open_seats(election: Election) -> int:
    return max(0, election.seats - len(elected_of(election)))


def last_round(election: Election) -> BallotRound | None:
    return election.rounds.order_by("-number").first()


LEADERS = (ElectedOffice.SECRETARY, ElectedOffice.DEPUTY_SECRETARY)
ONE_AFTER_ANOTHER = {
    ElectedOffice.DEPUTY_SECRETARY: ElectedOffice.SECRETARY,
    ElectedOffice.ALTERNATE_DELEGATES: ElectedOffice.DELEGATES,
}
"""Who was elected to the second is not elected to the first."""


def eligible_members(election: Election) -> Iterable[Member]:
    """Official members on the roll who may stand, by name.

    Leaders come from the body elected on the day, where there is one (E-15): chi ủy, ban thường vụ. Bí thư is not
    phó bí thư, an official delegate no alternate (E-58).
    """
    congress, office = election.congress, ElectedOffice(election.office)
    taken = {one.member.pk for one in elected_of(election)}
    if office in ONE_AFTER_ANOTHER:
        taken |= {one.member.pk for one in elected_to(congress, ONE_AFTER_ANOTHER[office])}
    body = body_of_leaders(congress) if office in LEADERS else None
    pool = _on_roll(congress) if body is None else [one.member for one in elected_to(congress, body)]
    return sorted((one for one in pool if one.pk not in taken), key=lambda one: (one.sort_name, one.pk))


def body_of_leaders(congress: Congress) -> ElectedOffice | None:
    """The body elected at this congress from which its leaders come (E-15); None: from the whole roll."""
    if congress.is_meeting:
        return ElectedOffice.STANDING_COMMITTEE if congress.standing_seats else None
    return ElectedOffice.BRANCH_COMMITTEE if congress.has_branch_committee else None


def elected_to(congress: Congress, office: str) -> list[Elected]:
    election = current_elections(congress).filter(office=office).first()
    return elected_of(election) if election else []


def _on_roll(congress: Congress) -> list[Member]:
    """Official members called; of a delegate congress those who vote there."""
    rows = congress.attendances.filter(is_official=True).select_related("member")
    return [row.member for row in rows if row.mandate != Attendance.Mandate.ALTERNATE]


def elected_committee(congress: Congress) -> list[int]:
    """Ids of those whom a đảng bộ congress elected into its committee, once that election is over."""
    election = current_elections(congress).filter(office=ElectedOffice.COMMITTEE, is_concluded=True).first()
    return [one.member.pk for one in elected_of(election)] if election else []


def previous_election(election: Election) -> Election | None:
    """The election that must be concluded before this one (E-17)."""
    return current_elections(election.congress).filter(pk__lt=election.pk).order_by("-pk").first()


def next_election(election: Election) -> Election | None:
    """The election that follows in the order of the ballots (E-17)."""
    return current_elections(election.congress).filter(pk__gt=election.pk).first()


def is_round_open(election: Election) -> bool:
    return election.rounds.exclude(state=SEALED).exists()


@dataclass(frozen=True, slots=True)
class Clock:
    """A working-day clock: the day it ends and how many working days are left (negative: late)."""

    due_on: date
    days_left: int


def report_clock(congress: Congress, *, today: date, calendar: WorkingCalendar | None = None) -> Clock | None:
    """Seven working days from closing to report the result (E-64); None before the closing."""
    if congress.closed_at is None:
        return None
    calendar = calendar or working_calendar()
    closed_on = timezone.localdate(congress.closed_at)
    due = calendar.after(closed_on, regimes.in_force(closed_on).number("report_days") or 7)
    return Clock(due, calendar.left(today, due))


def decision_clock(ratification: Ratification, *, today: date, calendar: WorkingCalendar | None = None) -> Clock:
    """Fifteen working days from receipt to decide (E-65)."""
    calendar = calendar or working_calendar()
    return Clock(ratification.decide_by, calendar.left(today, ratification.decide_by))
