"""Builds the world of the matrix in an empty database, by the services alone, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from accounts import services as account_services
from accounts.models import User
from accounts.roles import Role
from accounts.sheets import write_xlsx
from congress import lifecycle as congress_states
from congress.models import Congress, Coverage, GuidanceReceipt, Plan
from congress.services import deviations, guidance, helping, plans, preparing
from documents.files import store_once
from documents.models import CommitteeReport, Document
from documents.papers.progress_report import ProgressReport
from documents.services import drafts
from documents.services.reports import keep_report
from documents.uploads import PDF, Upload
from elections.lifecycle import COUNTING, SEALED
from elections.matrix.congresses import ROUND_STATES, STATES, Carried, Hands, moment, written
from elections.matrix.places import IDENTITIES, PLACES, Place
from elections.matrix.samples import STATELESS
from elections.models import Candidate
from elections.rehearsal import services as rehearsals
from elections.services import slates, withdrawals
from organizations import services as organization_services
from organizations.models import ImportBatch, Member, Organization, SlipBatch
from organizations.services import imports

BOARD = {"teller": -1, "head_teller": -2}
"""Office of the tellers' board → which member of the branch holds it."""
FIRST_TERM = "2000-2005"
UPLOADED = b"%PDF-1.4\n% a draft of the matrix\n%%EOF\n"


@dataclass(slots=True)
class World:
    """Ids of every object by (scope, place, state), and the people who ask, by the name of the identity."""

    objects: dict[tuple[str, str, str], int] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)


def build() -> World:
    """The world. Refuses a database that holds anybody: this is for throw-away databases."""
    if User.objects.exists() or Organization.objects.exists():
        raise RuntimeError(f"the database {connection.settings_dict['NAME']} is not empty")
    return _Builder().built()


def term(number: int) -> str:
    """A term of its own for each congress of one branch."""
    return f"{2001 + number}-{2006 + number}"


class _Builder:
    def __init__(self) -> None:
        self.world = World()
        self.places: dict[str, Organization] = {}
        self.members: dict[str, list[Member]] = {}
        self.hands: dict[str, Hands] = {}
        self.founder = self.person("founder")

    def built(self) -> World:
        for place in PLACES.values():
            self.found(place)
        organization_services.grant_role(
            self.founder.pk, Role.SYSTEM_ADMINISTRATOR, self.places["root"].pk, actor=None, at=moment(-90)
        )
        self.gather_hands()
        self.gather_people()
        for place in PLACES.values():
            self.furnish(place)
        self.open_congresses()
        for place in PLACES.values():
            self.write_drafts(place)
        return self.world

    # ---- people and places ----

    def found(self, place: Place) -> None:
        parent = self.places.get(place.parent)
        founded = organization_services.found_organization(
            parent_id=parent.pk if parent else None,
            actor=None,
            at=moment(-100),
            node_type=place.node_type,
            code=place.name,
            name=f"Tổ chức {place.name}",
            committee_name="" if place.is_branch else f"Cấp ủy {place.name}",
            symbol="CB" if place.is_branch else "ĐU",
            place="Thanh Hóa",
        )
        self.places[place.name] = founded
        self.world.objects["organization", place.name, STATELESS] = founded.pk

    def person(self, name: str, role: Role | None = None, place: str = "") -> User:
        user, _ = account_services.create_user(
            username=name.replace("_", "-"),
            full_name=f"Người {name}",
            password=f"không dùng {name}",
            actor=None,
            at=moment(-100),
        )
        if role is not None:
            self.give(user, role, place)
        return user

    def give(self, user: User, role: Role, place: str) -> int:
        assignment = organization_services.grant_role(
            user.pk, role, self.places[place].pk, actor=self.founder, at=moment(-90)
        )
        return assignment.pk

    def gather_hands(self) -> None:
        """Whoever submits holds the branch's roles at the root; whoever decides is approver everywhere."""
        left, right = self.person("left-hand"), self.person("right-hand")
        for role in (Role.COMMITTEE_STAFF, Role.SECRETARY):
            self.give(left, role, "root")
        for name, place in PLACES.items():
            self.give(right, Role.APPROVER, name)
            if place.is_branch:
                self.enroll(name)
                board = [self.of_the_board(name, office, member) for office, member in BOARD.items()]
                self.hands[name] = Hands(left, right, *board)
            else:
                self.hands[name] = Hands(left, right, right, right)

    def enroll(self, place: str) -> None:
        self.members[place] = [
            organization_services.enroll_member(
                self.places[place].pk,
                actor=self.founder,
                at=moment(-80),
                full_name=f"Nguyễn Văn {name}",
                born_on=date(1980, 1, 1),
                admitted_on=date(2009, 1, 1),
                official_on=date(2010, 1, 1),
                is_invented=True,
            )
            for name in ("An", "Bình", "Cường", "Dũng", "Em", "Giang")
        ]

    def of_the_board(self, place: str, office: str, number: int) -> User:
        """The account of the member who is elected to that office by every congress there."""
        asked = next((one for one in IDENTITIES.values() if one.elected == office and one.home == place), None)
        user = self.person(asked.name if asked else f"{office}-{place}", Role.TELLER, place)
        if asked:
            self.world.people[asked.name] = user
        member = self.members[place][number]
        member.user = user
        member.save(update_fields=["user"])
        return user

    def gather_people(self) -> None:
        for one in IDENTITIES.values():
            if one.name != "anonymous" and not one.elected:
                self.world.people[one.name] = self.person(one.name, one.role, one.home)

    # ---- what every place has ----

    def furnish(self, place: Place) -> None:
        """A role that somebody holds, a letter, a plan that is issued and one that is not; in a branch, its people."""
        objects, name, left = self.world.objects, place.name, self.hands[place.name].left
        objects["assignment", name, STATELESS] = self.give(self.person(f"holder-{name}"), Role.MEMBER, name)
        objects["access_link", name, STATELESS] = self.linked(name)
        batch = SlipBatch.objects.create(organization=self.places[name], made_by=self.founder, made_at=moment(-40))
        slip = batch.slips.create(assignment_id=objects["assignment", name, STATELESS], number=1, nonce="1")
        objects["slip_batch", name, STATELESS], objects["account_slip", name, STATELESS] = batch.pk, slip.pk
        objects["report", name, STATELESS] = self.reported(name)
        objects["import", name, STATELESS] = self.uploaded(name).pk
        objects["guidance", name, STATELESS] = guidance.send_guidance(
            self.places[name].pk,
            notation="11-CV/ĐU",
            issued_on=moment(-40).date(),
            subject="Chuẩn bị đại hội",
            term_label=FIRST_TERM,
            body="",
            actor=left,
            at=moment(-40),
        ).pk
        if place.is_branch:
            received = GuidanceReceipt.objects.filter(organization=self.places[name]).earliest("pk")
            objects["receipt", name, STATELESS] = received.pk
        objects["tree_act", name, STATELESS] = organization_services.rename(
            self.places[name].pk,
            name=f"Tổ chức {name}",
            symbol="CBM" if place.is_branch else "ĐUM",
            committee_name=self.places[name].committee_name,
            ground=self.decision_on(name),
            actor=self.founder,
            at=moment(-50),
        ).pk
        own = Coverage.GUIDING if place.is_branch else Coverage.OWN
        objects["plan", name, congress_states.PLAN_ISSUED] = self.issued(name, FIRST_TERM, own, number=1).pk
        objects["subcommittee", name, STATELESS] = helping.set_up_subcommittee(
            objects["plan", name, congress_states.PLAN_ISSUED],
            name="Tiểu ban Văn kiện",
            duties="",
            actor=left,
            at=moment(-40),
        ).pk
        objects["plan", name, congress_states.PLAN_DRAFT] = self.drafted(name, "1990-1995", Coverage.GUIDING).pk
        if place.is_branch:
            member = self.members[name][-1]
            objects["member", name, STATELESS] = member.pk
            objects["standing", name, STATELESS] = organization_services.set_standing(
                member.pk,
                kind="exempt",
                starts_on=date(2023, 1, 1),
                ground="Đơn xin miễn sinh hoạt",
                accepted_by="Chi ủy",
                actor=self.founder,
                at=moment(-60),
            ).pk

    def linked(self, place: str) -> int:
        """A wall of that place, open without signing in."""
        link, _ = organization_services.make_link(
            "wall", self.places[place].pk, "Phòng họp", actor=self.founder, at=moment(-40)
        )
        return link.pk

    def reported(self, place: str) -> int:
        """A report of that place; its figures are of no matter here."""
        paper = ProgressReport.from_dict(ProgressReport.example())
        organization = self.places[place]
        run = f"matrix:{place}"
        report = keep_report(paper, organization, run=run, number=1, actor=self.founder, at=moment(-40))
        file = store_once("reports/report.xlsx", b"of no matter here")
        files = {f"{kind}_name": file.name for kind in ("pdf", "word", "excel")}
        sums = {f"{kind}_sha256": file.sha256 for kind in ("pdf", "word", "excel")}
        CommitteeReport.objects.filter(pk=report.pk).update(**files, **sums)
        return report.pk

    def decision_on(self, place: str) -> organization_services.Ground:
        day = moment(-55).date()
        return organization_services.Ground("10-QĐ/ĐU", day, day, self.places[place].pk)

    def uploaded(self, place: str) -> ImportBatch:
        """A roll that was read and waits for a decision."""
        rows = [["Lê Văn Mới", f"Tổ chức {place}"], ["Lê", ""]]
        batch, _ = imports.upload(
            self.places[place].pk,
            ImportBatch.Kind.ROLL,
            name="danh-sach.xlsx",
            content=write_xlsx("Danh sách", ["Họ và tên", "Chi bộ"], rows),
            actor=self.hands[place].left,
            at=moment(-40),
        )
        imports.read_batch({"batch_id": batch.pk}, imports.job_of(batch))
        return batch

    def drafted(self, place: str, term_label: str, coverage: str) -> Plan:
        return plans.draft_plan(
            self.places[place].pk,
            subject="Đại hội",
            term_label=term_label,
            coverage=coverage,
            actor=self.hands[place].left,
            at=moment(-45),
        )

    def issued(self, place: str, term_label: str, coverage: str, *, number: int) -> Plan:
        plan = self.drafted(place, term_label, coverage)
        return plans.issue_plan(
            plan.pk, number=number, issued_on=moment(-41).date(), actor=self.hands[place].right, at=moment(-41)
        )

    # ---- congresses: one per state and branch, each in a term of its own ----

    def open_congresses(self) -> None:
        for number, state in enumerate(STATES):
            for name in self.congresses_of(number):
                one = self.carried(name, number)
                one.to(state)
                self.keep_congress(name, state, one)
        for number, state in enumerate(ROUND_STATES, start=len(STATES)):
            if state != SEALED:  # the sitting congress has one
                for name in self.congresses_of(number):
                    one = self.carried(name, number)
                    one.to_round(state)
                    self.keep_round(name, state, one)
        for name in self.congresses_of(len(STATES) + len(ROUND_STATES)):
            one = self.carried(name, len(STATES) + len(ROUND_STATES))
            one.to_round(ROUND_STATES[0])
            self.keep_slate(name, one)
        for name, place in PLACES.items():
            if not place.is_branch:
                opened = Congress.objects.get(organization=self.places[name])
                self.world.objects["congress", name, congress_states.PREPARING] = opened.pk

    def congresses_of(self, number: int) -> list[str]:
        """Opens the congresses of every branch in one term."""
        self.issued("root", term(number), Coverage.BRANCHES, number=2)
        return [name for name, place in PLACES.items() if place.is_branch]

    def carried(self, place: str, number: int) -> Carried:
        congress = Congress.objects.get(organization=self.places[place], term_label=term(number))
        return Carried(congress.pk, self.members[place], self.hands[place])

    def keep_congress(self, place: str, state: str, one: Carried) -> None:
        objects = self.world.objects
        objects["congress", place, state] = one.congress_id
        if state == congress_states.PREPARING:
            played = rehearsals.start(
                one.congress_id, office="secretary", actor=self.hands[place].teller, at=moment(-20), seed=7
            )
            objects["rehearsal", place, STATELESS] = played.pk
            objects["milestone", place, STATELESS] = one.congress.milestones.get(key="drafts").pk
            objects["deviation", place, STATELESS] = deviations.ask(
                one.congress_id,
                rule="window:held",
                wanted_on=moment(30).date(),
                letter="Đề nghị lùi ngày đại hội sang (ngày đề nghị).",
                actor=self.hands[place].left,
                at=moment(-20),
            ).pk
            objects["candidate", place, STATELESS] = Candidate.objects.get(round=one.round).pk
            objects["election", place, STATELESS] = one.round.election_id
        if state == congress_states.CLEARED:
            objects["attendance", place, STATELESS] = one.congress.attendances.order_by("pk")[0].pk
            objects["proceeding", place, STATELESS] = one.congress.proceedings.order_by("pk")[0].pk
        if state == congress_states.SITTING:
            objects["round", place, SEALED] = one.round.pk
        if state == congress_states.RATIFIED:
            objects["paper", place, STATELESS] = one.congress.papers.get(code="F-18").pk

    def keep_round(self, place: str, state: str, one: Carried) -> None:
        objects = self.world.objects
        objects["round", place, state] = one.round.pk
        if state == COUNTING:
            objects["count", place, STATELESS] = one.round.counts.get().pk

    def keep_slate(self, place: str, one: Carried) -> None:
        """Somebody asks to withdraw, and an opinion ballot, here of the only name, waits for its second person."""
        objects, left, member = self.world.objects, self.hands[place].left, one.members[0]
        asked = withdrawals.ask_to_withdraw(
            one.round.pk, member_id=member.pk, reason="Sức khỏe yếu", proposal="allow", actor=left, at=moment(0, 14)
        )
        objects["withdrawal", place, STATELESS] = asked.pk
        objects["opinion", place, STATELESS] = one.round.opinion_ballots.create(
            number=1,
            issued=6,
            returned=6,
            valid=6,
            invalid=0,
            support={str(member.pk): 5},
            entered_by=left,
            entered_at=moment(0, 14),
        ).pk

    # ---- drafts in each state, of a congress that is being prepared ----

    def write_drafts(self, place: Place) -> None:
        name, objects = place.name, self.world.objects
        congress_id, hands = objects["congress", name, congress_states.PREPARING], self.hands[name]
        if not place.is_branch:
            preparing.set_details(congress_id, version=1, committee_seats=5, actor=hands.left, at=moment(-19))
            (election,) = slates.set_up_elections(congress_id, actor=hands.left, at=moment(-19))
            objects["election", name, STATELESS] = election.pk
            objects["round", name, ROUND_STATES[0]] = election.rounds.get().pk
        for state in ("draft", "in_review", "changes_requested", "approved"):
            document = written(congress_id, "other", hands, title=f"Văn kiện {state}")
            objects["document", name, state] = document.pk
            self.review(document, state, hands)
        with_file = Upload(UPLOADED, f"du-thao-{name}.pdf", PDF)
        objects["version", name, STATELESS] = drafts.save_version(
            objects["document", name, "draft"], seen=1, upload=with_file, actor=hands.left, at=moment(-18)
        ).pk

    def review(self, document: Document, state: str, hands: Hands) -> None:
        if state != "draft":
            drafts.submit(document.pk, actor=hands.left, at=moment(-18))
        if state == "changes_requested":
            drafts.request_changes(document.pk, reasons="Bổ sung số liệu.", actor=hands.right, at=moment(-17))
        if state == "approved":
            drafts.approve(document.pk, actor=hands.right, at=moment(-17))
