"""Two people at once: one of them wins, the other is told so, and what is kept equals some order of the two.

Every race has its control: without locks, or without what else holds it, the same invariant breaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import sleep

import pytest
from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.roles import Role
from congress.models import ClearanceRequest, Congress, Plan
from congress.services import plans, preparing
from documents.models import Document, DocumentVersion, IssuedPaper, NumberCounter, ReviewRound
from documents.services import drafts, papers
from elections.models import Complaint, Ratification
from elections.services import complaints, ratifying
from organizations import queries as organization_queries
from organizations import services as organization_services
from organizations.models import Organization, RoleAssignment
from tests.factories import START, World, congress_at, give_role, make_tree, make_user
from tests.races.conftest import (
    PAUSE_SECONDS,
    Act,
    Outcome,
    Race,
    break_without_it,
    hold_always,
    lost_clearly,
    one_won,
    won,
)

pytestmark = pytest.mark.postgresql
LATER = START + timedelta(days=30)


def fresh(user: User) -> User:
    """The same person without anything loaded before: every thread loads its own."""
    return User.objects.get(pk=user.pk)


def act(call: Callable[..., object], pk: int, actor: User, world: World, **more: object) -> Act:
    return partial(call, pk, actor=fresh(actor), at=world.when(12), **more)


# ---- drafts and clearance ----


def first_document(world: World) -> Document:
    return Document.objects.filter(congress_id=world.congress_id).order_by("pk")[0]


def first_withdrawn(world: World) -> None:
    drafts.withdraw(first_document(world).pk, actor=fresh(world.secretary), at=world.when(-18))


def all_approved(world: World) -> None:
    for document in Document.objects.filter(congress_id=world.congress_id, state="in_review"):
        drafts.approve(document.pk, actor=fresh(world.approver), at=world.when(-12))


def dossier_withdrawn(world: World) -> None:
    preparing.withdraw_submission(world.congress_id, actor=fresh(world.secretary), at=world.when(-11))


def approve_and_withdraw(world: World) -> list[Act]:
    pk = first_document(world).pk
    return [act(drafts.approve, pk, world.approver, world), act(drafts.withdraw, pk, world.secretary, world)]


def round_says_what_the_draft_says(world: World, outcomes: list[Outcome]) -> bool:
    document = first_document(world)
    last = ReviewRound.objects.filter(document=document).order_by("-number")[0]
    said = {"approved": "approved", "draft": "withdrawn"}
    return one_won(outcomes) and said.get(document.state) == last.outcome


def two_saves(world: World) -> list[Act]:
    document = first_document(world)
    seen = document.versions.count()
    return [
        act(
            drafts.save_version,
            document.pk,
            actor,
            world,
            seen=seen,
            sections=[{"heading": "I", "text": f"{seen + 1} của {actor.pk}"}],
        )
        for actor in (world.drafter, world.clerk)
    ]


def one_version_more(world: World, outcomes: list[Outcome]) -> bool:
    numbers = DocumentVersion.objects.filter(document=first_document(world)).values_list("number", flat=True)
    return one_won(outcomes) and sorted(numbers) == [1, 2]


def clear_and_withdraw(world: World) -> list[Act]:
    return [
        act(preparing.clear, world.congress_id, world.approver, world),
        act(preparing.withdraw_submission, world.congress_id, world.secretary, world),
    ]


def request_says_what_the_congress_says(world: World, outcomes: list[Outcome]) -> bool:
    last = ClearanceRequest.objects.filter(congress_id=world.congress_id).order_by("-number")[0]
    said = {"cleared": "cleared", "preparing": "withdrawn"}
    return one_won(outcomes) and said.get(world.congress.state) == last.outcome


def two_submits(world: World) -> list[Act]:
    submit = partial(act, preparing.submit_for_clearance, world.congress_id, world.secretary, world)
    return [submit(), submit()]


def one_pending_request(world: World, outcomes: list[Outcome]) -> bool:
    pending = ClearanceRequest.objects.filter(congress_id=world.congress_id, outcome="pending").count()
    return one_won(outcomes) and pending == 1


def ratify_and_return(world: World) -> list[Act]:
    ratify = act(
        ratifying.ratify,
        world.congress_id,
        world.approver,
        world,
        issued_on=world.held_on + timedelta(days=9),
        signer_name="Phạm Văn Duyệt",
        signer_post="Bí thư",
    )
    return [ratify, act(ratifying.return_results, world.congress_id, world.approver, world, reasons="Thiếu chữ ký.")]


def decision_exists_when_ratified(world: World, outcomes: list[Outcome]) -> bool:
    last = Ratification.objects.filter(congress_id=world.congress_id).order_by("-number")[0]
    said = {"ratified": "ratified", "closed": "returned"}
    decisions = IssuedPaper.objects.filter(congress_id=world.congress_id, code="F-18").count()
    ratified = world.congress.state == "ratified"
    return one_won(outcomes) and said.get(world.congress.state) == last.outcome and decisions == int(ratified)


def complain_and_ratify(world: World) -> list[Act]:
    record = act(
        complaints.record_complaint,
        world.congress_id,
        world.approver,
        world,
        received_on=world.held_on + timedelta(days=1),
        about="Đơn (bịa)",
    )
    return [record, ratify_and_return(world)[0]]


def ratified_or_complained(world: World, outcomes: list[Outcome]) -> bool:
    """E-67 — Nothing is ratified beside a complaint that waits for its end."""
    waits = Complaint.objects.filter(congress_id=world.congress_id, settled_on=None).exists()
    return one_won(outcomes) and waits != (world.congress.state == "ratified")


def take_any_request(congress: Congress, outcome: str, *, of: str, actor: User, at: datetime, reasons: str = ""):
    """``preparing._decide`` without its second wall: it would take a request that somebody has decided already."""
    request = congress.clearances.order_by("-number")[0]
    request.outcome, request.reasons, request.decided_by, request.decided_at = outcome, reasons, actor, at
    request.save()


@pytest.fixture
def any_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_decide", take_any_request)


@pytest.fixture
def slow_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who records a complaint takes longer over it than the other to see that there is none."""
    asked = complaints.require_receivable

    def ask_slowly(congress: Congress) -> None:
        asked(congress)
        sleep(5 * PAUSE_SECONDS)

    monkeypatch.setattr(complaints, "require_receivable", ask_slowly)


# ---- plans ----


@dataclass(frozen=True)
class Planning:
    """Plans not yet issued, each with who may issue it."""

    drafts: list[tuple[int, User]]
    branches_below: int

    def issue(self, which: int, number: int) -> Act:
        pk, approver = self.drafts[which]
        return partial(plans.issue_plan, pk, number=number, issued_on=LATER.date(), actor=fresh(approver), at=LATER)


def draft(at: Organization) -> tuple[int, User]:
    staff, approver = make_user(Role.COMMITTEE_STAFF, at), make_user(Role.APPROVER, at)
    plan = plans.draft_plan(at.pk, subject="Đại hội", term_label="2022-2025", actor=staff, at=LATER)
    return plan.pk, approver


def two_drafted() -> Planning:
    committee = make_tree(branches=2).committee
    return Planning([draft(committee), draft(committee)], committee.pk)


def drafted_above_too() -> Planning:
    committee = make_tree(branches=2).committee
    return Planning([draft(committee), draft(committee.parent)], committee.pk)


def one_number_twice(planning: Planning) -> list[Act]:
    return [planning.issue(0, 22), planning.issue(1, 22)]


def one_plan_twice(planning: Planning) -> list[Act]:
    return [planning.issue(0, 1), planning.issue(0, 2)]


def both_plans(planning: Planning) -> list[Act]:
    return [planning.issue(0, 1), planning.issue(1, 2)]


def one_is_issued(planning: Planning, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and Plan.objects.filter(state="issued").count() == 1


def both_open_each_congress_once(planning: Planning, outcomes: list[Outcome]) -> bool:
    return won(outcomes) == 2 and Congress.objects.filter(organization__parent=planning.branches_below).count() == 2


def each_congress_is_opened_once(planning: Planning, outcomes: list[Outcome]) -> bool:
    """The plan of the committee goes first, or is told that it does not carry out the one from above."""
    opened = Congress.objects.filter(organization__parent=planning.branches_below).count()
    return won(outcomes) >= 1 and lost_clearly(outcomes) and opened == 2


# ---- numbers of papers ----

RUN = "run"


def take(*, fails: bool = False) -> int:
    """One number; a caller that fails afterwards gives it back with its transaction."""
    with transaction.atomic():
        number = papers.next_number(RUN)
        if fails:
            raise RuntimeError("the paper was not issued after all")
        return number


def eight_take_numbers(world: object) -> list[Act]:
    return [partial(take, fails=n % 4 == 3) for n in range(8)]


def no_gap_and_nothing_twice(world: object, outcomes: list[Outcome]) -> bool:
    given = sorted(one for one in outcomes if isinstance(one, int))
    return given == [1, 2, 3, 4, 5, 6] and NumberCounter.objects.get(scope=RUN).last == 6


@pytest.fixture
def slow_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = NumberCounter.save

    def save(self: NumberCounter, *args: object, **kwargs: object) -> None:
        sleep(PAUSE_SECONDS)
        saved(self, *args, **kwargs)

    monkeypatch.setattr(NumberCounter, "save", save)


# ---- a role taken back while it is used ----


@dataclass
class Rights:
    """Somebody who grants roles at a branch, and somebody who holds one there and ``acts`` in it."""

    branch: Organization
    staff: User
    person: User
    assignment: RoleAssignment
    newcomer: User
    acts: User | None = None


def a_clerk() -> Rights:
    tree = make_tree()
    staff, person = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user()
    return Rights(tree.branch, staff, person, give_role(person, Role.CLERK, tree.branch), make_user())


def enroll(rights: Rights, name: str) -> Act:
    return partial(organization_services.enroll_member, rights.branch.pk, actor=rights.acts, at=LATER, full_name=name)


def use_and_revoke(rights: Rights) -> list[Act]:
    rights.acts = fresh(rights.person)
    revoke = partial(organization_services.revoke_role, rights.assignment.pk, actor=fresh(rights.staff), at=LATER)
    return [enroll(rights, "Lê Văn Một"), revoke]


def not_even_once_more(rights: Rights, outcomes: list[Outcome]) -> bool:
    """Revoked in any case; the next request of the same person, who is loaded anew by it, is refused."""
    rights.acts = fresh(rights.person)
    try:
        enroll(rights, "Lê Văn Hai")()
    except NotAllowed:
        return lost_clearly(outcomes) and not isinstance(outcomes[1], Exception)
    return False


@pytest.fixture
def revoked_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was revoked still counts among the assignments in force. No lock holds this race: each request asks anew."""
    monkeypatch.setattr(organization_queries, "live", lambda assignments, *, on: assignments.all())


def two_grants(rights: Rights) -> list[Act]:
    grant = partial(organization_services.grant_role, rights.newcomer.pk, Role.CLERK, rights.branch.pk, at=LATER)
    return [partial(grant, actor=fresh(rights.staff)), partial(grant, actor=fresh(rights.staff))]


def one_grant(rights: Rights, outcomes: list[Outcome]) -> bool:
    return one_won(outcomes) and RoleAssignment.objects.filter(user=rights.newcomer).count() == 1


@pytest.fixture
def slow_grant(monkeypatch: pytest.MonkeyPatch) -> None:
    made = RoleAssignment.save

    def save(self: RoleAssignment, *args: object, **kwargs: object) -> None:
        sleep(PAUSE_SECONDS)
        made(self, *args, **kwargs)

    monkeypatch.setattr(RoleAssignment, "save", save)


# ---- the races ----

SCENES = {
    "submitted": (None, partial(congress_at, "submitted")),
    "first withdrawn": ("submitted", first_withdrawn),
    "all approved": ("submitted", all_approved),
    "dossier withdrawn": ("submitted", dossier_withdrawn),
    "reported": (None, partial(congress_at, "reported")),
    "two plans": (None, two_drafted),
    "two levels": (None, drafted_above_too),
    "clerk": (None, a_clerk),
}
WITHOUT_LOCKS = ("without_locks",)
RACES = {
    "approve and withdraw a draft": Race(
        "submitted", approve_and_withdraw, round_says_what_the_draft_says, WITHOUT_LOCKS
    ),
    "two saves of a draft": Race("first withdrawn", two_saves, one_version_more, WITHOUT_LOCKS),
    "clear and withdraw": Race(
        "all approved", clear_and_withdraw, request_says_what_the_congress_says, ("without_locks", "any_request")
    ),
    "submit twice": Race("dossier withdrawn", two_submits, one_pending_request, WITHOUT_LOCKS),
    "ratify and return": Race("reported", ratify_and_return, decision_exists_when_ratified, WITHOUT_LOCKS),
    "complain and ratify": Race(
        "reported", complain_and_ratify, ratified_or_complained, ("without_locks", "slow_complaint")
    ),
    "one number for two plans": Race("two plans", one_number_twice, one_is_issued, WITHOUT_LOCKS),
    "one plan issued twice": Race("two plans", one_plan_twice, one_is_issued, WITHOUT_LOCKS),
    "two plans of one term": Race("two plans", both_plans, both_open_each_congress_once, WITHOUT_LOCKS),
    "a plan and one from above": Race("two levels", both_plans, each_congress_is_opened_once, WITHOUT_LOCKS),
    "a run of numbers": Race("clerk", eight_take_numbers, no_gap_and_nothing_twice, ("without_locks", "slow_counter")),
    "use a role and revoke it": Race("clerk", use_and_revoke, not_even_once_more, ("revoked_counts",)),
    "grant a role twice": Race("clerk", two_grants, one_grant, ("without_locks", "slow_grant")),
}


@pytest.mark.parametrize("name", RACES)
def test_one_wins_and_the_other_is_told(name, scenes, runners, record_property):
    hold_always(RACES[name], scenes, runners, record_property)


@pytest.mark.parametrize("name", RACES)
def test_without_locks_it_breaks(name, scenes, runners, record_property, request):
    """On a busy machine the second may come late by itself: the control asks until the two have met."""
    break_without_it(RACES[name], scenes, runners, record_property, request)
