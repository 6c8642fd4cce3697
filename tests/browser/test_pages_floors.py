"""The floors of the interface on every page there is: each address at a stage and for a role that opens it.

``VISITS`` names every page of the URL configuration; a page that is added and not named here fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from accounts.access import Address, addresses
from accounts.models import AuditEvent, TextSize, User
from accounts.sheets import write_xlsx
from config.urls import THIRD_PARTY, urlpatterns
from congress.models import Plan
from congress.services import deviations, guidance, helping, plans, preparing
from documents.papers.progress_report import ProgressReport
from documents.services import drafts, minutes
from documents.services.reports import keep_report
from elections.rehearsal import services as rehearsals
from elections.services import counting, single_papers
from organizations.models import ImportBatch, MemberStanding
from organizations.services import Ground, deactivate_account, give_post, imports, make_link, rename, set_standing
from tests import assemblies, factories, results, slates
from tests.browser import floors
from tests.browser.conftest import PHONE
from tests.browser.test_accounts import PAGES as ACCOUNT_PAGES
from tests.elections.results import test_lost_ground as lost_ground
from tests.factories import World, congress_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_PAGES = {"documents:file", "documents:paper", "documents:paper_row", "components"}
NOT_PAGES |= {"elections:count_standing", "elections:sealed_text", "elections:signed_picture"}
NOT_PAGES |= ACCOUNT_PAGES | {"congress:feed", "documents:report_file", "organizations:import_progress"}
NOT_PAGES |= {f"organizations:{name}" for name in ("export_roll", "export_accounts", "import_refused")}
"""Files, a fragment, and pages that have a test of their own."""

VISITS: dict[str, dict[str, tuple[str, ...]]] = {
    "preparing": {
        "": ("account_login",),
        "admin": (
            *("home", "organizations:tree", "organizations:detail", "organizations:found", "organizations:close"),
            *("organizations:record_split", "organizations:enroll", "organizations:member"),
            *("organizations:update_member", "organizations:set_standing", "organizations:end_standing"),
            *("organizations:open_account", "organizations:grant_role", "organizations:assignment"),
            *("organizations:revoke_role", "organizations:reset_password", "organizations:deactivate"),
            *("organizations:reactivate", "audit", "search"),
            *("account_change_password", "account_logout", "account_reauthenticate"),
        ),
        "staff": (
            *("home", "congress:plans", "congress:plan", "congress:draft_plan", "congress:edit_plan"),
            *("congress:amend_plan", "congress:add_subcommittee", "congress:guidance_list"),
            *("congress:record_guidance", "congress:guidance", "congress:progress", "congress:list"),
        ),
        "approver": ("congress:issue_plan",),
        "secretary": (
            *("home", "congress:detail", "congress:details", "congress:roll", "congress:clearance", "congress:submit"),
            *("documents:list", "documents:create", "documents:edit", "documents:upload", "elections:overview"),
        ),
    },
    "planned": {
        "secretary": (
            *("congress:timeline", "congress:milestone_day", "congress:milestone_done", "congress:ask_deviation"),
            "congress:deviation",
        ),
        "staff": (
            *("congress:plan_stations", "congress:calendar", "congress:committee_gantt", "congress:holidays"),
            "congress:timeline",
        ),
        "approver": ("congress:answer_deviation",),
        "admin": ("congress:keep_holiday",),
    },
    "superior": {
        "": ("congress:hung_wall",),
        "staff": (
            *("congress:wall", "congress:following", "congress:representatives", "congress:subcommittee"),
            *("congress:pilot_review", "congress:add_lesson", "congress:send_lessons", "congress:reminders"),
            "congress:mail_choice",
            "documents:particulars",
            *("documents:reports", "documents:report_draft", "documents:report", "organizations:give_post"),
            *("organizations:transfer", "organizations:upload_tree", "organizations:choose_act", "organizations:act"),
            *("organizations:acts", "organizations:split", "organizations:merge", "organizations:consolidate"),
            *("organizations:rename", "organizations:move", "organizations:convert", "organizations:ordinal"),
        ),
        "secretary": ("organizations:upload_roll", "organizations:import", "organizations:history"),
    },
    "submitted": {
        "drafter": ("documents:all", "documents:detail"),
        "staff": ("home", "documents:detail", "documents:request_changes", "documents:version"),
        "approver": ("congress:clearance", "congress:clear", "congress:return", "documents:approve"),
    },
    "cleared": {
        "approver": ("congress:revoke", "documents:reopen"),
        "clerk": ("congress:roll", "congress:open", "congress:excuse"),
        "teller": ("elections:rehearsals", "elections:rehearsal"),
    },
    "sitting": {
        "clerk": ("home", "congress:sitting", "congress:close", "elections:all", "elections:overview"),
        "secretary": ("congress:roll", "elections:round"),
        "member_user": (
            *("elections:situations", "elections:situation", "elections:congress_situations"),
            *("elections:congress_situation", "elections:round_situation"),
        ),
    },
    "delegates": {
        "secretary": (
            *("congress:roll", "congress:details", "congress:delegates", "congress:replace_delegate"),
            *("congress:meter", "elections:overview"),
        ),
    },
    "committee_elected": {"secretary": ("congress:call_meeting",)},
    "prepared": {"secretary": ("elections:round", "elections:plan_leader")},
    "conflicts": {
        "secretary": (
            *("elections:round", "elections:seats", "elections:support", "elections:strike"),
            "elections:withdrawals",
        ),
    },
    "opinions": {"secretary": ("elections:round", "elections:opinions", "elections:print_opinions")},
    "lost_ground": {"secretary": ("elections:round", "elections:vote_anew")},
    "tied_opinions": {"secretary": ("elections:round", "elections:joining")},
    "no_leader": {"secretary": ("elections:round", "elections:superior_opinion")},
    "slate_fixed": {
        "secretary": ("elections:ballots", "elections:reopen_slate"),
        "teller": ("home", "elections:round", "elections:count", "elections:ledger"),
    },
    "ledger_closed": {
        "teller": ("elections:ledger", "elections:start_count"),
        "head_teller": ("elections:void_ledger",),
    },
    "counting": {"teller": ("home", "elections:count", "elections:entry")},
    "papers": {"teller": ("elections:papers",)},
    "doubts": {"head_teller": ("elections:count", "elections:rulings")},
    "counted": {"head_teller": ("elections:proposal", "elections:reject_count", "elections:seal")},
    "with_warning": {"teller": ("elections:proposal", "elections:explain_warnings")},
    "recount_waits": {"head_teller": ("elections:recounted", "elections:seal")},
    "recounted": {
        "member_user": ("elections:proposal", "elections:wall", "elections:editions", "elections:signed_sheets"),
        "clerk": ("elections:upload_signed_sheet", "elections:read_signed_sheet"),
        "head_teller": ("elections:recount",),
    },
    "short": {"secretary": ("elections:proposal", "elections:next_round", "elections:conclude", "congress:sitting")},
    "closed": {"secretary": ("documents:papers", "elections:ratification", "elections:report", "congress:sitting")},
    "reported": {
        "approver": (
            *("home", "elections:ratifications", "elections:ratification", "elections:ratify"),
            *("elections:return_results", "elections:refuse_results", "elections:complaints"),
        ),
    },
    "complete": {
        "member_user": ("home", "congress:detail", "congress:dossier", "documents:papers", "elections:ratification"),
        "staff": ("congress:progress", "audit"),
    },
}
MAIN_PAGES = {
    "cleared": {"teller": ("elections:rehearsal",)},
    "conflicts": {"secretary": ("elections:round", "elections:withdrawals")},
    "preparing": {"secretary": ("home", "congress:detail"), "staff": ("congress:progress",)},
    "sitting": {"clerk": ("congress:sitting", "congress:roll")},
    "counting": {"teller": ("elections:count", "elections:entry")},
    "papers": {"teller": ("elections:papers",)},
    "short": {"secretary": ("elections:proposal",)},
    "recounted": {"member_user": ("elections:proposal", "elections:wall", "elections:editions")},
    "reported": {"approver": ("elections:ratification",)},
}
"""Pages seen in the largest text with high contrast, too."""

FOREIGN = re.compile(r"\b(Submit|Save|Delete|Error|Cancel|Search|None|True|False|undefined|NaN|Select|Choose)\b")
SPOKEN = """
() => document.body.innerText + " " + [...document.querySelectorAll("[aria-label], [title], [placeholder]")]
  .flatMap((node) => ["aria-label", "title", "placeholder"].map((name) => node.getAttribute(name) ?? "")).join(" ")
"""


def pages() -> Iterator[Address]:
    for address in addresses(urlpatterns, THIRD_PARTY):
        if address.access is not None and address.access.allows_method("GET") and address.name not in NOT_PAGES:
            yield address


def test_every_page_is_visited():
    visited = {name for roles in VISITS.values() for names in roles.values() for name in names}

    assert {address.name for address in pages()} == visited


@pytest.mark.parametrize("stage", VISITS)
def test_pages_hold_the_floors(stage: str, open_page: Callable[..., Page]):
    world = world_at(stage)
    objects = Objects(world)
    found: list[str] = []

    for role, names in VISITS[stage].items():
        for name in names:
            url = objects.url(name)
            page = open_page(objects.person(role))
            found += [f"{role} {name} {url}: {complaint}" for complaint in complaints_of(page, url)]
            page.context.close()

    assert not found, "\n".join(found)


@pytest.mark.parametrize("stage", MAIN_PAGES)
def test_main_pages_hold_in_the_largest_text_and_high_contrast(stage: str, open_page: Callable[..., Page]):
    world = world_at(stage)
    objects = Objects(world)
    User.objects.update(text_size=TextSize.LARGEST, high_contrast=True)
    found: list[str] = []

    for role, names in MAIN_PAGES[stage].items():
        for name in names:
            page = open_page(objects.person(role))
            page.goto(objects.url(name))
            complaints = [*floors.axe_complaints(page), *narrow_complaints(page)]
            found += [f"{role} {name}: {complaint}" for complaint in complaints]
            page.context.close()

    assert not found, "\n".join(found)


@pytest.fixture
def open_page(page_as: Callable[..., Page], open_browser: Callable[..., Any]) -> Callable[[User | None], Page]:
    """A page in a fresh profile, so that each first load is a first load."""
    return lambda user: page_as(user, has_touch=True) if user else open_browser(has_touch=True).new_page()


def complaints_of(page: Page, url: str) -> list[str]:
    load = floors.first_load(page, url)
    if load.page == 0:
        return [f"did not open: {page.title()}"]
    return [
        *load_complaints(load),
        *word_complaints(page),
        *floors.axe_complaints(page),
        *narrow_complaints(page),
    ]


def load_complaints(load: floors.Load) -> Iterator[str]:
    budget = {"without_fonts": 150, "scripts": 60, "fonts": 60}
    for kind, most in budget.items():
        if getattr(load, kind) > most * floors.KILOBYTE:
            yield f"{kind}: {getattr(load, kind) // floors.KILOBYTE} KB of {most}"


def word_complaints(page: Page) -> Iterator[str]:
    if page.locator("html").get_attribute("lang") != "vi":
        yield "the language is not said"
    if not page.title().endswith("– Đại hội chi bộ"):
        yield f"the title is “{page.title()}”"
    if page.locator("h1").count() != 1:
        yield f"headings of the page: {page.locator('h1').all_inner_texts()}"
    for word in sorted(set(FOREIGN.findall(page.evaluate(SPOKEN)))):
        yield f"says “{word}”"


def narrow_complaints(page: Page) -> list[str]:
    """Fingers on a phone, then the smallest width."""
    page.set_viewport_size(PHONE)
    targets = floors.target_complaints(page)
    page.set_viewport_size({"width": 320, "height": 640})
    return [*targets, *floors.reflow_complaints(page)]


# ---- where the pages are ----


SLATES: dict[str, Callable[[], World | assemblies.Visited]] = {
    "prepared": slates.prepared,
    "conflicts": slates.with_conflicts,
    "opinions": lambda: after(slates.opinions_entered),
    "tied_opinions": lambda: after(slates.opinions_tied),
    "no_leader": slates.leader_not_elected,
    "with_warning": results.with_warning,
    "recount_waits": results.recount_waits,
    "recounted": results.recounted,
    "lost_ground": lost_ground.recounted,
    "delegates": lambda: assemblies.Visited.of(*assemblies.delegate_congress()[:2]),
    "committee_elected": lambda: assemblies.Visited.of(*assemblies.with_committee_elected()),
}


def ledger_closed() -> World:
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    return world


def papers_read() -> World:
    """Counted paper by paper; nothing is read yet."""
    world = ledger_closed()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    return world


def papers_in_doubt() -> World:
    """Both read alike; one paper waits for the board."""
    world = papers_read()
    kept = [str(one.pk) for one in world.slate()[:3]]
    for person in world.typists:
        act: dict[str, Any] = {"actor": person, "at": world.when(0, 15)}
        for slip in range(1, 13):
            reading = {"kept": kept, "flaws": ["unclear"] if slip == 4 else []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, **act)
        single_papers.submit_papers(world.count.pk, **act)
    return world


def planned() -> World:
    """The day of the congress is set, and another one is asked for."""
    world = congress_at("preparing", branches=2)
    world.fill_details()
    deviations.ask(
        world.congress_id,
        rule="window:held",
        wanted_on=world.when(30).date(),
        letter="Kính gửi Đảng ủy. Chi bộ đề nghị lùi ngày đại hội sang (ngày đề nghị).",
        actor=world.secretary,
        at=world.when(-20),
    )
    return world


def superior() -> World:
    """A pilot that has met and whose lessons are drawn, a report, a post, a roll that was read, a body renamed."""
    world = congress_at("complete", branches=2)
    level, by = world.committee, {"actor": world.staff, "at": world.when(5)}
    preparing.choose_pilot(world.congress_id, level_id=level.pk, **by)
    review = guidance.review_pilot(world.congress_id, held_on=world.when(3).date(), participants="", **by)
    guidance.add_lesson(
        review.pk,
        area="election",
        strengths="",
        limits="Kiểm phiếu chậm",
        action="Tập kiểm phiếu trước",
        applies_to_all=True,
        owner="",
        due_on=None,
        **by,
    )
    give_post(
        world.members[0].pk, level.pk, "member", starts_on=world.when(-90).date(), decision="12-QĐ/ĐU",
        actor=world.tree.admin, at=world.when(-80),
    )  # fmt: skip
    content = write_xlsx("Danh sách", ["Họ và tên", "Chi bộ"], [["Lê Văn Mới", world.branch.name], ["Lê", ""]])
    kind, place = ImportBatch.Kind.ROLL, world.branch.pk
    with transaction.atomic():
        batch, _ = imports.upload(place, kind, name="ds.xlsx", content=content, actor=world.secretary, at=world.when(5))
    imports.read_batch({"batch_id": batch.pk}, imports.job_of(batch))
    return world


COUNTS = {
    "superior": superior,
    "planned": planned,
    "ledger_closed": ledger_closed,
    "papers": papers_read,
    "doubts": papers_in_doubt,
}


def after(act: Callable[[World], object]) -> World:
    """A congress that elects a chi ủy, once ``act`` was done there."""
    world = slates.committee()
    act(world)
    return world


def world_at(stage: str) -> World:
    if stage == "short":
        world = congress_at("counting", members=10, committee_seats=3)
        world.enter(world.figures(votes=[9, 8, 4, 3]))
        world.sealed()
        return world
    if stage in SLATES:
        return SLATES[stage]()
    if stage in COUNTS:
        return COUNTS[stage]()
    world = congress_at(stage, branches=2)
    if stage == "closed":
        minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))
    return world


class Objects:
    """What the gaps of addresses stand for in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.admin = world.tree.admin

    def person(self, role: str) -> User | None:
        return {"": None, "admin": self.admin}.get(role) or getattr(self.world, role, None)

    def url(self, name: str) -> str:
        pattern = next(address.pattern for address in pages() if address.name == name)
        gaps = [piece.partition(">")[0].partition(":")[2] for piece in pattern.split("<")[1:]]
        kwargs = {gap: self._value(gap, name) for gap in gaps}
        extra = {"search": "?q=chi+bo", "congress:calendar": "?thang=2022-06"}.get(name, "")
        return reverse(name, kwargs=kwargs) + extra

    def _value(self, gap: str, name: str) -> int | str:
        if gap == "organization_id":
            at_committee = name in (
                "congress:draft_plan",
                "congress:committee_gantt",
                "congress:record_guidance",
                "congress:following",
                "congress:representatives",
                "documents:report_draft",
                "organizations:found",
                "organizations:give_post",
                "organizations:upload_tree",
            )
            return (self.world.committee if at_committee else self.world.branch).pk
        if gap == "plan_id":
            drafted = ("congress:edit_plan", "congress:issue_plan", "congress:plan_stations")
            return self._draft_plan() if name in drafted else self.world.plan.pk
        if name == "congress:answer_deviation" or gap == "deviation_id":
            return self.world.congress.deviations.get().pk
        if gap == "milestone_id":
            return self.world.congress.milestones.get(key="held" if name.endswith("day") else "comments").pk
        if name in ("elections:vote_anew", "elections:plan_leader"):
            return self.world.elections[1 if name.endswith("anew") else -1].pk
        finder: Callable[[], int | str] = getattr(self, gap.removesuffix("_id"))
        return finder() if gap != "assignment_id" else self.assignment(inactive=name.endswith("reactivate"))

    def _draft_plan(self) -> int:
        known = Plan.objects.filter(organization=self.world.committee, state="draft").first()
        if known is None:
            known = plans.draft_plan(
                self.world.committee.pk,
                subject="về tổ chức đại hội nhiệm kỳ sau",
                term_label="2025-2027",
                actor=self.world.staff,
                at=self.world.when(-30),
            )
        return known.pk

    def congress(self) -> int:
        return self.world.congress_id

    def document(self) -> int:
        if not self.world.documents:
            begun = drafts.create_document(
                self.world.congress_id, kind="political_report", actor=self.world.drafter, at=self.world.when(-25)
            )
            self.world.documents.append(begun)
        return self.world.documents[0].pk

    def version(self) -> int:
        return self.world.documents[0].versions.get().pk

    def guidance(self) -> int:
        return guidance.send_guidance(
            self.world.committee.pk,
            notation="684-CV/ĐUK",
            issued_on=self.world.plan.issued_on,
            subject="Rút kinh nghiệm đại hội điểm",
            term_label="2022-2025",
            body="Các chi bộ chốt số lượng, danh sách trước khi bầu.",
            actor=self.world.staff,
            at=self.world.when(-30),
        ).pk

    def subcommittee(self) -> int:
        return helping.set_up_subcommittee(
            self.world.plan.pk, name="Tiểu ban Văn kiện", duties="", actor=self.world.staff, at=self.world.when(-30)
        ).pk

    def report(self) -> int:
        paper, place = ProgressReport.from_dict(ProgressReport.example()), self.world.committee
        with transaction.atomic():
            return keep_report(paper, place, run="floors", number=1, actor=self.world.staff, at=self.world.when(5)).pk

    def act(self) -> int:
        day = self.world.when(-30).date()
        return rename(
            self.world.branch.pk,
            name="Chi bộ Một",
            symbol="CBM",
            committee_name="",
            ground=Ground("10-QĐ/ĐU", day, day, self.world.committee.pk),
            actor=self.admin,
            at=self.world.when(-20),
        ).pk

    def secret(self) -> str:
        return make_link("wall", self.world.committee.pk, "Phòng họp", actor=self.world.staff, at=self.world.when(5))[1]

    def batch(self) -> int:
        return ImportBatch.objects.get().pk

    def member(self) -> int:
        return self.world.members[0].pk

    def standing(self) -> int:
        return set_standing(
            self.world.members[1].pk,
            kind=MemberStanding.Kind.values[0],
            starts_on=factories.START.date(),
            ground="Nghị quyết chi bộ",
            accepted_by="Chi bộ",
            actor=self.admin,
            at=self.world.when(-30),
        ).pk

    def assignment(self, *, inactive: bool) -> int:
        held = self.world.drafter.assignments.get()
        if inactive:
            deactivate_account(held.pk, actor=self.admin, at=self.world.when(-30))
        return held.pk

    def attendance(self) -> int:
        rows = self.world.congress.attendances.order_by("mandate", "pk")  # an alternate first
        return rows.first().pk

    def round(self) -> int:
        current = next((one for one in self.world.elections if not one.is_concluded), self.world.elections[0])
        return current.rounds.order_by("-number").first().pk

    def count(self) -> int:
        return self.world.count.pk

    def candidate(self) -> int:
        return self.world.round.candidates.exclude(source="committee").first().pk

    def edition(self) -> int:
        return 2

    def number(self) -> int:
        return 1

    def slug(self) -> str:
        return "hai-dong-chi-bang-phieu"

    def rehearsal(self) -> int:
        """One at the tally sheet, the longest of its pages."""
        played = rehearsals.start(
            self.world.congress_id, office="secretary", actor=self.world.teller, at=self.world.when(-3), seed=3
        )
        given: dict[str, Any] = {"actor": self.world.teller, "at": self.world.when(-3)}
        played = rehearsals.hand_out(
            played.pk, mark=rehearsals.mark_of(played), figures=rehearsals.ledger_of(played), **given
        )
        played = rehearsals.open_box(played.pk, mark=rehearsals.mark_of(played), returned=5, **given)
        mark = rehearsals.mark_of(played)
        return rehearsals.rule(played.pk, mark=mark, verdict="valid", reason="Nét bút không chạm họ tên.", **given).pk

    def election(self) -> int:
        return next((one for one in self.world.elections if not one.is_concluded), self.world.elections[0]).pk


def test_looking_at_pages_leaves_no_trace(open_page: Callable[..., Page]):
    world = world_at("complete")
    before = AuditEvent.objects.count()

    for role, names in VISITS["complete"].items():
        for name in names:
            open_page(Objects(world).person(role)).goto(Objects(world).url(name))

    assert AuditEvent.objects.count() == before
