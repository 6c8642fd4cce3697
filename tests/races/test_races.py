"""Two people at once: one of them wins, the other is told so, and what is kept equals some order of the two.

Every race has its control: without locks the same invariant breaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import sleep

import pytest
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.roles import Role
from congress.models import ClearanceRequest, Congress, Plan
from congress.services import plans, preparing
from documents.models import Document, DocumentVersion, IssuedPaper, NumberCounter, ReviewRound
from documents.services import drafts, minutes, papers
from elections.models import Ratification
from elections.services import ratifying
from organizations import services as organization_services
from organizations.models import RoleAssignment
from organizations.policies import can_manage_roll
from tests.factories import START, World, congress_at, give_role, make_tree, make_user
from tests.races.conftest import PAUSE_SECONDS, REPETITIONS, Outcome, lost_clearly, one_won, together, won

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
Act = Callable[[], object]
LATER = START + timedelta(days=30)


@dataclass(frozen=True)
class Race:
    """How to come to the line (once per repetition), who runs, and what must hold afterwards."""

    line_up: Callable[[World, int], None]
    acts: Callable[[World], list[Act]]
    holds: Callable[[World, list[Outcome]], bool]
    stage: str


def fresh(user: User) -> User:
    """The same person without anything loaded before: every thread loads its own."""
    return User.objects.get(pk=user.pk)


def act(call: Callable[..., object], pk: int, actor: User, world: World, **more: object) -> Act:
    return partial(call, pk, actor=fresh(actor), at=world.when(12), **more)


# ---- drafts and clearance ----


def in_review(world: World, turn: int) -> None:
    document = first_document(world)
    if document.state == "approved":
        drafts.reopen(document.pk, reasons="Sửa.", actor=fresh(world.approver), at=world.when(-18))
    if first_document(world).state != "in_review":
        write(world, turn)
        drafts.submit(document.pk, actor=fresh(world.secretary), at=world.when(-18))


def write(world: World, turn: int) -> None:
    document = first_document(world)
    drafts.save_version(
        document.pk,
        seen=document.versions.count(),
        sections=[{"heading": "I", "text": f"Lần {turn}"}],
        actor=fresh(world.drafter),
        at=world.when(-18),
    )


def first_document(world: World) -> Document:
    return Document.objects.filter(congress_id=world.congress_id).order_by("pk")[0]


def approve_and_withdraw(world: World) -> list[Act]:
    pk = first_document(world).pk
    return [act(drafts.approve, pk, world.approver, world), act(drafts.withdraw, pk, world.secretary, world)]


def round_says_what_the_draft_says(world: World, outcomes: list[Outcome]) -> bool:
    document = first_document(world)
    last = ReviewRound.objects.filter(document=document).order_by("-number")[0]
    said = {"approved": "approved", "draft": "withdrawn"}
    return one_won(outcomes) and said.get(document.state) == last.outcome


def being_drafted(world: World, turn: int) -> None:
    if first_document(world).state == "in_review":
        drafts.withdraw(first_document(world).pk, actor=fresh(world.secretary), at=world.when(-18))


def two_saves(world: World) -> list[Act]:
    document = first_document(world)
    seen = document.versions.count()
    text = f"{seen + 1} của"
    return [
        act(
            drafts.save_version,
            document.pk,
            actor,
            world,
            seen=seen,
            sections=[{"heading": "I", "text": f"{text} {actor.pk}"}],
        )
        for actor in (world.drafter, world.clerk)
    ]


def one_version_more(world: World, outcomes: list[Outcome]) -> bool:
    numbers = DocumentVersion.objects.filter(document=first_document(world)).values_list("number", flat=True)
    return one_won(outcomes) and sorted(numbers) == list(range(1, len(numbers) + 1))


def back_to_submitted(world: World, turn: int) -> None:
    for document in Document.objects.filter(congress_id=world.congress_id, state="in_review"):
        drafts.approve(document.pk, actor=fresh(world.approver), at=world.when(-12))
    if world.congress.state == "cleared":
        preparing.revoke_clearance(
            world.congress_id, reasons="Xem lại.", actor=fresh(world.approver), at=world.when(-11)
        )
    if world.congress.state == "preparing":
        preparing.submit_for_clearance(world.congress_id, actor=fresh(world.secretary), at=world.when(-11))


def clear_and_withdraw(world: World) -> list[Act]:
    return [
        act(preparing.clear, world.congress_id, world.approver, world),
        act(preparing.withdraw_submission, world.congress_id, world.secretary, world),
    ]


def request_says_what_the_congress_says(world: World, outcomes: list[Outcome]) -> bool:
    last = ClearanceRequest.objects.filter(congress_id=world.congress_id).order_by("-number")[0]
    said = {"cleared": "cleared", "preparing": "withdrawn"}
    return one_won(outcomes) and said.get(world.congress.state) == last.outcome


def back_to_preparing(world: World, turn: int) -> None:
    if world.congress.state == "submitted":
        preparing.withdraw_submission(world.congress_id, actor=fresh(world.secretary), at=world.when(-11))


def two_submits(world: World) -> list[Act]:
    submit = partial(act, preparing.submit_for_clearance, world.congress_id, world.secretary, world)
    return [submit(), submit()]


def one_pending_request(world: World, outcomes: list[Outcome]) -> bool:
    pending = ClearanceRequest.objects.filter(congress_id=world.congress_id, outcome="pending").count()
    return one_won(outcomes) and pending == 1


# ---- ratification ----


def reported(world: World, turn: int) -> None:
    if world.congress.state == "closed":
        minutes.issue_congress_minutes(world.congress_id, actor=fresh(world.secretary), at=world.when(3))
        ratifying.report_results(world.congress_id, actor=fresh(world.secretary), at=world.when(3))


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


RACES = {
    "approve and withdraw a draft": Race(in_review, approve_and_withdraw, round_says_what_the_draft_says, "submitted"),
    "two saves of a draft": Race(being_drafted, two_saves, one_version_more, "submitted"),
    "clear and withdraw": Race(back_to_submitted, clear_and_withdraw, request_says_what_the_congress_says, "submitted"),
    "submit twice": Race(back_to_preparing, two_submits, one_pending_request, "submitted"),
    "ratify and return": Race(reported, ratify_and_return, decision_exists_when_ratified, "reported"),
}
FINAL = {"ratified"}
"""States from which no repetition goes on: a new world is made."""


def is_over(world: World) -> bool:
    return world.congress.state in FINAL


def repeated(race: Race, times: int) -> int:
    """In how many of so many runs the invariant broke."""
    broken, world = 0, congress_at(race.stage)
    for turn in range(times):
        if is_over(world):
            world = congress_at(race.stage)
        race.line_up(world, turn)
        outcomes = together(*race.acts(world))
        broken += not race.holds(world, outcomes)
    return broken


@pytest.mark.parametrize("name", RACES)
def test_one_wins_and_the_other_is_told(name):
    assert repeated(RACES[name], REPETITIONS) == 0
    assert audit.verify_chain() == []


def take_any_request(congress: Congress, outcome: str, *, of: str, actor: User, at: datetime, reasons: str = ""):
    """``preparing._decide`` without its second wall: it would take a request that somebody has decided already."""
    request = congress.clearances.order_by("-number")[0]
    request.outcome, request.reasons, request.decided_by, request.decided_at = outcome, reasons, actor, at
    request.save()


@pytest.mark.parametrize("name", RACES)
def test_without_locks_it_breaks(name, without_locks, monkeypatch):
    monkeypatch.setattr(preparing, "_decide", take_any_request)
    race = RACES[name]
    world = congress_at(race.stage)
    race.line_up(world, 0)

    outcomes = together(*race.acts(world))

    assert not race.holds(world, outcomes)


# ---- plans ----


def drafted_plans(count: int, *, terms: tuple[str, ...]) -> tuple[list[Plan], User]:
    tree = make_tree(branches=2)
    staff, approver = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user(Role.APPROVER, tree.committee)
    return [
        plans.draft_plan(tree.committee.pk, subject="Đại hội", term_label=terms[n % len(terms)], actor=staff, at=LATER)
        for n in range(count)
    ], approver


def issue(plan: Plan, approver: User, number: int) -> Act:
    return partial(plans.issue_plan, plan.pk, number=number, issued_on=LATER.date(), actor=fresh(approver), at=LATER)


def test_a_number_is_given_to_one_plan():
    for _ in range(REPETITIONS):
        found, approver = drafted_plans(2, terms=("2022-2025",))

        outcomes = together(*(issue(plan, approver, 22) for plan in found))

        assert one_won(outcomes), outcomes
        assert Plan.objects.filter(pk__in=[plan.pk for plan in found], number=22, state="issued").count() == 1


def test_a_plan_is_issued_once():
    for _ in range(REPETITIONS):
        (plan,), approver = drafted_plans(1, terms=("2022-2025",))

        outcomes = together(issue(plan, approver, 1), issue(plan, approver, 2))

        assert one_won(outcomes), outcomes


def test_two_plans_of_one_term_open_every_congress_once():
    for _ in range(REPETITIONS):
        found, approver = drafted_plans(2, terms=("2022-2025",))

        outcomes = together(issue(found[0], approver, 1), issue(found[1], approver, 2))

        assert won(outcomes) == 2, outcomes
        assert Congress.objects.filter(plan__in=found).count() == 2


def test_a_committee_and_the_one_above_it_open_every_congress_once():
    for _ in range(REPETITIONS):
        (lower,), approver = drafted_plans(1, terms=("2022-2025",))
        bloc = lower.organization.parent
        staff, above = make_user(Role.COMMITTEE_STAFF, bloc), make_user(Role.APPROVER, bloc)
        higher = plans.draft_plan(bloc.pk, subject="Chung", term_label="2022-2025", actor=staff, at=LATER)

        outcomes = together(issue(lower, approver, 1), issue(higher, above, 1))

        assert won(outcomes) == 2, outcomes
        assert Congress.objects.filter(organization__parent=lower.organization).count() == 2


def test_without_locks_one_number_is_fought_over(without_locks):
    """On a busy machine the second may come late by itself: the control asks until the two have met."""

    def collide() -> bool:
        found, approver = drafted_plans(2, terms=("2022-2025",))
        return not one_won(together(*(issue(plan, approver, 22) for plan in found)))

    assert any(collide() for _ in range(10))


# ---- numbers of papers ----


def take(run: str, *, fails: bool = False) -> int:
    """One number; a caller that fails afterwards gives it back with its transaction."""
    with transaction.atomic():
        number = papers.next_number(run)
        if fails:
            raise RuntimeError("the paper was not issued after all")
        return number


def test_a_run_of_numbers_has_no_gap_and_nothing_twice():
    for turn in range(REPETITIONS):
        run = f"run:{turn}"
        outcomes = together(*(partial(take, run, fails=n % 4 == 3) for n in range(8)))

        assert sorted(one for one in outcomes if isinstance(one, int)) == [1, 2, 3, 4, 5, 6]
        assert NumberCounter.objects.get(scope=run).last == 6


def test_without_locks_a_number_is_given_twice(without_locks, monkeypatch):
    saved = NumberCounter.save

    def save(self: NumberCounter, *args: object, **kwargs: object) -> None:
        sleep(PAUSE_SECONDS)
        saved(self, *args, **kwargs)

    monkeypatch.setattr(NumberCounter, "save", save)
    NumberCounter.objects.create(scope="run")

    outcomes = together(*(partial(take, "run") for _ in range(4)))

    assert sorted(outcomes) != [1, 2, 3, 4]


# ---- a role taken back while it is used ----


def test_whoever_lost_the_role_may_not_even_once_more():
    tree = make_tree()
    staff, person = make_user(Role.COMMITTEE_STAFF, tree.committee), make_user()
    for turn in range(REPETITIONS):
        assignment = give_role(person, Role.CLERK, tree.branch)
        enroll = partial(
            organization_services.enroll_member,
            tree.branch.pk,
            actor=fresh(person),
            at=LATER,
            full_name=f"Lê Văn {turn}",
        )
        revoke = partial(
            organization_services.revoke_role, assignment.pk, actor=fresh(staff), at=LATER + timedelta(turn)
        )

        outcomes = together(enroll, revoke)

        assert lost_clearly(outcomes)
        assert not isinstance(outcomes[1], Exception)
        assert not can_manage_roll(fresh(person), tree.branch)
    assert audit.verify_chain() == []


def test_a_role_is_granted_once():
    tree = make_tree()
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    for _ in range(REPETITIONS):
        person = make_user()
        grant = partial(
            organization_services.grant_role,
            person.pk,
            Role.CLERK,
            tree.branch.pk,
            at=LATER,
        )

        outcomes = together(partial(grant, actor=fresh(staff)), partial(grant, actor=fresh(staff)))

        assert one_won(outcomes), outcomes
        assert RoleAssignment.objects.filter(user=person).count() == 1
