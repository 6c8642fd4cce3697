"""How one branch goes from its plan to its dossier, day by day before and after the day it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from accounts.roles import Role
from congress.models import CardVote, Congress, Office, Proceeding
from congress.services import preparing, sitting
from documents.models import Document, DocumentKind
from documents.services import drafts, minutes, papers
from documents.uploads import Upload
from elections import queries
from elections.models import BallotRound
from elections.rules.signed_paper import key_figures
from elections.services import counting, ledgers, ratifying, sealing, signed_sheets, slates
from elections.stories.drafts import sections
from elections.stories.people import Real, invented_name, roll
from elections.stories.pictures import signed_paper
from elections.stories.player import Player, Story, hour, office_day
from organizations import services as organization_services
from organizations.models import Member
from outbox import runner

Subject = CardVote.Subject
Kind = DocumentKind

PREPARED, SENT_BACK, SUBMITTED, CLEARED, SEATED = "prepared", "sent_back", "submitted", "cleared", "seated"
SLATE_FIXED, COUNTED, CLOSED, REPORTED = "slate_fixed", "counted", "closed", "reported"
RATIFIED, COMPLETE = "ratified", "complete"


@dataclass(frozen=True, slots=True)
class Committee:
    """Who acts for a committee: one who works on the files and one who decides, both invented."""

    code: str
    staff: str
    approver: str
    post: str = "Phó Bí thư"

    @classmethod
    def of(cls, code: str) -> Committee:
        return cls(code, staff=f"{code.lower()}.chuyenvien", approver=f"{code.lower()}.duyet")

    @property
    def staff_name(self) -> str:
        return invented_name(self.code, "staff")[0]

    @property
    def approver_name(self) -> str:
        return invented_name(self.code, "approver")[0]

    def open_accounts(self, player: Player, *, password: str | None = None) -> None:
        player.open_account(self.staff, self.staff_name, Role.COMMITTEE_STAFF, self.code, password=password)
        player.open_account(self.approver, self.approver_name, Role.APPROVER, self.code, password=password)


SECOND = -4
"""The place on the roll of a second teller: before the clerk."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said or someone present, as the congress minutes keep it."""

    kind: str
    person: str
    post: str
    text: str = ""


@dataclass(kw_only=True)
class Branch:
    """One branch and its congress. Days the text does not give are counted back and forth from ``held_on``.

    ``size`` official members: the elected come first, then the chair, the clerk and the two tellers last.
    ``stop`` is the last step taken; the story may also simply end before (``--until``, ``ends_on``).
    """

    code: str
    committee: Committee
    term: str
    held_on: date
    at: int = 14
    place: str = "Trụ sở cơ quan"
    size: int = 6
    real: tuple[Real, ...] = ()
    ordinal: int | None = None
    seats: int = 0
    has_deputy: bool = False
    leader: int = 0
    deputy: int = 1
    absent: int = 0
    unanimous: bool = True
    pilot_of: Committee | None = None
    reviewed_twice: bool = False
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    secretary: str = ""
    drafter: str = ""
    entering: str = ""
    second: str = ""
    head: str = ""
    password: str | None = None
    stop: str = RATIFIED
    ends_on: date | None = None

    def __post_init__(self) -> None:
        account = self.code.lower()
        self.named = {self.secretary, self.entering, self.second, self.head}
        self.secretary = self.secretary or f"{account}.bithu"
        self.drafter = self.drafter or self.secretary
        self.entering = self.entering or f"{account}.kiemphieu"
        self.head = self.head or f"{account}.truongban"
        self.typing = (self.entering, self.second or self.head)

    # Before the congress is called.

    def enroll(self, player: Player) -> None:
        branch = player.organization(self.code)
        for fields in roll(self.code, self.size, self.real):
            player.act(organization_services.enroll_member, branch.pk, by=self.committee.staff, **fields)

    def open_accounts(self, player: Player) -> None:
        """The secretary, who may be invented even where the one elected is real, and two tellers on the roll."""
        members = self.members(player)
        staff = self.committee.staff
        name = invented_name(self.code, "secretary")[0]
        player.open_account(
            self.secretary, name, Role.SECRETARY, self.code, by=staff, password=self.password_of(self.secretary)
        )
        tellers = [(self.head, members[-1])] if self.meets else []
        if self.meets:
            tellers.insert(0, (self.entering, members[-2]))
            tellers += [(self.second, members[SECOND])] if self.second else []
        for username, member in tellers:
            password = self.password_of(username)
            player.open_account(
                username, member.full_name, Role.TELLER, self.code, member=member, by=staff, password=password
            )

    def password_of(self, username: str) -> str | None:
        """Only accounts that the script names are for visitors."""
        return self.password if username in self.named else None

    @property
    def meets(self) -> bool:
        """Whether the story comes as far as the day of the congress."""
        before = self.stop in (PREPARED, SENT_BACK, SUBMITTED, CLEARED)
        return not before and (self.ends_on is None or self.held_on <= self.ends_on)

    def members(self, player: Player) -> list[Member]:
        """In the order in which the story enrolled them."""
        known = player.rolls.setdefault(self.code, [])
        if not known:
            found = Member.objects.filter(organization=player.organization(self.code)).order_by("pk")
            known.extend(found[: self.size])
        return known

    # The way of the congress.

    def story(self, player: Player) -> Story:
        """Waits for each hour and acts; ends at ``stop`` or after ``ends_on``."""
        for moment, step, act in self.steps():
            if self.ends_on is not None and moment.date() > self.ends_on:
                return
            yield moment
            act(player)
            if step == self.stop:
                return

    def steps(self) -> list[tuple[datetime, str, Any]]:
        """(hour, name of the step or blank, act); weekends draw days together, so later steps have later hours."""
        plan = [
            (self.before(24), "", self.prepare),
            (self.before(24, 9), PREPARED, self.convene),
            (self.before(22, 10), "", self.draft),
            (self.before(20, 14), "", self.submit_drafts),
        ]
        if self.reviewed_twice:
            plan += [
                (self.before(18, 15), SENT_BACK, self.send_back),
                (self.before(16, 16), "", self.revise),
            ]
        plan += [
            (self.before(15, 17), SUBMITTED, self.ask_clearance),
            (self.before(12), "", self.approve_drafts),
            (self.before(10, 10), CLEARED, self.clear),
            (self.before(9, 14), "", self.prepare_slates),
            (self.on_the_day(-15), "", self.take_roll),
            (self.on_the_day(0), "", self.open),
            (self.on_the_day(10), SEATED, self.elect_officers),
            (self.on_the_day(30), "", self.record_entries),
        ]
        for turn in range(self.elections):
            start = 60 + turn * 30
            if turn:
                plan.append((self.on_the_day(start), "", partial(self.nominate_leader, turn=turn)))
            plan += [
                (self.on_the_day(start + 5), SLATE_FIXED, partial(self.fix_slate, turn=turn)),
                (self.on_the_day(start + 12), "", partial(self.close_ledger, turn=turn)),
                (self.on_the_day(start + 14), "", partial(self.start_count, turn=turn)),
                (self.on_the_day(start + 20), "", partial(self.enter_count, turn=turn, place=0)),
                (self.on_the_day(start + 22), COUNTED, partial(self.enter_count, turn=turn, place=1)),
                (self.on_the_day(start + 25), "", partial(self.seal, turn=turn)),
            ]
        end = 60 + self.elections * 30
        plan += [
            (self.on_the_day(end), "", self.adopt_resolution),
            (self.on_the_day(end + 15), CLOSED, self.close),
            (self.on_the_day(end + 45), "", self.issue_minutes),
            (self.on_the_day(end + 50), "", self.send_signed_minutes),
            (self.on_the_day(end + 55), "", self.read_signed_minutes),
            (self.after(2), REPORTED, self.report),
            (self.after(9), RATIFIED, self.ratify),
            (self.after(20), COMPLETE, self.complete),
        ]
        return plan

    @property
    def elections(self) -> int:
        return 1 + bool(self.seats) + self.has_deputy

    @property
    def present(self) -> int:
        return self.size - self.absent

    def before(self, days: int, at: int = 8) -> datetime:
        return hour(office_day(self.held_on - timedelta(days=days)), at)

    def on_the_day(self, minutes: int) -> datetime:
        return hour(self.held_on, self.at) + timedelta(minutes=minutes)

    def after(self, days: int) -> datetime:
        day = self.held_on + timedelta(days=days)
        return hour(day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0), 9)

    def congress_id(self, player: Player) -> int:
        return player.congress_id(self.code, self.term)

    def congress(self, player: Player) -> Congress:
        return player.congress(self.code, self.term)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        base: tuple[str, ...] = (Kind.POLITICAL_REPORT, Kind.RESOLUTION, Kind.PERSONNEL_PLAN)
        extra = tuple(kind for kind in self.given if kind not in base)
        committee = (Kind.SELF_CRITICISM,) if self.seats and Kind.SELF_CRITICISM not in extra else ()
        return (*base, *committee, *extra)

    def documents(self, player: Player) -> list[Document]:
        return list(self.congress(player).documents.filter(kind__in=self.kinds).order_by("pk"))

    def prepare(self, player: Player) -> None:
        congress = self.congress(player)
        if self.pilot_of is not None:
            level = player.organization(self.pilot_of.code)
            player.act(preparing.choose_pilot, congress.pk, level_id=level.pk, by=self.pilot_of.staff)
        player.act(
            preparing.set_details,
            congress.pk,
            version=congress.version,
            ordinal=self.ordinal,
            planned_for=self.on_the_day(0),
            place=self.place,
            has_branch_committee=bool(self.seats),
            committee_seats=self.seats or None,
            has_deputy=self.has_deputy,
            by=self.secretary,
        )

    def convene(self, player: Player) -> None:
        player.act(preparing.convene, self.congress_id(player), by=self.secretary)

    def draft(self, player: Player) -> None:
        for kind in self.kinds:
            player.act(drafts.create_document, self.congress_id(player), kind=kind, by=self.drafter)
        for document in self.documents(player):
            self._save(player, document, seen=0)

    def _save(self, player: Player, document: Document, *, seen: int, note: str = "") -> None:
        text = sections(
            document.kind,
            given=self.given.get(document.kind),
            name=player.organization(self.code).name,
            size=self.size,
            term=self.term,
            seats=self.seats_in_words(),
        )
        if note:
            text[-1]["text"] += f"\n{note}"
        player.act(drafts.save_version, document.pk, seen=seen, sections=text, note=note, by=self.drafter)

    def seats_in_words(self) -> str:
        words = [f"{self.seats} chi ủy viên trong danh sách {self.seats + 1} đồng chí"] if self.seats else []
        words += ["01 bí thư", *(["01 phó bí thư"] if self.has_deputy else [])]
        return f"Bầu {', '.join(words)}."

    def submit_drafts(self, player: Player) -> None:
        for document in self.documents(player):
            player.act(drafts.submit, document.pk, by=self.secretary)

    def send_back(self, player: Player) -> None:
        report = self.documents(player)[0]
        staff = self.committee.staff
        player.act(
            drafts.comment,
            report.pk,
            section="III. Kết quả công tác xây dựng Đảng",
            text="Đánh giá rõ hơn công tác xây dựng Đảng, không chỉ nhiệm vụ chuyên môn. (bịa)",
            weight="must",
            by=staff,
        )
        reasons = "Bổ sung đánh giá công tác xây dựng Đảng và số liệu đảng viên. (bịa)"
        player.act(drafts.request_changes, report.pk, reasons=reasons, by=staff)

    def revise(self, player: Player) -> None:
        report = self.documents(player)[0]
        self._save(player, report, seen=1, note="Đã bổ sung theo góp ý của đảng ủy. (bịa)")
        player.act(drafts.submit, report.pk, by=self.secretary)

    def ask_clearance(self, player: Player) -> None:
        player.act(preparing.submit_for_clearance, self.congress_id(player), by=self.secretary)

    def approve_drafts(self, player: Player) -> None:
        for document in self.documents(player):
            player.act(drafts.approve, document.pk, by=self.committee.approver)

    def clear(self, player: Player) -> None:
        player.act(preparing.clear, self.congress_id(player), by=self.committee.approver)

    # The day itself.

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

    # After it.

    def issue_minutes(self, player: Player) -> None:
        player.act(minutes.issue_congress_minutes, self.congress_id(player), by=self.secretary)

    def send_signed_minutes(self, player: Player) -> None:
        upload = Upload(signed_paper(), "bien-ban-kiem-phieu-bia.png", "image/png")
        for seal in queries.newest_seals(self.congress(player)):
            player.act(signed_sheets.upload_signed_sheet, seal.round_id, upload=upload, by=self.entering)

    def read_signed_minutes(self, player: Player) -> None:
        """Another person reads the figures off the picture, as the text of the story has them."""
        for seal in queries.newest_seals(self.congress(player)):
            player.act(
                signed_sheets.read_signed_sheet,
                seal.round_id,
                edition=seal.edition,
                number=1,
                read=key_figures(seal.sheet.result),
                by=self.head,
            )

    def report(self, player: Player) -> None:
        player.act(ratifying.report_results, self.congress_id(player), by=self.secretary)

    def ratify(self, player: Player) -> None:
        player.act(
            ratifying.ratify,
            self.congress_id(player),
            issued_on=player.now.date(),
            signer_name=f"{self.committee.approver_name} (bịa)",
            signer_post=self.committee.post,
            by=self.committee.approver,
        )

    def complete(self, player: Player) -> None:
        """The one place where papers are made while the story is told: a dossier is complete with its files."""
        for paper in self.congress(player).papers.filter(sha256=""):
            job = papers.job_of(paper)
            if job is not None:
                runner.run(job.pk)
        player.act(sitting.complete_dossier, self.congress_id(player), by=self.secretary)
