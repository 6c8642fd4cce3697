"""Other assemblies than the branch of ``factories``: a đảng bộ with its branches, delegates, a committee that meets.

Built by calling the services, each step by the one whose task it is. Every name is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role
from congress.models import AssemblyKind, Attendance, Congress, Coverage
from congress.queries import electorate_of
from congress.services import delegates, preparing, sitting
from documents.services import drafts
from elections import queries
from elections.models import Election
from elections.services import counting, ledgers, proposing, sealing, slates
from organizations import services as organization_services
from organizations.models import Member, Organization
from tests.factories import NAMES, Tree, at, make_member, make_plan, make_tree, make_user

HELD_ON = date(2025, 3, 20)
TERM = "2025-2030"


def when(days: int = 0, hour: int = 8, minute: int = 0) -> datetime:
    return at(HELD_ON + timedelta(days=days), hour, minute)


@dataclass
class Place:
    """A đảng bộ with its branches and the people who run its congress."""

    tree: Tree
    secretary: User
    approver: User
    tellers: tuple[User, User]
    members: list[Member]

    @property
    def committee(self) -> Organization:
        return self.tree.committee


def a_committee(*, kind: str = AssemblyKind.MEMBERS, branches: int = 2, per_branch: int = 6) -> tuple[Place, Congress]:
    """Its congress, opened by its own plan."""
    tree = make_tree(branches=branches)
    members = [
        make_member(branch, f"{NAMES[i % len(NAMES)]} {number}")
        for number, branch in enumerate(tree.branches, start=1)
        for i in range(per_branch)
    ]
    tellers = tuple(make_user(Role.TELLER, tree.committee, full_name=one.full_name) for one in members[-2:])
    for member, user in zip(members[-2:], tellers, strict=True):
        member.user = user
        member.save(update_fields=["user"])
    approver = make_user(Role.APPROVER, tree.bloc)
    make_plan(tree.committee, term_label=TERM, coverage=Coverage.OWN, kind=kind, issued_on=HELD_ON - timedelta(days=41))
    place = Place(tree, make_user(Role.SECRETARY, tree.committee), approver, tellers, members)
    return place, Congress.objects.get(organization=tree.committee, term_label=TERM)


def clear(place: Place, congress: Congress) -> None:
    """Papers under review, submitted, approved, cleared."""
    for kind in ("political_report", "resolution", "personnel_plan"):
        paper = drafts.create_document(congress.pk, kind=kind, actor=place.secretary, at=when(-21))
        text = [{"heading": "I", "text": "Nội dung (bịa)."}]
        drafts.save_version(paper.pk, seen=0, sections=text, actor=place.secretary, at=when(-21))
        drafts.submit(paper.pk, actor=place.secretary, at=when(-20))
    preparing.submit_for_clearance(congress.pk, actor=place.secretary, at=when(-15))
    for paper in congress.documents.all():
        drafts.approve(paper.pk, actor=place.approver, at=when(-12))
    preparing.clear(congress.pk, actor=place.approver, at=when(-10))


def details(place: Place, congress: Congress, **more: Any) -> None:
    preparing.set_details(
        congress.pk,
        version=Congress.objects.get(pk=congress.pk).version,
        planned_for=when(0, 14),
        place="Hội trường (bịa)",
        actor=place.secretary,
        at=when(-22),
        **more,
    )


def present(congress: Congress) -> int:
    return electorate_of(Congress.objects.get(pk=congress.pk)).present


def everybody_present(place: Place, congress: Congress, *, but: Sequence[Attendance] = ()) -> None:
    absent = {line.pk for line in but}
    marks = {line.pk: "absent" if line.pk in absent else "present" for line in congress.attendances.all()}
    sitting.take_roll(congress.pk, marks, actor=place.secretary, at=when(0, 13, 45))


def open_with_board(place: Place, congress: Congress, *, chair: Member, clerk: Member, board: Sequence[Member]) -> None:
    """Opened; chair, clerk and a head with one teller elected by all present."""
    sitting.open_sitting(congress.pk, opened_at=when(0, 14), actor=place.secretary, at=when(0, 14, 1))
    for subject, people in (
        ("presidium", {"chair": [chair.pk]}),
        ("clerk", {"clerk": [clerk.pk]}),
        ("tellers", {"head_teller": [board[1].pk], "teller": [board[0].pk]}),
    ):
        sitting.elect_officers(
            congress.pk,
            subject=subject,
            members=people,
            in_favour=present(congress),
            actor=place.secretary,
            at=when(0, 14, 5),
        )


def vote(
    place: Place, election: Election, names: Sequence[Member], *, votes: Sequence[int] | None = None, base: int = 0
) -> Election:
    """One round from the slate to the seal; every name of the first seats gets every vote unless ``votes`` says."""
    election.refresh_from_db()
    congress, ballot = election.congress, election.rounds.get()
    for member in names:
        if not ballot.candidates.filter(member=member).exists():
            source = "committee" if not ballot.candidates.exists() else "stood"
            slates.nominate(ballot.pk, member_id=member.pk, source=source, actor=place.secretary, at=when(0, 14, 20))
    everybody = present(congress)
    slates.fix_slate(ballot.pk, in_favour=everybody, actor=place.secretary, at=when(0, 14, 30))
    ballot.refresh_from_db()
    if base:
        assert ballot.electorate["election_base"] == base
    ledger = {"printed": everybody, "issued": everybody, "spoiled": 0, "unused": 0, "returned": everybody}
    teller, head = place.tellers
    ledgers.keep_ledger(ballot.pk, figures=ledger, close=True, actor=teller, at=when(0, 14, 40))
    count = counting.start_count(ballot.pk, actor=teller, at=when(0, 14, 50))
    slate = list(ballot.candidates.all())
    given = dict(zip([one.pk for one in names], votes, strict=True)) if votes else {}
    numbers = {
        str(one.member_id): given.get(one.member_id, everybody if i < ballot.seats else 0)
        for i, one in enumerate(slate)
    }
    if len(slate) == ballot.seats:
        numbers = {pk: {"agree": n, "disagree": everybody - n} for pk, n in numbers.items()}
    figures = {"returned": everybody, "valid": everybody, "invalid": 0, "votes": numbers}
    for person in (teller, head):
        counting.submit_entry(count.pk, figures=figures, actor=person, at=when(0, 15))
    sheet = proposing.newest_sheet(ballot)
    for warning in sealing.unexplained(sheet):
        sealing.explain_warnings(
            ballot.pk, sheet_number=sheet.number, texts={warning["message"]: "Đúng."}, actor=head, at=when(0, 15)
        )
    sealing.seal(ballot.pk, sheet_number=sheet.number, actor=head, at=when(0, 15, 20))
    election.refresh_from_db()
    return election


def elected(election: Election) -> list[Member]:
    return [one.member for one in queries.elected_of(election)]


def close(place: Place, congress: Congress) -> None:
    if not Congress.objects.get(pk=congress.pk).is_meeting:
        sitting.record_card_vote(
            congress.pk,
            subject="resolution",
            text="Nghị quyết",
            in_favour=present(congress),
            actor=place.secretary,
            at=when(0, 16),
        )
    sitting.close_sitting(congress.pk, closed_at=when(0, 16, 30), actor=place.secretary, at=when(0, 16, 31))


def give_accounts(place: Place, board: Sequence[Member]) -> None:
    """Tellers of the meeting are among the committee itself."""
    for member in Member.objects.filter(user__in=place.tellers):
        member.user = None
        member.save(update_fields=["user"])
    for member, user in zip(board, place.tellers, strict=True):
        member.user = user
        member.save(update_fields=["user"])


def delegate_congress(*, officials: int = 8, alternates: int = 1) -> tuple[Place, Congress, list[Member]]:
    """Its committee has one member, who is a delegate by that; the first ``officials`` of the rest are elected."""
    place, congress = a_committee(kind=AssemblyKind.DELEGATES)
    people = place.members
    organization_services.give_post(
        people[0].pk,
        place.committee.pk,
        "committee_member",
        starts_on=date(2020, 5, 1),
        decision="QĐ 01 (bịa)",
        actor=place.tree.admin,
        at=when(-60),
    )
    details(place, congress, committee_seats=5)
    chosen = {one.pk: "official" for one in people[1 : 1 + officials]}
    chosen |= {one.pk: "alternate" for one in people[1 + officials : 1 + officials + alternates]}
    delegates.summon_delegates(congress.pk, chosen, actor=place.secretary, at=when(-21))
    preparing.convene(congress.pk, actor=place.secretary, at=when(-21))
    return place, congress, people


def line(congress: Congress, member: Member) -> Attendance:
    return congress.attendances.get(member=member)


def with_committee_elected() -> tuple[Place, Congress]:
    """A đảng bộ whose members have elected a committee of five; its congress still sits."""
    place, congress = a_committee()
    details(place, congress, committee_seats=5)
    preparing.convene(congress.pk, actor=place.secretary, at=when(-22))
    clear(place, congress)
    (committee,) = slates.set_up_elections(congress.pk, actor=place.secretary, at=when(-9))
    people = place.members
    for member in people[:6]:
        slates.nominate(committee.rounds.get().pk, member_id=member.pk, actor=place.secretary, at=when(-9))
    everybody_present(place, congress)
    open_with_board(place, congress, chair=people[0], clerk=people[7], board=people[-2:])
    vote(place, committee, people[:6], votes=[12, 11, 10, 9, 8, 1], base=12)
    return place, congress


@dataclass
class Visited:
    """A place as those tests want it that know the world of ``factories``."""

    place: Place
    congress_id: int

    @classmethod
    def of(cls, place: Place, congress: Congress) -> Visited:
        return cls(place, congress.pk)

    @property
    def congress(self) -> Congress:
        return Congress.objects.select_related("organization").get(pk=self.congress_id)

    @property
    def tree(self) -> Tree:
        return self.place.tree

    @property
    def secretary(self) -> User:
        return self.place.secretary
