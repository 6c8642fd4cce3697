"""The day itself, from the roll call to the closing."""

from __future__ import annotations

from typing import Any

from congress.models import Office, Proceeding
from congress.services import sitting
from elections import queries
from elections.models import BallotRound
from elections.services import counting, ledgers, sealing, slates
from elections.stories.branch.script import SECOND, Entry, Script, Subject
from elections.stories.player import Player


class TheDay(Script):
    """Officers, slates, ledgers, counts, seals, the resolution."""

    def slate_of(self, office: str) -> list[int]:
        """Places on the roll of those who stand: a chi ủy has one name more than seats."""
        if office == "branch_committee":
            return list(range(self.seats + 1))
        return [self.leader if office == "secretary" else self.deputy]

    def first_round(self, player: Player, turn: int) -> BallotRound:
        election = queries.current_elections(self.congress(player))[turn]
        return election.rounds.select_related("election").get(number=1)

    def prepare_slates(self, player: Player) -> None:
        player.act(slates.set_up_elections, self.congress_id(player), by=self.secretary)
        for turn in range(1 if self.seats else self.elections):
            self.nominate(player, turn=turn)

    def take_roll(self, player: Player) -> None:
        away = {one.pk for one in self.members(player)[self.size - 3 - self.absent : self.size - 3]}
        rows = self.congress(player).attendances.all()
        presences = {row.pk: "absent" if row.member_id in away else "present" for row in rows}
        player.act(sitting.take_roll, self.congress_id(player), presences, by=self.secretary)

    def open(self, player: Player) -> None:
        opened_at = self.on_the_day(0)
        player.act(sitting.open_sitting, self.congress_id(player), opened_at=opened_at, by=self.secretary)

    def elect_officers(self, player: Player) -> None:
        members = [one.pk for one in self.members(player)]
        chair = members[self.seats + 1] if self.seats else members[2]
        people: tuple[tuple[str, dict[str, list[int]]], ...] = (
            (Subject.PRESIDIUM, {Office.CHAIR: [chair]}),
            (Subject.CLERK, {Office.CLERK: [members[-3]]}),
            (Subject.TELLERS, {Office.HEAD_TELLER: [members[-1]], Office.TELLER: self.tellers(members)}),
        )
        for subject, chosen in people:
            player.act(
                sitting.elect_officers,
                self.congress_id(player),
                subject=subject,
                members=chosen,
                in_favour=self.present,
                by=self.secretary,
            )

    def tellers(self, members: list[int]) -> list[int]:
        """The head apart; two of them where the story gives the second an account, else the head types, too."""
        return [members[-2], members[SECOND]] if self.second else [members[-2]]

    def record_entries(self, player: Player) -> None:
        for entry in self.entries or self.usual_entries(player):
            player.act(
                sitting.record_proceeding,
                self.congress_id(player),
                kind=entry.kind,
                person=entry.person,
                post=entry.post,
                text=entry.text,
                by=self.secretary,
            )

    def usual_entries(self, player: Player) -> tuple[Entry, ...]:
        reader = self.members(player)[-3].display_name
        return (Entry(Proceeding.Kind.REPORT, reader, "Đảng viên", "Báo cáo chính trị"),)

    def nominate(self, player: Player, *, turn: int) -> None:
        ballot, members = self.first_round(player, turn), self.members(player)
        for index in self.slate_of(ballot.election.office):
            player.act(slates.nominate, ballot.pk, member_id=members[index].pk, by=self.secretary)

    def nominate_leader(self, player: Player, *, turn: int) -> None:
        """With a chi ủy its leaders are chosen among those just elected; else their slates came prepared."""
        if self.seats:
            self.nominate(player, turn=turn)

    def fix_slate(self, player: Player, *, turn: int) -> None:
        ballot = self.first_round(player, turn)
        player.act(slates.fix_slate, ballot.pk, in_favour=self.present, by=self.secretary)

    def close_ledger(self, player: Player, *, turn: int) -> None:
        """One paper for everybody present, all of them back, none spoiled."""
        printed = self.present
        figures = {"printed": printed, "issued": printed, "spoiled": 0, "unused": 0, "returned": printed}
        ballot = self.first_round(player, turn)
        player.act(ledgers.keep_ledger, ballot.pk, figures=figures, close=True, by=self.entering)

    def start_count(self, player: Player, *, turn: int) -> None:
        player.act(counting.start_count, self.first_round(player, turn).pk, by=self.entering)

    def enter_count(self, player: Player, *, turn: int, place: int) -> None:
        """Each of the two types what both counted."""
        ballot = self.first_round(player, turn)
        count = ballot.counts.get()
        player.act(counting.submit_entry, count.pk, figures=self.figures(ballot), by=self.typing[place])

    def figures(self, ballot: BallotRound) -> dict[str, Any]:
        """Everybody votes for those who are elected; one vote short each where the text does not say 100 %."""
        slate = list(ballot.candidates.order_by("member_id").values_list("member_id", flat=True))
        present, missing = self.present, 0 if self.unanimous else 1
        ballots = {"returned": present, "valid": present, "invalid": 0}
        if len(slate) == ballot.seats:
            return {
                **ballots,
                "votes": {str(pk): {"agree": present - missing, "disagree": missing} for pk in slate},
            }
        votes = [present - (missing if place else 0) for place in range(ballot.seats)] + [2 * missing]
        return {**ballots, "votes": {str(pk): count for pk, count in zip(slate, votes, strict=True)}}

    def seal(self, player: Player, *, turn: int) -> None:
        player.act(sealing.seal, self.first_round(player, turn).pk, sheet_number=1, by=self.head)

    def adopt_resolution(self, player: Player) -> None:
        player.act(
            sitting.record_card_vote,
            self.congress_id(player),
            subject=Subject.RESOLUTION,
            text=f"Nghị quyết đại hội nhiệm kỳ {self.term}",
            in_favour=self.present,
            by=self.secretary,
        )

    def close(self, player: Player) -> None:
        player.act(sitting.close_sitting, self.congress_id(player), closed_at=player.now, by=self.secretary)
