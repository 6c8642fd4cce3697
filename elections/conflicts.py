"""What stands against a slate as it is: every finding at once, each with its rule and who does what next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from congress.electorates import day_of, standing_in
from congress.lifecycle import SITTING
from congress.models import Attendance, CardVote, Congress, Office
from congress.queries import electorate_of
from congress.rules import regimes
from congress.rules.findings import Finding
from congress.rules.regimes import Regime
from congress.rules.rights import Standing, rights_of
from elections import queries
from elections.models import BallotRound, Candidate, ElectedOffice, OpinionBallot, Withdrawal
from elections.rules.case import COMMITTEES, OFFICE_LABELS
from elections.rules.case import Office as RuleOffice
from elections.rules.catalogue import finding
from elections.rules.nomination import Room, standing_findings, support_findings, support_test
from elections.rules.offices import plan_findings, seat_findings, slate_findings
from elections.rules.opinion import opinion_needed_findings, opinion_tie_findings
from elections.rules.people import available_findings, leader_findings, planned_leader_findings, teller_findings
from elections.rules.surplus import names_at_most_in
from elections.rules.withdrawal import candidate_findings, named_nominator_findings, nominator_findings
from organizations.models import Member, Post
from organizations.queries import posts_on

Source = Candidate.Source
BEFORE_FIXING = ("W309", "W311", "W703")
"""Warnings of the rules that this congress settles before it votes on the slate: opinion ballot, planned leader."""
OWN_POSTS = (ElectedOffice.SECRETARY, ElectedOffice.DEPUTY_SECRETARY)
BODIES = {
    ElectedOffice.BRANCH_COMMITTEE: "chi ủy viên vừa trúng cử",
    ElectedOffice.STANDING_COMMITTEE: "ủy viên ban thường vụ vừa trúng cử",
}


def standing_of(row: Attendance | None) -> Standing:
    """The class of a member at this congress (E-11); nobody who is not on its roll may vote or stand."""
    if row is None:
        return Standing.SUSPENDED_OR_PROSECUTED
    return standing_in(row.standing, is_official=row.is_official)


def of_plan(congress: Congress) -> list[Finding]:
    """E-15, E-17 — What stands against the offices that a branch is to elect, by the size of its roll."""
    offices = [RuleOffice(one.rule_office) for one in queries.current_elections(congress)]
    official = congress.attendances.filter(is_official=True).count()
    if not congress.organization.is_branch or not offices or not official:
        return []
    return list(plan_findings(offices, official, regimes.in_force(day_of(congress))))


def _counted(vote: CardVote) -> str:
    return f"tán thành {vote.in_favour}/{vote.base}, {timezone.localtime(vote.taken_at):%H:%M ngày %d/%m/%Y}"


class Slate:
    """The slate of one round as the rules ask about it, read once."""

    def __init__(self, ballot_round: BallotRound) -> None:
        self.round = ballot_round
        self.election = ballot_round.election
        self.congress: Congress = ballot_round.election.congress
        self.office = RuleOffice(self.election.rule_office)
        self.is_revote = ballot_round.kind == BallotRound.Kind.TIE_REVOTE
        self.is_sitting = self.congress.state == SITTING

    @cached_property
    def regime(self) -> Regime | None:
        """Under which this vote is held; None before the opening, when the texts of the day are not known yet."""
        if not self.congress.regime:
            return None
        if self.congress.opened_at is None:
            return regimes.by_code(self.congress.regime)
        return regimes.in_force(timezone.localdate(self.congress.opened_at))

    # ---- names ----

    @cached_property
    def candidates(self) -> list[Candidate]:
        return list(self.round.candidates.select_related("member", "nominated_by").order_by(*queries.BALLOT_ORDER))

    @cached_property
    def committee_names(self) -> list[Candidate]:
        return [one for one in self.candidates if one.source == Source.COMMITTEE]

    @cached_property
    def others(self) -> list[Candidate]:
        """Đề cử, ứng cử at the congress: names outside the committee's list."""
        return [one for one in self.candidates if one.source != Source.COMMITTEE]

    @cached_property
    def names(self) -> dict[str, str]:
        return {str(one.member_id): one.shown_name for one in self.candidates}

    @cached_property
    def voted_on_before(self) -> set[int]:
        """Members whose name was on the ballot of an earlier round: the congress has accepted these names."""
        earlier = Candidate.objects.filter(round__election=self.election, round__number__lt=self.round.number)
        return set(earlier.values_list("member_id", flat=True))

    @cached_property
    def newcomers(self) -> list[Candidate]:
        """Names from outside the committee's list that the congress has not accepted in an earlier round."""
        return [one for one in self.others if one.member_id not in self.voted_on_before]

    @cached_property
    def is_prepared_by_committee(self) -> bool:
        """Whether the convening committee has a list here: not for leaders chosen from those elected on the day."""
        return self.election.office not in OWN_POSTS or queries.body_of_leaders(self.congress) is None

    @cached_property
    def rows(self) -> dict[int, Attendance]:
        return {row.member_id: row for row in self.congress.attendances.select_related("member")}

    @property
    def people(self) -> int | None:
        """Official members on the roll, more than whom nobody can elect; None before it is drawn up."""
        return sum(row.is_official for row in self.rows.values()) or None

    @property
    def most_names(self) -> int:
        """The longest list the regime allows for these seats (E-36); 0 where the rules set no ceiling."""
        return names_at_most_in(self.regime, self.round.seats) if self.office in COMMITTEES else 0

    @cached_property
    def withdrawals(self) -> dict[int, str]:
        """Member id → what became of the last request to withdraw."""
        return dict(self.round.withdrawals.order_by("pk").values_list("member_id", "outcome"))

    @cached_property
    def put_off(self) -> dict[int, str]:
        """Member id → what this congress last decided about the name that is off this slate, and when (E-34, E-38).

        Whom it let withdraw, whom it did not take among those tied or without room. The slate of a later round is
        another one (E-55).
        """
        word = self.congress.word.capitalize()
        decided: list[tuple[datetime, int, str]] = []
        agreed = self.round.withdrawals.filter(outcome=Withdrawal.Outcome.AGREED).select_related("vote", "member")
        for one in agreed:
            if one.vote is not None:
                text = f"{word} đã đồng ý cho đồng chí {one.member.display_name} rút khỏi danh sách"
                decided.append((one.vote.taken_at, one.member_id, f"{text} ({_counted(one.vote)})"))
        left = queries.left_by_vote(self.round)
        names = {pk: row.member.display_name for pk, row in self.rows.items()}
        for vote, members in left:
            for pk in members:
                text = f"{word} đã quyết định không đưa đồng chí {names.get(pk, '')} vào danh sách"
                decided.append((vote.taken_at, pk, f"{text} ({_counted(vote)})"))
        here = {one.member_id for one in self.candidates}
        return {pk: text for _, pk, text in sorted(decided) if pk not in here}

    # ---- the convening committee (E-32) ----

    @cached_property
    def convening(self) -> dict[int, str]:
        """Member id → post of those in the committee that convenes this congress."""
        held = posts_on(self.congress.organization, on=day_of(self.congress))
        return {row.member_id: row.post for row in held}

    @property
    def has_convening_committee(self) -> bool:
        """Whether a chi ủy convenes, not a bí thư alone (U-07)."""
        return Post.COMMITTEE_MEMBER in self.convening.values()

    def is_on_committee_list(self, member_id: int) -> bool:
        return any(one.member_id == member_id for one in self.committee_names)

    def is_bound(self, member_id: int) -> bool:
        """Whether E-32 restricts this member here."""
        return self.is_prepared_by_committee and member_id in self.convening

    def must_withdraw(self, candidate: Candidate) -> bool:
        """E-32 — Whether the chair can only propose to let this name go."""
        return any(one.code == "F706" for one in self._of_convening_member(candidate))

    def _of_convening_member(self, candidate: Candidate) -> Iterator[Finding]:
        return candidate_findings(
            candidate.shown_name,
            convening_member=self.is_bound(candidate.member_id),
            on_committee_list=candidate.source == Source.COMMITTEE or candidate not in self.newcomers,
            committee_exists=self.has_convening_committee,
            regime=self.regime,
        )

    def of_nominator(self, nominator: Member, name: str) -> Iterator[Finding]:
        """E-32, E-11 — What stands against this member nominating ``name`` outside the committee's list."""
        yield from nominator_findings(
            nominator.display_name,
            name,
            convening_member=self.is_bound(nominator.pk),
            on_committee_list=False,
            committee_exists=self.has_convening_committee,
            regime=self.regime,
        )

    def may_nominate(self, member_id: int) -> bool:
        """E-31 — Every member there may, probationary ones too."""
        row = self.rows.get(member_id)
        return row is not None and rights_of(standing_of(row)).nominate

    # ---- support (E-37) ----

    @cached_property
    def attending(self) -> int:
        return electorate_of(self.congress).present or 0

    @cached_property
    def asks_support(self) -> list[Candidate]:
        """Names that need the support of more than 30 % of those attending; under 244 none does."""
        if self.regime is None or support_test(self.regime) is None or self.is_revote or not self.is_sitting:
            return []
        return self.newcomers if self.is_prepared_by_committee else []

    @property
    def support_to_count(self) -> list[Candidate]:
        """Of these, the names whose support is not counted yet; who must withdraw is not asked about."""
        return [one for one in self.asks_support if one.support is None and not self.must_withdraw(one)]

    def is_support_settled(self, candidate: Candidate) -> bool:
        """E-38 — A confirmed opinion ballot was held on this name as it was supported: the figure stands (E-37)."""
        if self.opinion is None or candidate.support is None or candidate.member_id in self.left_out:
            return False
        withdrew = self.withdrawals.get(candidate.member_id) == Withdrawal.Outcome.AGREED
        return str(candidate.member_id) in self.opinion.support and not withdrew

    def lacks_support(self, candidate: Candidate) -> bool:
        """The test was held and not met: the name does not come onto the list."""
        return candidate in self.asks_support and any(one.code == "F707" for one in self._of_support(candidate))

    def _of_support(self, candidate: Candidate) -> Iterator[Finding]:
        if self.regime is not None:
            attending = candidate.support_of or self.attending
            yield from support_findings(candidate.shown_name, candidate.support, attending, self.regime)

    # ---- opinion ballot (E-38) ----

    @cached_property
    def opinion(self) -> OpinionBallot | None:
        """The last confirmed one of this round."""
        return self.round.opinion_ballots.filter(confirmed_at__isnull=False).order_by("-number").first()

    @cached_property
    def opinion_to_confirm(self) -> OpinionBallot | None:
        return self.round.opinion_ballots.filter(confirmed_at__isnull=True).order_by("-number").first()

    @property
    def room(self) -> int:
        """How many names from outside the committee's list there is room for."""
        return max(0, names_at_most_in(self.regime, self.round.seats) - len(self.committee_names))

    @cached_property
    def tied_opinions(self) -> Room | None:
        """Equal support at the cut that the congress has not settled yet (U-09)."""
        if self.opinion is None or not self.opinion.tied:
            return None
        here = {str(one.member_id) for one in self.others}
        joining = tuple(str(pk) for pk in self.opinion.joining if str(pk) in here)
        tied = tuple(str(pk) for pk in self.opinion.tied if str(pk) in here)
        if any(str(one.member_id) in tied and one.joined_vote_id for one in self.others):
            return None  # settled: a name nominated once more does not open it again
        return Room(joining, tied, self.room) if len(tied) > self.room - len(joining) else None

    @cached_property
    def left_out(self) -> dict[int, str]:
        """Member id → how the last opinion ballot, or the congress after it, kept the name off the list (E-38).

        Told when the name is nominated once more; who withdrew was not kept off.
        """
        if self.opinion is None:
            return {}
        joined = {one.member_id for one in self.others if one.joined_vote_id} | {int(pk) for pk in self.opinion.joining}
        withdrew = {pk for pk, outcome in self.withdrawals.items() if outcome == Withdrawal.Outcome.AGREED}
        tied = {int(pk) for pk in self.opinion.tied} - withdrew
        was_cut = len(tied) > self.room - len(self.opinion.joining) and self.tied_opinions is None
        found = {}
        for key, votes in self.opinion.support.items():
            pk = int(key)
            if pk in joined | withdrew or (pk in tied and not was_cut):
                continue
            who = f"{self.congress.word} quyết định" if pk in tied else "không đủ phiếu để"
            not_on = "không đưa" if pk in tied else "đưa"
            found[pk] = f"Xin ý kiến lần trước được {votes} phiếu, {who} {not_on} vào danh sách"
        return found

    def opinion_findings(self) -> list[Finding]:
        """Whether the others are too many: an opinion ballot, or the congress where it has tied or no room is left.

        Names that the congress itself has let join are asked about no more, also when a committee name leaves after.
        """
        if self.is_revote or self.round.number > 1 or self.office not in COMMITTEES:
            return []
        if self.tied_opinions is not None and self.opinion is not None:
            return list(opinion_tie_findings(self.tied_opinions, self.opinion.support, self.regime, self.names))
        found = list(
            opinion_needed_findings(len(self.committee_names), len(self.others), self.round.seats, self.regime)
        )
        asks = any(one.code == "W311" for one in found)
        return [] if asks and all(one.joined_vote_id for one in self.others) else found

    @cached_property
    def needs_opinion_ballot(self) -> bool:
        return any(one.code == "W311" for one in self.opinion_findings())

    @cached_property
    def to_be_decided(self) -> list[Candidate]:
        """Others of whom the congress itself says who joins: tied in the opinion ballot, or without room (U-21)."""
        if self.tied_opinions is not None:
            return [one for one in self.others if str(one.member_id) in self.tied_opinions.tied]
        codes = {one.code for one in self.opinion_findings()}
        return [one for one in self.others if one.joined_vote_id is None] if "W310" in codes else []

    @property
    def joining_at_most(self) -> int:
        """How many of ``to_be_decided`` the congress may take."""
        if self.tied_opinions is not None:
            return self.room - len(self.tied_opinions.joining)
        return len(self.to_be_decided)

    # ---- leaders (E-15, E-57) ----

    @property
    def elected_first(self) -> str:
        """What those are called from among whom this leader is chosen; "" where everybody on the roll may stand."""
        body = queries.body_of_leaders(self.congress) if self.election.office in OWN_POSTS else None
        return BODIES.get(body, "") if body else ""

    @cached_property
    def new_committee(self) -> set[int] | None:
        """The body from which this leader comes, once it is elected; None where there is none or it is not yet."""
        if self.election.office not in OWN_POSTS:
            return None
        body = queries.body_of_leaders(self.congress)
        if body is None:
            on_roll = {pk for pk, row in self.rows.items() if row.is_official}
            return on_roll if self.congress.is_meeting else None
        chosen = queries.current_elections(self.congress).filter(office=body, is_concluded=True).first()
        return {one.member.pk for one in queries.elected_of(chosen)} if chosen else None

    def leader_findings(self) -> Iterator[Finding]:
        if self.new_committee is None:
            return
        committee = {str(pk) for pk in self.new_committee}
        yield from leader_findings(self.office, list(self.names), committee, self.names)
        if not self.candidates:
            able = {str(one.pk) for one in queries.eligible_members(self.election)}
            yield from available_findings(self.office, committee, committee - able)
        yield from self.planned_findings()

    def planned_findings(self) -> Iterator[Finding]:
        """E-57 — The planned leader was not elected and the superior has not said how to go on."""
        planned = self.election.planned_member
        if planned is None or self.new_committee is None or self.round.number > 1:
            return
        if not self.election.superior_opinions.exists():
            committee = {str(pk) for pk in self.new_committee}
            names = {str(planned.pk): planned.display_name}
            yield from planned_leader_findings(
                self.office, str(planned.pk), committee, names, self.regime, at_meeting=self.congress.is_meeting
            )

    @cached_property
    def waits_for_superior(self) -> bool:
        return any(self.planned_findings())

    # ---- everything ----

    @cached_property
    def findings(self) -> list[Finding]:
        """All of it, what stops first."""
        found = [*self._of_numbers(), *self._of_people()]
        return sorted(found, key=lambda one: one.level != "error")

    def of_name(self, candidate: Candidate) -> list[Finding]:
        """What stands against this name as the board is now: told the moment that it comes onto the list."""
        return [one for one in self._of_tellers() if f"“{candidate.shown_name}”" in one.message]

    @property
    def stopping(self) -> list[Finding]:
        """What must be settled before the congress votes on the slate."""
        codes = {*BEFORE_FIXING, "W310"} if self.to_be_decided else BEFORE_FIXING
        return [one for one in self.findings if one.level == "error" or one.code in codes]

    def _of_numbers(self) -> Iterator[Finding]:
        seats, number, names = self.round.seats, self.round.number, len(self.candidates)
        if self.is_revote:
            if names <= seats:
                yield finding("F309", seats=seats)
            return
        yield from seat_findings(self.office, seats, self.regime, first=number == 1, people=self.people)
        if not names:
            yield finding("F301")
            return
        opinions = self.opinion_findings()
        for one in slate_findings(self.office, seats, names, self.regime, ballot_round=number):
            if not (opinions and one.code == "W301"):  # said better by the opinion ballot
                yield one
        yield from opinions

    def _of_people(self) -> Iterator[Finding]:
        yield from self._of_tellers()
        if self.is_revote:
            return
        yield from self.leader_findings()
        for one in self.candidates:
            yield from standing_findings(one.shown_name, standing_of(self.rows.get(one.member_id)))
        for one in self.newcomers:
            yield from self._of_convening_member(one)
            yield from self._of_nomination(one)
        for one in self.asks_support:
            if one.support is not None or one in self.support_to_count:
                yield from self._of_support(one)

    def _of_nomination(self, candidate: Candidate) -> Iterator[Finding]:
        if candidate.source != Source.NOMINATED:
            return
        nominator = candidate.nominated_by
        yield from named_nominator_findings(candidate.shown_name, candidate.nominator)
        if nominator is not None:
            yield from self.of_nominator(nominator, candidate.shown_name)

    def _of_tellers(self) -> Iterator[Finding]:
        """E-63i — Tellers who stand; whether they are present and official is asked when they are elected."""
        board = self.congress.officers.filter(office__in=[Office.HEAD_TELLER, Office.TELLER])
        tellers = [str(pk) for pk in board.values_list("member_id", flat=True)]
        return teller_findings(tellers, set(self.names), set(tellers), self.names)

    @property
    def office_label(self) -> str:
        return OFFICE_LABELS[self.office]
