"""Who enters does not confirm, who submits does not decide, nobody hands rights to himself or beyond his own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services as account_services
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress.models import ClearanceRequest, Congress
from documents.models import Document, ReviewRound
from elections.models import CountSeat, Ratification, SealedResult, SignedSheet, TallySheet
from elections.services.proposing import case_of, propose
from organizations import policies, services
from organizations.models import Member, RoleAssignment
from tests.factories import PASSWORD, Tree, World, congress_at, give_role, make_member, make_tree, make_user

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def refusals() -> int:
    return AuditEvent.objects.filter(outcome="refused").count()


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def secretary(tree: Tree) -> User:
    return make_user(Role.SECRETARY, tree.branch, full_name="Trịnh Văn Bí Thư")


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee, full_name="Cao Thị Chuyên Viên")


# ---- the database itself ----


def clears_alone(world: World) -> None:
    ClearanceRequest.objects.filter(congress_id=world.congress_id).update(
        outcome="cleared", decided_by=F("submitted_by"), decided_at=world.when()
    )


def approves_alone(world: World) -> None:
    ReviewRound.objects.filter(document__congress_id=world.congress_id).update(
        outcome="approved", closed_by=F("opened_by"), closed_at=world.when()
    )


def confirms_alone(world: World) -> None:
    sheet = TallySheet.objects.get(round=world.round)
    SealedResult.objects.create(
        round=world.round,
        sheet=sheet,
        content="{}",
        sha256="0" * 64,
        entered_by=sheet.entered_by,
        second_by=sheet.second_by,
        confirmed_by=sheet.entered_by,
        sealed_at=world.when(),
    )


def types_both_entries(world: World) -> None:
    """Two people have typed alike, and the sheet names one of them twice."""
    ballot, figures = world.round, world.figures()
    for slot, person in enumerate(world.typists, start=1):
        seat = world.count.seats.create(team=1, slot=slot, teller=person, taken_at=world.when())
        seat.entries.create(revision=1, figures=figures, submitted_at=world.when())
    ballots = {name: figures[name] for name in ("returned", "valid", "invalid")}
    counted = {"ballots": {"issued": world.present(), **ballots}, "votes": figures["votes"]}
    ballot.sheets.create(
        number=1,
        count=world.count,
        entered_by=world.teller,
        second_by=world.teller,
        entered_at=world.when(),
        case=case_of(ballot, world.congress, counted),
        result=propose(ballot, world.congress, counted),
    )


def sits_on_both_seats(world: World) -> None:
    for slot in (1, 2):
        world.count.seats.create(team=1, slot=slot, teller=world.teller, taken_at=world.when())


def reads_his_own_picture(world: World) -> None:
    seal = SealedResult.objects.get(round__election__congress_id=world.congress_id)
    picture = seal.signed_sheets.create(
        number=1, file="x.jpg", sha256="0" * 64, uploaded_by=world.clerk, uploaded_at=world.when()
    )
    SignedSheet.objects.filter(pk=picture.pk).update(
        retyped={}, matches=True, checked_by=world.clerk, checked_at=world.when()
    )


def ratifies_alone(world: World) -> None:
    Ratification.objects.filter(congress_id=world.congress_id).update(
        outcome="returned", reasons="Thiếu biên bản.", decided_by=F("submitted_by"), decided_at=world.when()
    )


def grants_to_himself(world: World) -> None:
    RoleAssignment.objects.filter(user=world.clerk).update(granted_by=F("user"))


SEPARATIONS = [
    pytest.param(
        ClearanceRequest, "who_submits_does_not_clear", "submitted", clears_alone, id="clears what he submitted"
    ),
    pytest.param(ReviewRound, "who_submits_does_not_approve", "submitted", approves_alone, id="approves his own draft"),
    pytest.param(SealedResult, "who_enters_does_not_confirm", "counted", confirms_alone, id="confirms what he typed"),
    pytest.param(
        TallySheet, "a_count_is_entered_by_two_people", "counting", types_both_entries, id="types both entries"
    ),
    pytest.param(
        SignedSheet, "who_uploads_does_not_check", "sealed", reads_his_own_picture, id="reads his own picture"
    ),
    pytest.param(
        Ratification, "who_submits_does_not_ratify", "reported", ratifies_alone, id="ratifies what he submitted"
    ),
    pytest.param(RoleAssignment, "nobody_grants_to_himself", "preparing", grants_to_himself, id="grants to himself"),
]


def test_the_database_lets_nobody_sit_on_both_seats_of_a_count():
    world = congress_at("counting")

    with pytest.raises(IntegrityError, match="teller"), transaction.atomic():
        sits_on_both_seats(world)


@pytest.mark.postgresql
def test_without_its_constraint_somebody_would_sit_on_both():
    world = congress_at("counting")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elections_countseat DROP CONSTRAINT one_seat_per_teller_and_count")

    sits_on_both_seats(world)

    assert CountSeat.objects.filter(teller=world.teller).count() == 2


@pytest.mark.parametrize(("model", "constraint", "stage", "act"), SEPARATIONS)
def test_the_database_refuses_one_person_in_both_parts(model, constraint, stage, act):
    world = congress_at(stage)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act(world)


@pytest.mark.postgresql
@pytest.mark.parametrize(("model", "constraint", "stage", "act"), SEPARATIONS)
def test_without_its_constraint_the_database_would_take_it(
    model: type[Model], constraint: str, stage: str, act: Callable[[World], None]
):
    world = congress_at(stage)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {constraint}")

    act(world)


# ---- rights end at the very next request ----


def ended_by_revoking(assignment: RoleAssignment, staff: User) -> None:
    services.revoke_role(assignment.pk, actor=staff, at=timezone.now())


def ended_by_its_last_day(assignment: RoleAssignment, staff: User) -> None:
    RoleAssignment.objects.filter(pk=assignment.pk).update(ends_on=timezone.localdate() - timedelta(days=1))


def ended_by_closing_the_account(assignment: RoleAssignment, staff: User) -> None:
    services.deactivate_account(assignment.pk, actor=staff, at=timezone.now())


ENDINGS = [ended_by_revoking, ended_by_its_last_day, ended_by_closing_the_account]


@pytest.mark.parametrize("end", ENDINGS)
def test_a_right_that_ended_is_gone_at_the_very_next_request(tree, secretary, staff, end):
    client, page = client_of(secretary), reverse("organizations:detail", args=[tree.branch.pk])
    assert client.get(page).status_code == 200

    end(secretary.assignments.get(), staff)

    assert client.get(page).status_code in (302, 404)
    assert client.post(reverse("organizations:enroll", args=[tree.branch.pk]), {}).status_code in (302, 404)


@pytest.mark.parametrize("end", ENDINGS[:2])
def test_a_right_that_ended_is_gone_in_a_new_session_too(tree, secretary, staff, end):
    end(secretary.assignments.get(), staff)

    assert client_of(secretary).get(reverse("organizations:detail", args=[tree.branch.pk])).status_code == 404


def test_a_closed_account_cannot_sign_in(tree, secretary, staff):
    ended_by_closing_the_account(secretary.assignments.get(), staff)

    answer = Client().post(reverse("account_login"), {"login": secretary.username, "password": PASSWORD})

    assert answer.status_code != 302
    assert "_auth_user_id" not in Client().session


def test_a_right_begins_on_its_first_day_and_not_before(tree, staff):
    helper = make_user()
    tomorrow = timezone.localdate() + timedelta(days=1)
    services.grant_role(
        helper.pk, Role.CLERK, tree.branch.pk, actor=staff, at=timezone.now(), starts_on=tomorrow, ends_on=None
    )

    assert client_of(helper).get(reverse("organizations:detail", args=[tree.branch.pk])).status_code == 404


# ---- nobody hands out more than he may ----


def grant(actor: User, place: int, **form: object) -> int:
    return client_of(actor).post(reverse("organizations:grant_role", args=[place]), form).status_code


@pytest.mark.parametrize(
    "role", [Role.APPROVER, Role.COMMITTEE_STAFF, Role.SYSTEM_ADMINISTRATOR, Role.SECRETARY, Role.TELLER]
)
def test_a_secretary_cannot_make_anybody_stronger_than_the_branchs_own_helpers(tree, secretary, role):
    clerk = make_user(Role.CLERK, tree.branch)

    assert grant(secretary, tree.branch.pk, user=clerk.pk, role=role) == 422
    with pytest.raises(NotAllowed):
        services.grant_role(clerk.pk, role, tree.branch.pk, actor=secretary, at=timezone.now())
    assert list(clerk.assignments.values_list("role", flat=True)) == ["clerk"]


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COMMITTEE_STAFF, Role.SYSTEM_ADMINISTRATOR])
def test_staff_cannot_make_anybody_decide(tree, staff, role):
    secretary = make_user(Role.SECRETARY, tree.branch)

    assert grant(staff, tree.committee.pk, user=secretary.pk, role=role) == 422
    assert secretary.assignments.count() == 1


def test_staff_has_no_hand_in_a_foreign_tree(tree, staff):
    foreign, person = make_tree(), make_user(Role.CLERK, tree.branch)

    assert grant(staff, foreign.branch.pk, user=person.pk, role=Role.CLERK) == 404
    assert grant(staff, tree.bloc.pk, user=person.pk, role=Role.CLERK) == 404
    with pytest.raises(NotAllowed):
        services.grant_role(person.pk, Role.CLERK, foreign.branch.pk, actor=staff, at=timezone.now())
    assert person.assignments.count() == 1


def test_a_person_out_of_reach_cannot_be_chosen(tree, secretary):
    stranger = make_user(Role.CLERK, make_tree().branch)

    assert grant(secretary, tree.branch.pk, user=stranger.pk, role=Role.CLERK) == 422
    assert stranger.assignments.count() == 1


def test_nobody_grants_to_himself(tree, secretary):
    assert grant(secretary, tree.branch.pk, user=secretary.pk, role=Role.DRAFTER) == 422
    with pytest.raises(NotAllowed, match="chính mình"):
        services.grant_role(secretary.pk, Role.DRAFTER, tree.branch.pk, actor=secretary, at=timezone.now())
    assert secretary.assignments.count() == 1


@pytest.mark.parametrize("role", [Role.APPROVER, Role.SECRETARY])
def test_an_account_cannot_be_opened_with_a_stronger_role(tree, secretary, role):
    form = {"full_name": "Lê Văn Mới", "username": "le.van.moi", "role": role}

    answer = client_of(secretary).post(reverse("organizations:open_account", args=[tree.branch.pk]), form)

    assert answer.status_code == 422
    with pytest.raises(InvalidInput):
        services.open_account(tree.branch.pk, actor=secretary, at=timezone.now(), **form)
    assert not User.objects.filter(username="le.van.moi").exists()


def test_a_role_granted_twice_is_refused_with_a_sentence_also_when_the_first_has_not_begun(tree, staff):
    helper = make_user(Role.DRAFTER, tree.branch)
    tomorrow = timezone.localdate() + timedelta(days=1)
    services.grant_role(helper.pk, Role.CLERK, tree.branch.pk, actor=staff, at=timezone.now(), starts_on=tomorrow)

    assert grant(staff, tree.branch.pk, user=helper.pk, role=Role.CLERK) == 422


# ---- accounts of people who hold more elsewhere ----


def hold_elsewhere(person: User, tree: Tree, **dates: date) -> None:
    RoleAssignment.objects.create(
        user=person,
        role=Role.APPROVER,
        organization=tree.committee,
        granted_by=tree.admin,
        **{"starts_on": date(2022, 1, 1)} | dates,
    )


@pytest.mark.parametrize("name", ["reset_password", "deactivate"])
@pytest.mark.parametrize("begins", [0, 1], ids=["today", "tomorrow"])
def test_a_secretary_does_not_manage_the_account_of_somebody_stronger_elsewhere(tree, secretary, name, begins):
    helper = make_user(Role.CLERK, tree.branch)
    hold_elsewhere(helper, tree, starts_on=timezone.localdate() + timedelta(days=begins))
    before, counted = User.objects.values().get(pk=helper.pk), refusals()

    answer = client_of(secretary).post(reverse(f"organizations:{name}", args=[helper.assignments.first().pk]))

    assert answer.status_code == 403
    assert User.objects.values().get(pk=helper.pk) == before
    assert refusals() == counted + 1


@pytest.mark.parametrize("ended", ["ends_on", "revoked_at"])
def test_what_somebody_once_held_elsewhere_does_not_count(tree, secretary, ended):
    helper = make_user(Role.CLERK, tree.branch)
    values = {"ends_on": date(2022, 2, 1), "revoked_at": timezone.now()}
    hold_elsewhere(helper, tree, **{ended: values[ended]})

    page = reverse("organizations:reset_password", args=[helper.assignments.get(role=Role.CLERK).pk])

    assert client_of(secretary).post(page).status_code == 200


def test_the_roles_of_a_neighbour_branch_are_out_of_a_secretarys_reach(tree, secretary):
    helper = make_user(Role.CLERK, tree.branch)
    give_role(helper, Role.TELLER, tree.branches[1])

    page = reverse("organizations:reset_password", args=[helper.assignments.first().pk])

    assert client_of(secretary).post(page).status_code == 403


@pytest.mark.parametrize("name", ["reset_password", "deactivate"])
def test_the_account_of_a_teller_is_in_the_hands_of_the_superior(tree, secretary, staff, name):
    """Two tellers type a count blind: nobody in the branch comes to hold both their passwords."""
    teller = make_user(Role.TELLER, tree.branch)
    page = reverse(f"organizations:{name}", args=[teller.assignments.get().pk])

    assert client_of(secretary).post(page).status_code == 403
    assert client_of(staff).post(page).status_code in (200, 302)


def test_nobody_reopens_or_closes_his_own_account(tree, staff):
    own = staff.assignments.get()

    assert not policies.can_manage_account(staff, own)
    with pytest.raises(NotAllowed):
        account_services.deactivate_user(staff.pk, actor=staff, at=timezone.now())


# ---- acting in one role never widens ----


@pytest.fixture
def two_roles(tree: Tree) -> User:
    """Clerk of one branch and secretary of another."""
    person = make_user(Role.CLERK, tree.branch)
    give_role(person, Role.SECRETARY, tree.branches[1])
    return person


def act_as(client: Client, assignment: object) -> int:
    return client.post(reverse("act_as"), {"assignment": str(assignment)}).status_code


def test_acting_in_one_role_hides_what_the_other_sees(tree, two_roles):
    client = client_of(two_roles)
    there = reverse("organizations:detail", args=[tree.branches[1].pk])
    assert client.get(there).status_code == 200

    act_as(client, two_roles.assignments.get(role=Role.CLERK).pk)

    assert client.get(there).status_code == 404


def test_acting_in_a_weaker_role_grants_nothing_at_all(tree, two_roles):
    client, helper = client_of(two_roles), make_user(Role.DRAFTER, tree.branch)
    act_as(client, two_roles.assignments.get(role=Role.CLERK).pk)

    answer = client.post(
        reverse("organizations:grant_role", args=[tree.branch.pk]), {"user": helper.pk, "role": Role.MEMBER}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("whose", ["approver", "nobody", "words", "revoked"])
def test_only_a_live_role_of_ones_own_can_be_acted_in(tree, two_roles, staff, whose):
    approver = make_user(Role.APPROVER, tree.committee)
    former = two_roles.assignments.get(role=Role.CLERK)
    if whose == "revoked":
        services.revoke_role(former.pk, actor=staff, at=timezone.now())
    chosen = {
        "approver": approver.assignments.get().pk,
        "nobody": 10**9,
        "words": "approver' OR 1=1",
        "revoked": former.pk,
    }[whose]

    assert act_as(client_of(two_roles), chosen) == 422


def test_the_role_acted_in_cannot_be_named_in_the_request(tree, two_roles):
    approver = make_user(Role.APPROVER, tree.committee).assignments.get()
    client, page = client_of(two_roles), reverse("organizations:detail", args=[tree.committee.pk])

    for told in ({"acting": approver.pk}, {"assignment": approver.pk}, {"acting_assignment": approver.pk}):
        assert client.get(page, told, headers={"x-acting-assignment": str(approver.pk)}).status_code == 404


# ---- what no form has a field for cannot be set by one ----

HOSTILE = {
    "id": "1",
    "pk": "1",
    "state": "approved",
    "is_staff": "on",
    "is_active": "",
    "is_superuser": "on",
    "session_epoch": "99",
    "must_change_password": "",
    "acting": "1",
    "granted_by": "1",
    "actor": "1",
    "at": "2001-01-01",
    "recorded_at": "2001-01-01",
    "state_since": "2001-01-01",
}


def every_field_name() -> set[str]:
    """Names under which any column of ours could be sent."""
    fields = [field for model in ours() for field in model._meta.concrete_fields]
    return {name for field in fields for name in (field.name, field.attname)}


def ours() -> list[type[Model]]:
    return [User, Member, RoleAssignment, Congress, Document, AuditEvent]


def content() -> dict[str, list[dict[str, object]]]:
    """The rows of everything that forms write, but for hashes and moments."""
    volatile = ("hash", "previous_hash", "password", "recorded_at", "joined_at", "at", "state_since", "revoked_at")
    found = {}
    for model in ours():
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in volatile]
        found[model.__name__] = list(model._base_manager.order_by("pk").values(*names))
    return found


def reset_sequences() -> None:
    """PostgreSQL does not give numbers back when a transaction is undone."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), ours()):
            cursor.execute(statement)


def result_of(client: Client, page: str, form: dict[str, object]) -> tuple[int, dict[str, list[dict[str, object]]]]:
    reset_sequences()
    with transaction.atomic():
        status = client.post(page, form).status_code
        after = content()
        transaction.set_rollback(True)
    return status, after


def honest_posts(world: World) -> dict[str, tuple[User, str, dict[str, object]]]:
    helper = make_user(Role.CLERK, world.branch)
    member = make_member(world.branch, "Lê Văn Tư")
    return {
        "open_account": (
            world.secretary,
            reverse("organizations:open_account", args=[world.branch.pk]),
            {"full_name": "Lê Văn Mới", "username": "le.van.moi", "role": "clerk"},
        ),
        "grant_role": (
            world.secretary,
            reverse("organizations:grant_role", args=[world.branch.pk]),
            {"user": helper.pk, "role": "drafter"},
        ),
        "update_member": (
            world.secretary,
            reverse("organizations:update_member", args=[member.pk]),
            {"full_name": "Lê Văn Tư Mới"},
        ),
        "create": (
            world.secretary,
            reverse("documents:create", args=[world.congress_id]),
            {"kind": "other", "title": "Thư chào mừng"},
        ),
        "text size": (world.member_user, reverse("set_text_size"), {"size": "large"}),
    }


@pytest.mark.parametrize("name", ["open_account", "grant_role", "update_member", "create", "text size"])
def test_no_form_writes_a_column_it_does_not_show(monkeypatch, name):
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    monkeypatch.setattr(account_services, "one_time_password", lambda: "mot hai ba bon nam")
    actor, page, form = honest_posts(congress_at("preparing"))[name]
    client = client_of(actor)
    hostile = {field: HOSTILE.get(field, "1") for field in (every_field_name() | set(HOSTILE)) - names_of(client, page)}

    honest = result_of(client, page, form)
    forged = result_of(client, page, hostile | form)

    assert honest[0] in (200, 302)
    assert forged == honest


def names_of(client: Client, page: str) -> set[str]:
    """The fields that the page's own form shows."""
    answer = client.get(page)
    form = answer.context.get("form") if answer.context is not None else None
    return set(form.fields) if form is not None else set()


def test_the_hostile_names_are_those_of_the_columns():
    assert {"state", "is_active", "organization_id", "granted_by_id", "role"} <= every_field_name()
