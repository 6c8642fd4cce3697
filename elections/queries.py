"""Querysets over elections; who was elected; the two working-day clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AuditEvent, User
from congress.callings import electing_congress
from congress.clocks import complaints_until
from congress.lifecycle import SITTING
from congress.models import AssemblyKind, Attendance, CardVote, Congress
from congress.queries import WorkingCalendar, working_calendar
from congress.rules import deadlines, regimes
from congress.rules.findings import Finding
from elections.lifecycle import OVER, SET_ASIDE
from elections.models import BallotRound, ElectedOffice, Election, Ratification, SealedResult, SignedSheet
from elections.models.slates import OFFICE_ORDER
from elections.rules.delegates import alternate_findings, settle_alternates
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
    waiting = waiting.select_related("submitted_by").prefetch_related("congress__complaints")
    return waiting.order_by("submitted_at", "pk")


def current_elections(congress: Congress) -> QuerySet[Election]:
    """The elections that count, in the order of the ballots (E-17); annulled ones are kept but no longer current."""
    turn = Case(*(When(office=office, then=Value(number)) for number, office in enumerate(OFFICE_ORDER)))
    return congress.elections.filter(is_annulled=False).order_by(turn)


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


def newest_seals(congress: Congress) -> QuerySet[SealedResult]:
    """The newest edition of every sealed round of its current elections, with ``matching_sheet``: whether the signed
    minutes of that edition, in their newest picture, were read by another person and agree."""
    rounds = BallotRound.objects.filter(election__congress=congress, election__is_annulled=False, seals__isnull=False)
    newest = SealedResult.objects.filter(round=OuterRef("pk")).order_by("-edition")
    picked = rounds.annotate(newest=Subquery(newest.values("pk")[:1])).values("newest")
    signed = SignedSheet.objects.filter(seal=OuterRef("pk")).order_by("-number")
    matching = Coalesce(Subquery(signed.values("matches")[:1]), False)
    seals = SealedResult.objects.filter(pk__in=picked).annotate(matching_sheet=matching)
    return seals.select_related("round__election").order_by("round__election_id", "round__number")


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
    return _is_grounded(seal.round, set(seal.sheet.case["slate"]), standing)


def _is_grounded(ballot_round: BallotRound, slate: set[str], standing: list[SealedResult]) -> bool:
    before = standing[-1].sheet.result
    if ballot_round.seats != before["open_seats"]:
        return False
    if ballot_round.kind == BallotRound.Kind.TIE_REVOTE:
        return slate <= set(before["tied"])  # one of the tied may have withdrawn
    elected = {pk for one in standing for pk in one.sheet.result["elected"]}
    if before["status"] == "tie" and not _revote_was_set_aside(ballot_round, after=standing[-1].round):
        return False
    return not slate & elected


def _revote_was_set_aside(ballot_round: BallotRound, *, after: BallotRound) -> bool:
    """Whether the congress votes anew on the seats of a tie because too few of the tied were left (E-53, E-55)."""
    revotes = ballot_round.election.rounds.filter(kind=BallotRound.Kind.TIE_REVOTE, state=SET_ASIDE)
    return revotes.filter(number__gt=after.number, number__lt=ballot_round.number).exists()


def refused_slate_votes(ballot_round: BallotRound) -> list[CardVote]:
    """Card votes that did not adopt the slate of this round, oldest first: they belong to what the congress decided."""
    return list(_votes_about(ballot_round).filter(subject=CardVote.Subject.SLATE, adopted=False))


def votes_on_the_way(ballot_round: BallotRound) -> list[CardVote]:
    """Every other card vote about this round, adopted or not, oldest first: those that have no line of their own."""
    told = [ballot_round.seats_vote_id, ballot_round.fixed_vote_id]
    told += ballot_round.withdrawals.exclude(vote=None).values_list("vote_id", flat=True)
    votes = _votes_about(ballot_round).exclude(subject=CardVote.Subject.SLATE)
    return list(votes.exclude(pk__in=[pk for pk in told if pk]))


def taken_off(ballot_round: BallotRound) -> list[AuditEvent]:
    """Names that left this slate without a vote, oldest first: for lack of support (E-37), or struck with a reason.

    Their rows are gone; the record of events has them.
    """
    actions = ["election.unsupported", "election.struck"]
    return list(
        AuditEvent.objects.filter(
            action__in=actions, subject_type="elections.ballotround", subject_id=str(ballot_round.pk)
        ).order_by("sequence")
    )


def _votes_about(ballot_round: BallotRound) -> QuerySet[CardVote]:
    """Card votes that name this election, since the seal of the round before and until its own."""
    election = ballot_round.election
    votes = election.congress.card_votes.filter(text__startswith=f"{election}: ")
    before = SealedResult.objects.filter(round__election=election, round__number__lt=ballot_round.number)
    after = SealedResult.objects.filter(round=ballot_round)
    if before.exists():
        votes = votes.filter(taken_at__gt=before.latest("sealed_at").sealed_at)
    if after.exists():
        votes = votes.filter(taken_at__lt=after.earliest("sealed_at").sealed_at)
    return votes.order_by("taken_at", "pk")


def left_by_vote(ballot_round: BallotRound) -> list[tuple[CardVote, list[int]]]:
    """Adopted card votes on who joins this slate, oldest first, each with the members whom it kept off (E-38).

    Their rows are gone; the record of events has who they were.
    """
    events = AuditEvent.objects.filter(
        action="election.joining_decided", subject_type="elections.ballotround", subject_id=str(ballot_round.pk)
    )
    told = [(one.details.get("vote"), one.details.get("left", [])) for one in events.order_by("sequence")]
    votes = CardVote.objects.in_bulk([pk for pk, _ in told if pk])
    return [(votes[pk], left) for pk, left in told if pk in votes]


def has_ground(ballot_round: BallotRound) -> bool:
    """Whether the results before this round still ask for it: its seats, and nobody on its slate is elected."""
    standing = [one for one in standing_seals(ballot_round.election) if one.round.number < ballot_round.number]
    slate = {str(pk) for pk in ballot_round.candidates.values_list("member_id", flat=True)}
    return not standing or _is_grounded(ballot_round, slate, standing)


def elected_of(election: Election) -> list[Elected]:
    """All who were elected over its rounds, round by round, in descending votes.

    Alternate delegates begin with those whom the ballot for the delegates made alternates (E-58).
    """
    found: list[Elected] = []
    if election.office == ElectedOffice.ALTERNATE_DELEGATES:
        found += _named_alternates(election.congress)
    for seal in standing_seals(election):
        found += _named(seal, seal.sheet.result["elected"])
    return found


def _named(seal: SealedResult, keys: Iterable[str]) -> list[Elected]:
    """Those of a sealed ballot by their keys, in that order."""
    result = seal.sheet.result
    slate = {str(one.member_id): one for one in seal.round.candidates.select_related("member")}
    return [
        Elected(
            slate[key].member,
            slate[key].shown_name,
            slate[key].shown_birth_year,
            votes_for(result["votes"][key]),
            result["base"],
        )
        for key in keys
    ]


@dataclass(frozen=True, slots=True)
class SettledAlternates:
    """What the ballot for the delegates says of alternates: who serves, and what a ballot of its own has to settle."""

    people: list[Elected]
    tied: list[Elected]
    open_seats: int
    waiting: bool
    findings: tuple[Finding, ...] = ()


def alternates_of(delegates: Election) -> SettledAlternates | None:
    """E-58 — Others above half of the ordinary ballot that filled the seats of the delegates, from high to low.

    None while no such ballot is sealed, or where the congress elects no alternates.
    """
    wanted = delegates.congress.alternate_seats
    standing = standing_seals(delegates)
    ordinary = [one for one in standing if one.round.kind == BallotRound.Kind.ORDINARY]
    if not wanted or not ordinary or delegates.office != ElectedOffice.DELEGATES:
        return None
    last = ordinary[-1]
    support = {key: votes_for(entry) for key, entry in last.sheet.result["votes"].items()}
    elected = {key for one in standing for key in one.sheet.result["elected"]}
    settled = settle_alternates(
        support,
        elected,
        needed=last.sheet.result["needed"],
        open_seats=standing[-1].sheet.result["open_seats"],
        wanted=wanted,
        regime=regimes.by_code(delegates.congress.regime),
    )
    tied = _named(last, settled.tied)
    names = {str(one.member.pk): one.name for one in tied}
    found = alternate_findings(settled, support, regimes.by_code(delegates.congress.regime), names)
    return SettledAlternates(_named(last, settled.named), tied, settled.open_seats, settled.waiting, tuple(found))


def elected_by_office(congress: Congress) -> dict[str, list[Elected]]:
    return {election.office: elected_of(election) for election in current_elections(congress)}


def open_seats(election: Election) -> int:
    return max(0, election.seats - len(elected_of(election)))


def last_round(election: Election) -> BallotRound | None:
    return election.rounds.order_by("-number").first()


def ballot_number(ballot_round: BallotRound) -> int:
    """Which ballot of its election this round is: a round on which the congress did not vote is none (E-56)."""
    without = ballot_round.election.rounds.filter(state=SET_ASIDE, number__lt=ballot_round.number)
    return ballot_round.number - without.count()


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


def without_ground(election: Election) -> list[Elected]:
    """Those elected here who may not hold this office any more, a recount having changed what they were chosen from.

    E-15 — A leader is of the body elected on the day, and not also the leader before him; who is elected when a
    committee meets is of that committee. E-58 — an alternate is no delegate, nor named as one already, and there are
    no more of them than were decided. Empty while what they were chosen from is itself not over.
    """
    congress, office = election.congress, ElectedOffice(election.office)
    if not (congress.is_meeting or office in ONE_AFTER_ANOTHER or office in LEADERS) or not was_recounted(congress):
        return []
    people = [one for seal in standing_seals(election) for one in _named(seal, seal.sheet.result["elected"])]
    taken: set[int] = set()
    if office in ONE_AFTER_ANOTHER:
        taken = _settled(congress, ONE_AFTER_ANOTHER[office]) or set()
    if office == ElectedOffice.ALTERNATE_DELEGATES:
        named = _named_alternates(congress)
        if people and len(named) + len(people) > (congress.alternate_seats or 0):
            return people
        taken |= {one.member.pk for one in named}
    pools = list(_pools_of(election))
    return [one for one in people if one.member.pk in taken or any(one.member.pk not in pool for pool in pools)]


def _pools_of(election: Election) -> Iterator[set[int]]:
    """Those among whom this office is filled, where somebody elected them: the body, the committee that meets."""
    congress = election.congress
    body = body_of_leaders(congress) if election.office in LEADERS else None
    elected = [(congress, body)] if body is not None else []
    held = electing_congress(congress) if congress.is_meeting else None
    if held is not None:
        elected.append((held, ElectedOffice.COMMITTEE))
    for where, office in elected:
        pool = _settled(where, office)
        if pool is not None:
            yield pool


def was_recounted(congress: Congress) -> bool:
    """Whether a sealed result of it was counted again, or of the congress that elected the committee meeting here."""
    held = electing_congress(congress) if congress.is_meeting else None
    about = [one.pk for one in (congress, held) if one is not None]
    return SealedResult.objects.filter(round__election__congress__in=about, edition__gt=1).exists()


def meeting_of(congress: Congress) -> Congress | None:
    """The meeting of the committee that this congress elected."""
    if congress.is_meeting or congress.organization.is_branch:
        return None
    meetings = Congress.objects.filter(kind=AssemblyKind.MEETING, organization=congress.organization_id)
    return meetings.filter(term_label=congress.term_label).first()


def elected_before(election: Election) -> list[Election]:
    """The elections on whose results this one rests: those before it here, and of a meeting that of its committee."""
    earlier = OFFICE_ORDER[: OFFICE_ORDER.index(election.office)]
    found = list(current_elections(election.congress).filter(office__in=earlier))
    held = electing_congress(election.congress) if election.congress.is_meeting else None
    if held is not None:
        found += current_elections(held).filter(office=ElectedOffice.COMMITTEE)
    return found


def _settled(congress: Congress, office: str) -> set[int] | None:
    """Ids of those elected to this office; None while its election is not over."""
    election = current_elections(congress).filter(office=office, is_concluded=True).first()
    return {one.member.pk for one in elected_of(election)} if election else None


def _named_alternates(congress: Congress) -> list[Elected]:
    delegates = current_elections(congress).filter(office=ElectedOffice.DELEGATES).first()
    settled = alternates_of(delegates) if delegates else None
    return settled.people if settled else []


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
    earlier = OFFICE_ORDER[: OFFICE_ORDER.index(election.office)]
    return current_elections(election.congress).filter(office__in=earlier).last()


def next_election(election: Election) -> Election | None:
    """The election that follows in the order of the ballots (E-17)."""
    return later_elections(election).first()


def later_elections(election: Election) -> QuerySet[Election]:
    """Those after it in the order of the ballots."""
    later = OFFICE_ORDER[OFFICE_ORDER.index(election.office) + 1 :]
    return current_elections(election.congress).filter(office__in=later)


def is_round_open(election: Election) -> bool:
    return election.rounds.exclude(state__in=OVER).exists()


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
    days = regimes.in_force(closed_on).number("report_days") or 7
    due = deadlines.report_due(closed_on, days, calendar.holidays, made_up=calendar.made_up)
    return Clock(due, calendar.left(today, due))


def decision_day(congress: Congress, received: date, calendar: WorkingCalendar | None = None) -> date | None:
    """Fifteen working days from receipt to decide (E-65), begun anew when a complaint was settled; None while one
    that came in time is pending (E-67)."""
    calendar = calendar or working_calendar()
    until = complaints_until(congress, calendar)
    holding = [one for one in congress.complaints.all() if until is None or one.received_on <= until]
    return deadlines.decision_due(
        max([received, *(one.settled_on for one in holding if one.settled_on is not None)]),
        regimes.in_force(received).number("decision_days") or 15,
        calendar.holidays,
        complaint_pending=any(one.settled_on is None for one in holding),
        made_up=calendar.made_up,
    )


def days_to_decide(received: Mapping[int, date], calendar: WorkingCalendar) -> dict[int, date | None]:
    """Congress id → ``decision_day``, for all that lie with their committees; two queries."""

    @cache
    def without_complaint(day: date) -> date | None:
        days = regimes.in_force(day).number("decision_days") or 15
        return deadlines.decision_due(day, days, calendar.holidays, made_up=calendar.made_up)

    found = {pk: without_complaint(day) for pk, day in received.items()}
    complained = Congress.objects.filter(pk__in=list(received), complaints__isnull=False).distinct()
    for congress in complained.prefetch_related("complaints"):
        found[congress.pk] = decision_day(congress, received[congress.pk], calendar)
    return found


def decision_clock(ratification: Ratification, *, today: date, calendar: WorkingCalendar | None = None) -> Clock | None:
    """The superior's clock; None while it stands still because of a complaint."""
    calendar = calendar or working_calendar()
    due = decision_day(ratification.congress, timezone.localdate(ratification.submitted_at), calendar)
    return Clock(due, calendar.left(today, due)) if due is not None else None
