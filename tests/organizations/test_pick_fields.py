"""One of many is searched by name: no page carries a whole roll, and nobody is taken for another."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from organizations.models import Member, NodeType, Organization, PostHolding, RoleAssignment, TreeAct
from organizations.rules.names import columns, fold
from tests.factories import START, Tree, give_role, make_member, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE_BYTES = 60_000


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=make_user(Role.COMMITTEE_STAFF, tree.bloc).pk))
    return client


def fill_the_roll(branch: Organization, number: int) -> None:
    """Rows alone: how they came there is not what is asked."""
    names = [f"Nguyễn Văn {word}" for word in ("Đông", "Tây", "Nam", "Bắc")]
    rows = [
        Member(organization=branch, full_name=f"{names[n % 4]} {n}", **columns(f"{names[n % 4]} {n}"))
        for n in range(number)
    ]
    Member.objects.bulk_create(rows)


def post(**who: object) -> dict[str, object]:
    return {"post": "committee_member", "starts_on": START.date(), "decision": "1-QĐ/ĐU"} | who


def test_a_roll_of_six_thousand_is_searched_not_listed(tree, staff):
    fill_the_roll(tree.branch, 6000)
    chosen = make_member(tree.branches[1], "Trần Thị Đoan", born_on=date(1980, 1, 2))
    make_member(tree.branch, "Phạm Đoan Trang")
    address = reverse("organizations:give_post", args=[tree.bloc.pk])

    page = staff.get(address)
    many = staff.post(address, post(member="dong"))
    few = staff.post(address, post(member="doan"))
    taken = staff.post(address, post(member="doan", member_tim="doan", member_chon=chosen.pk))

    assert len(page.content) < PAGE_BYTES and len(many.content) < PAGE_BYTES
    assert "Hơn 20 kết quả" in many.content.decode()
    shown = few.content.decode()
    assert "Trần Thị Đoan" in shown and "(1980), Chi bộ" in shown and "Phạm Đoan Trang" in shown
    assert (few.status_code, taken.status_code) == (422, 302)
    assert PostHolding.objects.get().member == chosen


def test_who_is_named_in_full_is_taken_at_once_and_nobody_else(tree, staff):
    fill_the_roll(tree.branch, 50)
    chosen, address = make_member(tree.branch, "Trần Thị Đoan"), reverse("organizations:give_post", args=[tree.bloc.pk])
    stranger = make_member(make_tree().branch, "Lê Văn Lạ")

    unknown = staff.post(address, post(member="Lê Văn Lạ"))
    forged = staff.post(address, post(member="Trần", member_tim="Trần", member_chon=stranger.pk))
    typed_anew = staff.post(address, post(member="Nguyễn", member_tim="Trần", member_chon=chosen.pk))
    empty = staff.post(address, post(member=""))

    assert "Không tìm thấy “Lê Văn Lạ”" in unknown.content.decode()
    assert [one.status_code for one in (unknown, forged, typed_anew, empty)] == [422] * 4
    assert staff.post(address, post(member="tran thi doan")).status_code == 302
    assert PostHolding.objects.get().member == chosen


def test_roles_go_to_whoever_is_ticked_of_many(tree, staff):
    held = give_role(make_user(full_name="Lê Văn Cũ"), Role.SECRETARY, tree.branch)
    people = User.objects.bulk_create(User(username=f"dong.nv.{n}", full_name="Nguyễn Văn Đông") for n in range(300))
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=one, role=Role.MEMBER, organization=tree.branch, starts_on=START.date()) for one in people
    )
    address = reverse("organizations:hand_over", args=[held.pk])

    page = staff.get(address)
    found = staff.post(address, {"user": "van dong", "from_day": "1/7/2090"})
    by_login = staff.post(address, {"user": "dong.nv.123", "from_day": "1/7/2090"})

    assert len(page.content) < PAGE_BYTES and len(found.content) < PAGE_BYTES
    assert found.status_code == 422 and "dong.nv.0" in found.content.decode()
    assert by_login.status_code == 302
    assert RoleAssignment.objects.filter(user__username="dong.nv.123", role=Role.SECRETARY).exists()


def test_no_role_goes_to_a_person_outside_what_the_field_offers(tree, staff):
    """The service takes any account: who may be chosen is known to the field alone, also where it searches."""
    people = User.objects.bulk_create(User(username=f"dong.nv.{n}", full_name="Nguyễn Văn Đông") for n in range(60))
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=one, role=Role.MEMBER, organization=tree.branch, starts_on=START.date()) for one in people
    )
    stranger = make_user(Role.MEMBER, make_tree().branch, full_name="Nguyễn Văn Đông")
    address = reverse("organizations:grant_role", args=[tree.branch.pk])
    told = {"role": Role.CLERK, "user": "van dong", "user_tim": "van dong", "starts_on": "1/7/2022"}

    forged = staff.post(address, told | {"user_chon": stranger.pk})
    right = staff.post(address, told | {"user_chon": people[0].pk})

    assert (forged.status_code, right.status_code) == (422, 302)
    assert list(RoleAssignment.objects.filter(role=Role.CLERK).values_list("user", flat=True)) == [people[0].pk]


def test_a_merger_is_searched_for_among_all_branches(tree, staff):
    Organization.objects.bulk_create(
        Organization(
            parent=tree.committee,
            code=f"NHANH-{n}",
            name=f"Chi bộ phòng số {n}",
            search_name=fold(f"Chi bộ phòng số {n} NHANH-{n}"),
            node_type=NodeType.BRANCH,
            depth=tree.committee.depth + 1,
            path=f"{tree.committee.path}x{n}/",
        )
        for n in range(300)
    )
    ground = {"decision": "1-QĐ", "decided_by": tree.committee.pk, "decided_on": "1/9/2022", "effective_on": "1/9/2022"}
    address = reverse("organizations:merge", args=[tree.branch.pk])

    page = staff.get(address)
    found = staff.post(address, ground | {"into": "phong so 12", "carries": "yes"})
    named = staff.post(address, ground | {"into": tree.branches[1].name, "carries": "yes"})

    assert len(page.content) < PAGE_BYTES
    assert found.status_code == 422 and f"Chi bộ phòng số 12 – {tree.committee.name}" in found.content.decode()
    assert (named.status_code, named.context["act"].kind) == (200, "merge")
    assert not TreeAct.objects.exists()
