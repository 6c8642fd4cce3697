"""Small worlds for tests, built by calling the services, so that no test stands on a state nobody can reach.

``congress_at("counted").head_teller`` is the person whose turn it is. Every name is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from accounts import services as account_services
from accounts.models import User
from accounts.roles import Role
from congress.deadlines import superior_plan
from congress.models import Congress, Coverage, Plan
from congress.services import plans, preparing, sitting
from documents.models import Document, IssuedPaper
from documents.services import drafts, minutes
from documents.services.papers import render_paper
from documents.uploads import PDF, Upload
from elections import queries as election_queries
from elections.models import BallotRound, Count, Election, SealedResult, SignedSheet
from elections.rules.signed_paper import key_figures
from elections.services import counting, ledgers, ratifying, sealing, signed_sheets, slates
from organizations import services as org_services
from organizations.models import Member, NodeType, Organization, RoleAssignment
from tests import frozen

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PASSWORD = "con trâu giếng nước 27"
STAGES = (
    "preparing",
    "submitted",
    "cleared",
    "sitting",
    "slate_fixed",
    "counting",
    "counted",
    "sealed",
    "closed",
    "reported",
    "ratified",
    "complete",
)
"""States of the congress; while it sits, states of its first ballot round."""
NAMES = ("Lê Văn An", "Trần Thị Bình", "Phạm Văn Cường", "Đỗ Thị Dung", "Vũ Văn Em", "Hoàng Thị Giang")
NAMES += ("Bùi Văn Hải", "Ngô Thị Hương", "Đặng Văn Khoa", "Dương Thị Lan", "Lý Văn Minh", "Mai Thị Nga")
SIGNED_PAPER = b"%PDF-1.4\n% signed minutes\n%%EOF\n"
_numbers = count(1)


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """That hour in Vietnam."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


START = at(date(2022, 1, 4))
HELD_ON = date(2022, 6, 29)


@dataclass
class Tree:
    """Khối → đảng ủy cơ sở → chi bộ, with the administrator who founded them."""

    admin: User
    bloc: Organization
    committee: Organization
    branches: list[Organization]

    @property
    def branch(self) -> Organization:
        return self.branches[0]


def make_user(
    role: str | None = None,
    organization: Organization | None = None,
    *,
    username: str = "",
    full_name: str = "",
    starts_at: datetime = START,
) -> User:
    """A person with one role at one place (or none), who signs in with ``PASSWORD``."""
    number = next(_numbers)
    user, _ = account_services.create_user(
        username=username or f"nguoi{number}",
        full_name=full_name or f"Nguyễn Văn {NAMES[number % len(NAMES)].split()[-1]}",
        password=PASSWORD,
        actor=None,
        at=starts_at,
    )
    if role is not None and organization is not None:
        give_role(user, role, organization, starts_at=starts_at)
    return user


def give_role(user: User, role: str, organization: Organization, *, starts_at: datetime = START) -> RoleAssignment:
    """Granted by the installation's administrator, who is made when there is none; forgets what was loaded before."""
    first = RoleAssignment.objects.filter(role=Role.SYSTEM_ADMINISTRATOR).select_related("user").first()
    actor = first.user if first else None
    if actor is None and role != Role.SYSTEM_ADMINISTRATOR:
        actor = make_admin()
    user.__dict__.pop("_live_assignments", None)
    assignment = org_services.grant_role(user.pk, role, organization.pk, actor=actor, at=starts_at)
    user.refresh_from_db(fields=["session_epoch"])  # a new role ends the person's sessions
    return assignment


def make_root() -> Organization:
    """The one root of the installation, over every khối."""
    known = Organization.objects.filter(parent=None).first()
    return known or make_organization(
        None, node_type=NodeType.CENTRAL, name="Đảng Cộng sản Việt Nam", code="GOC", symbol="TW"
    )


def make_admin() -> User:
    """The system administrator over the whole tree; the existing one when there is one."""
    known = RoleAssignment.objects.filter(role=Role.SYSTEM_ADMINISTRATOR).select_related("user").first()
    if known is not None:
        return known.user
    return make_user(Role.SYSTEM_ADMINISTRATOR, make_root(), full_name="Quản Trị Viên")


def make_organization(
    parent: Organization | None = None, *, node_type: str = NodeType.BRANCH, name: str = "", **fields: Any
) -> Organization:
    number = next(_numbers)
    given = {"code": f"TC-{number:04d}", "name": name or f"Chi bộ số {number}", "symbol": "CB"} | fields
    return org_services.found_organization(
        parent_id=parent.pk if parent else None, actor=None, at=START, node_type=node_type, **given
    )


def make_tree(branches: int = 1) -> Tree:
    """A new khối with one đảng ủy cơ sở and ``branches`` chi bộ below it."""
    bloc = make_organization(
        make_root(),
        node_type=NodeType.BLOC,
        name="Đảng bộ Khối Cơ quan tỉnh",
        committee_name="Đảng ủy Khối Cơ quan tỉnh",
        symbol="ĐUK",
        place="Thanh Hóa",
    )
    committee = make_organization(
        bloc,
        node_type=NodeType.GRASSROOTS,
        name="Đảng bộ Sở Công Thương",
        committee_name="Đảng ủy Sở Công Thương",
        symbol="ĐU",
        place="Thanh Hóa",
    )
    return Tree(make_admin(), bloc, committee, [make_organization(committee) for _ in range(branches)])


def make_member(branch: Organization, full_name: str = "", *, actor: User | None = None, **fields: Any) -> Member:
    """Đảng viên chính thức; ``official_on=None`` makes a probationer."""
    number = next(_numbers)
    given = {
        "full_name": full_name or NAMES[number % len(NAMES)],
        "born_on": date(1980, 1, 1),
        "gender": "male",
        "admitted_on": date(2009, 1, 1),
        "official_on": date(2010, 1, 1),
        "is_invented": True,
    } | fields
    return org_services.enroll_member(branch.pk, actor=actor or make_admin(), at=START, **given)


def make_plan(
    committee: Organization,
    *,
    term_label: str = "2022-2025",
    number: int = 22,
    issued_on: date = date(2022, 5, 19),
    staff: User | None = None,
    approver: User | None = None,
    **fields: Any,
) -> Plan:
    """An issued plan: the congresses it covers are open. It carries out the superior's plan for the term."""
    staff = staff or make_user(Role.COMMITTEE_STAFF, committee)
    approver = approver or make_user(Role.APPROVER, committee)
    coverage = fields.get("coverage", Coverage.BRANCHES)
    higher = superior_plan(Plan(organization=committee, term_label=term_label, coverage=coverage))
    if higher is not None and not fields.get("amends_ids"):
        fields.setdefault("based_on_id", higher.pk)
    plan = plans.draft_plan(
        committee.pk,
        subject=fields.pop("subject", "Đại hội các chi bộ trực thuộc"),
        term_label=term_label,
        actor=staff,
        at=at(issued_on, 8),
        **fields,
    )
    return plans.issue_plan(plan.pk, number=number, issued_on=issued_on, actor=approver, at=at(issued_on, 9))


def make_congress(branch: Organization, *, term_label: str = "2022-2025", **plan: Any) -> Congress:
    """The branch's congress under a fresh plan of its committee, still preparing."""
    make_plan(branch.parent, term_label=term_label, **plan)
    return Congress.objects.get(organization=branch, term_label=term_label)


@dataclass
class World:
    """One congress with everyone who has to do with it; ``held_on`` is the day it meets."""

    tree: Tree
    staff: User
    approver: User
    secretary: User
    clerk: User
    drafter: User
    teller: User
    head_teller: User
    member_user: User
    outsider: User
    members: list[Member]
    plan: Plan
    congress_id: int
    held_on: date
    committee_seats: int
    has_deputy: bool
    documents: list[Document] = field(default_factory=list)

    @property
    def congress(self) -> Congress:
        """As stored now."""
        return Congress.objects.select_related("organization", "authority", "plan__organization").get(
            pk=self.congress_id
        )

    @property
    def branch(self) -> Organization:
        return self.tree.branch

    @property
    def committee(self) -> Organization:
        return self.tree.committee

    @property
    def elections(self) -> list[Election]:
        return list(election_queries.current_elections(self.congress))

    @property
    def round(self) -> BallotRound:
        """The ballot round in hand: the first that is not sealed, else the last of all."""
        rounds = [one for election in self.elections for one in election.rounds.order_by("number")]
        return next((one for one in rounds if one.state not in ("sealed", "set_aside")), None) or rounds[-1]

    @property
    def papers(self) -> list[IssuedPaper]:
        return list(IssuedPaper.objects.filter(congress_id=self.congress_id))

    def when(self, days: int = 0, hour: int = 8, minute: int = 0) -> datetime:
        """That hour, ``days`` after the day of the congress."""
        return at(self.held_on + timedelta(days=days), hour, minute)

    def present(self) -> int:
        return self.congress.attendances.filter(is_official=True, presence="present").count()

    def enclosures(self) -> dict[str, str]:
        """Every box of the page that sends the results up, ticked."""
        people = ratifying.elected_people(self.congress)
        return {"biographies": "on"} | {f"curriculum_{pk}": "on" for pk in people}

    def slate(self) -> list[Member]:
        return [one.member for one in self.round.candidates.select_related("member")]

    def figures(self, *, votes: Sequence[int] | None = None, invalid: int = 0) -> dict[str, Any]:
        """A count of the round in hand; everybody votes for the first names of the slate unless ``votes`` says else."""
        present, seats = self.present(), self.round.seats
        valid, slate = present - invalid, self.slate()
        counts = list(votes) if votes is not None else [valid if i < seats else 0 for i in range(len(slate))]
        ballots = {"returned": present, "valid": valid, "invalid": invalid}
        reasons = {"invalid_reasons": {"signed": invalid}} if invalid else {}
        if len(slate) > seats:
            return {**ballots, **reasons, "votes": {str(m.pk): n for m, n in zip(slate, counts, strict=True)}}
        agree = {str(m.pk): {"agree": n, "disagree": valid - n} for m, n in zip(slate, counts, strict=True)}
        return {**ballots, **reasons, "votes": agree}

    # The steps, in the order of STAGES.

    def prepare_papers(self) -> None:
        kinds = ["political_report", "resolution", "personnel_plan"]
        if self.committee_seats:
            kinds.insert(1, "self_criticism")
        for kind in kinds:
            document = drafts.create_document(self.congress_id, kind=kind, actor=self.drafter, at=self.when(-21))
            drafts.save_version(
                document.pk,
                seen=0,
                sections=[{"heading": "I. Kết quả", "text": "Chi bộ hoàn thành nhiệm vụ."}],
                actor=self.drafter,
                at=self.when(-21, 9),
            )
            drafts.submit(document.pk, actor=self.secretary, at=self.when(-20))
            self.documents.append(document)

    def fill_details(self) -> None:
        preparing.set_details(
            self.congress_id,
            version=self.congress.version,
            ordinal=7,
            planned_for=self.when(0, 14),
            place="Hội trường cơ quan",
            has_branch_committee=bool(self.committee_seats),
            committee_seats=self.committee_seats or None,
            has_deputy=self.has_deputy,
            actor=self.secretary,
            at=self.when(-22),
        )
        preparing.convene(self.congress_id, actor=self.secretary, at=self.when(-22, 9))

    def submitted(self) -> None:
        self.fill_details()
        self.prepare_papers()
        preparing.submit_for_clearance(self.congress_id, actor=self.secretary, at=self.when(-15))

    def cleared(self) -> None:
        for document in self.congress.documents.all():
            drafts.approve(document.pk, actor=self.approver, at=self.when(-12))
        preparing.clear(self.congress_id, actor=self.approver, at=self.when(-10))

    def sitting(self) -> None:
        first, *_ = slates.set_up_elections(self.congress_id, actor=self.secretary, at=self.when(-9))
        for member in self.members[: self.committee_seats + 1]:
            slates.nominate(first.rounds.get().pk, member_id=member.pk, actor=self.secretary, at=self.when(-9, 9))
        present = {row.pk: "present" for row in self.congress.attendances.all()}
        sitting.take_roll(self.congress_id, present, actor=self.secretary, at=self.when(0, 13, 45))
        sitting.open_sitting(self.congress_id, opened_at=self.when(0, 14), actor=self.secretary, at=self.when(0, 14, 1))
        self._elect("presidium", {"chair": [self.members[0].pk]}, self.when(0, 14, 10))
        self._elect("clerk", {"clerk": [self.members[-3].pk]}, self.when(0, 14, 10))
        self.elect_tellers(self.when(0, 14, 10))

    def elect_tellers(self, moment: datetime) -> None:
        teller, head = self.members[-2:]
        self._elect("tellers", {"head_teller": [head.pk], "teller": [teller.pk]}, moment)

    def _elect(self, subject: str, people: dict[str, list[int]], moment: datetime) -> None:
        sitting.elect_officers(
            self.congress_id,
            subject=subject,
            members=people,
            in_favour=self.present(),
            actor=self.secretary,
            at=moment,
        )

    def slate_fixed(self) -> None:
        slates.fix_slate(self.round.pk, in_favour=self.present(), actor=self.secretary, at=self.when(0, 14, 30))

    def ledger(self, **told: int) -> dict[str, int]:
        """Sổ phiếu of the round in hand: one paper for everybody present, all of them back, unless told otherwise."""
        present = self.present()
        return {"printed": present, "issued": present, "spoiled": 0, "unused": 0, "returned": present} | told

    def close_ledger(self, **told: int) -> None:
        ledgers.keep_ledger(
            self.round.pk,
            figures=self.ledger(**told),
            printed_note="Phiếu dự trữ của tệp chưa in (bịa)",
            close=True,
            actor=self.teller,
            at=self.when(0, 14, 40),
        )

    @property
    def count(self) -> Count:
        """The newest count of the round in hand."""
        return self.round.counts.order_by("-number")[0]

    @property
    def typists(self) -> tuple[User, User]:
        """The two of the board: with one teller beside the head, the head types, too."""
        return self.teller, self.head_teller

    def counting(self) -> None:
        self.close_ledger()
        counting.start_count(self.round.pk, actor=self.teller, at=self.when(0, 14, 50))

    def enter(self, figures: dict[str, Any] | None = None) -> None:
        """Both type the same."""
        for place, person in enumerate(self.typists):
            moment = self.when(0, 15, place)
            counting.submit_entry(self.count.pk, figures=figures or self.figures(), actor=person, at=moment)

    def counted(self) -> None:
        self.enter()

    def sealed(self) -> None:
        sealing.seal(self.round.pk, sheet_number=1, actor=self.head_teller, at=self.when(0, 15, 20))

    def closed(self) -> None:
        self.close()
        self.sign_minutes()

    def sign_minutes(self) -> None:
        """The teller sends a picture of every signed minutes, the head reads the six figures off it as sealed."""
        for seal in election_queries.newest_seals(self.congress):
            place = {"edition": seal.edition, "number": self.upload_signed_sheet(seal).number}
            figures = key_figures(seal.sheet.result)
            signed_sheets.read_signed_sheet(
                seal.round_id, read=figures, actor=self.head_teller, at=self.when(0, 16, 50), **place
            )

    def upload_signed_sheet(self, seal: SealedResult) -> SignedSheet:
        picture = Upload(SIGNED_PAPER, "bien-ban.pdf", PDF)
        return signed_sheets.upload_signed_sheet(
            seal.round_id, upload=picture, actor=self.teller, at=self.when(0, 16, 40)
        )

    def close(self) -> None:
        """Every election held and the sitting closed; the signed minutes are still to be sent."""
        for election in self.elections[1:]:
            ballot = election.rounds.get()
            if not ballot.candidates.exists():
                member = next(iter(election_queries.eligible_members(election)))
                slates.nominate(ballot.pk, member_id=member.pk, actor=self.secretary, at=self.when(0, 15, 30))
            self.slate_fixed()
            self.counting()
            self.counted()
            self.sealed()
        sitting.record_card_vote(
            self.congress_id,
            subject="resolution",
            text="Nghị quyết đại hội",
            in_favour=self.present(),
            actor=self.secretary,
            at=self.when(0, 16),
        )
        sitting.close_sitting(
            self.congress_id, closed_at=self.when(0, 16, 30), actor=self.secretary, at=self.when(0, 16, 31)
        )

    def reported(self) -> None:
        minutes.issue_congress_minutes(self.congress_id, actor=self.secretary, at=self.when(0, 17))
        ratifying.report_results(self.congress_id, actor=self.secretary, at=self.when(2))

    def ratified(self) -> None:
        ratifying.ratify(
            self.congress_id,
            issued_on=self.held_on + timedelta(days=9),
            signer_name="Phạm Văn Duyệt",
            signer_post="Bí thư",
            actor=self.approver,
            at=self.when(9),
        )

    def complete(self) -> None:
        for paper in self.papers:
            render_paper({"paper_id": paper.pk}, None)
        sitting.complete_dossier(self.congress_id, actor=self.secretary, at=self.when(10))


def congress_at(
    stage: str = "preparing",
    *,
    members: int = 6,
    committee_seats: int = 0,
    has_deputy: bool = False,
    held_on: date = HELD_ON,
    term_label: str = "2022-2025",
    branches: int = 1,
) -> World:
    """Carry a congress to ``stage`` (one of ``STAGES``) by the services, every act by the one whose task it is.

    ``committee_seats`` above 0 elects a chi ủy (make it with at least nine members). The last two members are
    the tellers, the last one heads them; the first is elected. "complete" makes the PDFs, which takes a second.

    The same congress asked for in another test is the one that was carried there first, copied (``frozen``).
    """
    global _numbers
    wanted = (stage, members, committee_seats, has_deputy, held_on, term_label, branches)
    world, last = frozen.shared(f"congress at {wanted}", lambda: (_carried(*wanted), next(_numbers)))
    _numbers = count(max(last, next(_numbers)))
    return world


def _carried(
    stage: str, members: int, committee_seats: int, has_deputy: bool, held_on: date, term_label: str, branches: int
) -> World:
    tree = make_tree(branches=branches)
    branch, committee = tree.branch, tree.committee
    people = [make_member(branch, NAMES[i % len(NAMES)]) for i in range(members)]
    secretary = make_user(Role.SECRETARY, branch, full_name="Trịnh Văn Bí Thư")
    teller = make_user(Role.TELLER, branch, full_name=people[-2].full_name)
    head = make_user(Role.TELLER, branch, full_name=people[-1].full_name)
    for member, user in zip(people[-2:], (teller, head), strict=True):
        member.user = user
        member.save(update_fields=["user"])
    staff = make_user(Role.COMMITTEE_STAFF, committee, full_name="Cao Thị Chuyên Viên")
    approver = make_user(Role.APPROVER, committee, full_name="Phạm Văn Duyệt")
    plan = make_plan(
        committee,
        staff=staff,
        approver=approver,
        term_label=term_label,
        issued_on=held_on - timedelta(days=41),
        deadlines={"papers": held_on - timedelta(days=15), "window_closes": held_on + timedelta(days=30)},
    )
    world = World(
        tree=tree,
        staff=staff,
        approver=approver,
        secretary=secretary,
        clerk=make_user(Role.CLERK, branch, full_name="Tạ Thị Thư Ký"),
        drafter=make_user(Role.DRAFTER, branch, full_name="Hồ Văn Soạn"),
        teller=teller,
        head_teller=head,
        member_user=make_user(Role.MEMBER, branch, full_name="Đinh Thị Đảng Viên"),
        outsider=make_user(Role.SECRETARY, make_tree().branch, full_name="Kiều Văn Ngoài"),
        members=people,
        plan=plan,
        congress_id=Congress.objects.get(organization=branch, term_label=term_label).pk,
        held_on=held_on,
        committee_seats=committee_seats,
        has_deputy=has_deputy,
    )
    for step in STAGES[1 : STAGES.index(stage) + 1]:
        getattr(world, step)()
    return world
