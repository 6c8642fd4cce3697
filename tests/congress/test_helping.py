"""Subcommittees, who follows which branch, who represents the committee at which congress."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from congress.models import Congress, Following, Representation, Subcommittee, SubcommitteeMember
from congress.rules import planner
from congress.services import helping
from organizations import services as organization_services
from organizations.models import Member, Organization, Post
from tests.factories import START, Tree, at, make_organization, make_plan, make_tree, make_user

pytestmark = pytest.mark.django_db

NOW = at(date(2022, 6, 1), 9)
Rank = SubcommitteeMember.Rank


@pytest.fixture
def tree() -> Tree:
    return make_tree(3)


@pytest.fixture
def staff(tree: Tree) -> User:
    return make_user(Role.COMMITTEE_STAFF, tree.committee)


def committee_members(tree: Tree, count: int = 2) -> list[Member]:
    found = []
    for name in ("Lê Văn An (bịa)", "Trần Thị Bình (bịa)", "Vũ Văn Cảnh (bịa)")[:count]:
        member = organization_services.enroll_member(
            tree.branch.pk, actor=tree.admin, at=START, full_name=name, official_on=date(2010, 1, 1)
        )
        organization_services.give_post(
            member.pk,
            tree.committee.pk,
            Post.COMMITTEE_MEMBER,
            starts_on=date(2020, 1, 1),
            decision="01-QĐ/ĐUK",
            actor=tree.admin,
            at=START,
        )
        found.append(member)
    return found


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


# ---- subcommittees ----


@pytest.fixture
def subcommittee(tree: Tree, staff: User) -> Subcommittee:
    plan = make_plan(tree.committee)
    return helping.set_up_subcommittee(
        plan.pk,
        name="Tiểu ban Văn kiện",
        duties="Soạn báo cáo",
        decision="25-QĐ/ĐU",
        decided_on=date(2022, 5, 20),
        actor=staff,
        at=NOW,
    )


def test_a_member_joins_once_and_there_is_one_head(tree, staff, subcommittee):
    one, two = committee_members(tree)
    helping.add_to_subcommittee(subcommittee.pk, one.pk, rank=Rank.HEAD, duty="", actor=staff, at=NOW)

    for member, rank, field in ((one, Rank.MEMBER, "member"), (two, Rank.HEAD, "rank")):
        with pytest.raises(InvalidInput) as refused:
            helping.add_to_subcommittee(subcommittee.pk, member.pk, rank=rank, duty="", actor=staff, at=NOW)
        assert field in refused.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        subcommittee.memberships.create(member=two, rank=Rank.HEAD)


def test_who_leaves_stays_in_the_record_and_makes_room_for_a_head(tree, staff, subcommittee):
    one, two = committee_members(tree)
    row = helping.add_to_subcommittee(subcommittee.pk, one.pk, rank=Rank.HEAD, duty="", actor=staff, at=NOW)

    helping.leave_subcommittee(row.pk, actor=staff, at=NOW)
    helping.add_to_subcommittee(subcommittee.pk, two.pk, rank=Rank.HEAD, duty="", actor=staff, at=NOW)

    assert subcommittee.memberships.count() == 2


def test_the_page_adds_a_member_and_says_what_is_wrong(tree, staff, subcommittee):
    one, _ = committee_members(tree)
    client, address = signed_in(staff), reverse("congress:subcommittee", args=[subcommittee.pk])

    client.post(address, {"member": one.pk, "rank": Rank.HEAD, "duty": "Chủ trì"})
    again = client.post(address, {"member": one.pk, "rank": Rank.MEMBER})

    assert again.status_code == 422
    assert "đã ở trong Tiểu ban Văn kiện" in again.content.decode()
    assert "25-QĐ/ĐU" in client.get(address).content.decode()


# ---- following ----


@pytest.fixture
def congresses(tree: Tree) -> list[Congress]:
    make_plan(tree.committee)
    found = list(Congress.objects.order_by("pk"))
    for number, hour in enumerate((8, 8, 14)):
        found[number].planned_for = at(date(2022, 6, 20), hour)
        found[number].save(update_fields=["planned_for"])
    return found


def test_a_branch_is_followed_by_one_and_the_former_one_ends(tree, staff):
    one, two = committee_members(tree)
    branch = tree.branches[1].pk

    helping.follow(tree.committee.pk, {branch: one.pk}, actor=staff, at=NOW)
    changed = helping.follow(tree.committee.pk, {branch: two.pk}, actor=staff, at=at(date(2022, 6, 5)))

    assert changed == 1
    assert [(f.member, f.ends_on) for f in Following.objects.order_by("pk")] == [(one, date(2022, 6, 5)), (two, None)]
    assert helping.follow(tree.committee.pk, {branch: two.pk}, actor=staff, at=NOW) == 0


def opened(client: Client, address: str) -> dict[str, str]:
    """The fields of the planner as a browser that opens the page now would send them."""
    context = client.get(address).context
    return {"truoc": context["shown"]} | {row["field"]: row["member"] or "" for row in context["rows"]}


@pytest.mark.parametrize("name", ["following", "representatives"])
def test_two_planners_at_once_change_only_what_each_of_them_chose(tree, staff, congresses, name):
    one, two = committee_members(tree)
    address = reverse(f"congress:{name}", args=[tree.committee.pk])
    first, second = signed_in(staff), signed_in(make_user(Role.APPROVER, tree.committee))

    def choose(fields: dict[str, str], **rows: int) -> dict[str, str]:
        keys = [key for key in fields if key.startswith("muc-")]
        return fields | {keys[int(number[1:])]: str(member) for number, member in rows.items()}

    as_first_saw, as_second_saw = opened(first, address), opened(second, address)
    first.post(address, choose(as_first_saw, r0=one.pk, r2=one.pk))
    assert second.post(address, choose(as_second_saw, r1=two.pk)).status_code == 302
    assert [row["member"] for row in first.get(address).context["rows"]] == [one.pk, two.pk, one.pk]

    clash = second.post(address, choose(as_second_saw, r0=two.pk))  # the page of before the first one saved
    assert clash.status_code == 409
    told = clash.content.decode()
    assert f"vừa ghi {one.display_name}, đồng chí chọn {two.display_name}" in told
    assert [row["member"] for row in clash.context["rows"]][0] == two.pk  # nothing typed is lost
    assert [row["member"] for row in first.get(address).context["rows"]] == [one.pk, two.pk, one.pk]
    again = {"truoc": clash.context["shown"], clash.context["rows"][0]["field"]: str(two.pk)}
    if name == "representatives":  # nobody at two places in one morning
        again |= {clash.context["rows"][1]["field"]: str(one.pk)}
    assert second.post(address, again).status_code == 302
    assert [row["member"] for row in first.get(address).context["rows"]][0] == two.pk


def test_rows_stand_by_day_and_by_name_and_undated_congresses_last(tree, staff, congresses):
    committee_members(tree)
    for branch, name in zip(tree.branches, ("Chi bộ số 10", "Chi bộ số 2", "Chi bộ số 1"), strict=True):
        Organization.objects.filter(pk=branch.pk).update(name=name)
    Congress.objects.filter(pk=congresses[2].pk).update(planned_for=None)
    client = signed_in(staff)

    def order(name: str) -> list[str]:
        page = client.get(reverse(f"congress:{name}", args=[tree.committee.pk]))
        return [row["label"] for row in page.context["rows"]]

    assert order("following") == ["Chi bộ số 1", "Chi bộ số 2", "Chi bộ số 10"]
    assert order("representatives") == ["Chi bộ số 2", "Chi bộ số 10", "Chi bộ số 1"]


def test_who_has_left_the_committee_still_follows_until_somebody_else_does(tree, staff):
    one, two = committee_members(tree)
    helping.follow(tree.committee.pk, {tree.branch.pk: one.pk}, actor=staff, at=NOW)
    one.posts.update(ends_on=date(2022, 6, 2))
    client, address = signed_in(staff), reverse("congress:following", args=[tree.committee.pk])

    assert f"{one.display_name} (đã thôi cấp ủy)" in client.get(address).content.decode()
    fields = opened(client, address)
    client.post(address, fields | {f"muc-{tree.branches[1].pk}": two.pk})

    now = dict(Following.objects.filter(ends_on=None).values_list("organization_id", "member_id"))
    assert now == {tree.branch.pk: one.pk, tree.branches[1].pk: two.pk}


def test_who_has_left_the_committee_is_to_attend_until_somebody_else_is(tree, staff, congresses):
    one, two = committee_members(tree)
    first, second = congresses[0].pk, congresses[2].pk
    helping.represent(tree.committee.pk, {first: one.pk, second: one.pk}, actor=staff, at=NOW)
    above = organization_services.enroll_member(
        tree.branch.pk, actor=tree.admin, at=START, full_name="Ngô Thị Dung (bịa)", official_on=date(2010, 1, 1)
    )
    Representation.objects.create(congress=congresses[0], member=above, assigned_by=staff, assigned_at=NOW)
    one.posts.update(ends_on=date(2022, 6, 2))
    client, address = signed_in(staff), reverse("congress:representatives", args=[tree.committee.pk])

    page, fields = client.get(address).content.decode(), opened(client, address)
    assert f"{one.display_name} (đã thôi cấp ủy)" in page and above.display_name not in page
    client.post(address, fields | {f"muc-{first}": two.pk})
    client.post(address, opened(client, address) | {f"muc-{second}": ""})

    sent = Representation.objects.filter(released_at=None).values_list("congress", "member")
    assert set(sent) == {(first, two.pk), (first, above.pk)}


def test_two_thousand_branches_can_be_shared_out_page_by_page(staff):
    """The form stays below the fields a request may have, and the proposal of all goes on from page to page."""
    tree = make_tree()
    Organization.objects.bulk_create(
        Organization(
            code=f"L{number}", name=f"Chi bộ {number}", search_name=f"chi bo {number}", node_type="branch",
            parent=tree.committee, path=f"{tree.committee.path}{number}/", depth=3, symbol="CB", pk=number,
        )
        for number in range(10**7, 10**7 + 2609)
    )  # fmt: skip
    people = committee_members(tree, 3)
    client = signed_in(make_user(Role.COMMITTEE_STAFF, tree.committee))
    address = reverse("congress:following", args=[tree.committee.pk])

    page = client.get(address, {"de-xuat": "1", "page": "2"})
    fields = {"truoc": page.context["shown"]} | {row["field"]: row["member"] for row in page.context["rows"]}

    assert page.context["without"] == 2610
    assert client.post(f"{address}?de-xuat=1&page=2", fields).status_code == 302
    assert Following.objects.filter(member__in=people).count() == 200


def test_a_proposal_for_thousands_of_congresses_is_made_at_once():
    """Halves are compared, not congresses: 2,610 of them would else be compared with one another."""
    days = [(date(2022, 6, 1 + number % 20), bool(number % 2)) for number in range(2610)]
    meetings = [planner.Meeting(number, half) for number, half in enumerate(days)]

    began = time.process_time()
    found = planner.propose(meetings, range(40))

    assert time.process_time() - began < 2
    assert len(found.chosen) == 40 * len(set(days))
    assert (
        planner.clashes(
            [replace(one, attended_by=(found.chosen[one.key],)) for one in meetings if one.key in found.chosen]
        )
        == {}
    )


def test_only_members_of_the_committee_follow_branches_below_it(tree, staff):
    one, _ = committee_members(tree)
    stranger = organization_services.enroll_member(
        tree.branch.pk, actor=tree.admin, at=START, full_name="Bùi Văn Lạ (bịa)", official_on=date(2010, 1, 1)
    )
    other = make_tree().branch
    for wrong in ({tree.branch.pk: stranger.pk}, {other.pk: one.pk}):
        with pytest.raises(InvalidInput):
            helping.follow(tree.committee.pk, wrong, actor=staff, at=NOW)
    with pytest.raises(NotAllowed):
        helping.follow(tree.committee.pk, {}, actor=make_user(Role.SECRETARY, tree.branch), at=NOW)


def test_the_page_proposes_an_even_share_and_saves_it(tree, staff):
    one, two = committee_members(tree)
    client, address = signed_in(staff), reverse("congress:following", args=[tree.committee.pk])

    rows = client.get(address, {"de-xuat": "1"}).context["rows"]
    assert sorted(row["member"] for row in rows) == sorted([one.pk, one.pk, two.pk])
    assert not Following.objects.exists()
    client.post(address, {row["field"]: row["member"] for row in rows})

    assert Following.objects.filter(ends_on__isnull=True).count() == 3


# ---- representatives ----


def test_nobody_is_sent_to_two_congresses_in_one_half_day(tree, staff, congresses):
    one, two = committee_members(tree)
    first, same_morning, afternoon = (congress.pk for congress in congresses)

    with pytest.raises(InvalidInput) as refused:
        helping.represent(tree.committee.pk, {first: one.pk, same_morning: one.pk}, actor=staff, at=NOW)
    assert "sáng 20/06/2022" in str(refused.value)
    assert not Representation.objects.exists()
    helping.represent(tree.committee.pk, {first: one.pk, same_morning: two.pk, afternoon: one.pk}, actor=staff, at=NOW)
    assert Representation.objects.filter(released_at__isnull=True).count() == 3


def test_another_choice_releases_the_former_one_and_keeps_the_row(tree, staff, congresses):
    one, two = committee_members(tree)
    pk = congresses[0].pk
    helping.represent(tree.committee.pk, {pk: one.pk}, actor=staff, at=NOW)

    helping.represent(tree.committee.pk, {pk: two.pk}, actor=staff, at=NOW)
    helping.represent(tree.committee.pk, {pk: None}, actor=staff, at=NOW)

    assert Representation.objects.count() == 2
    assert not Representation.objects.filter(released_at__isnull=True).exists()


def test_a_clash_of_two_moved_congresses_does_not_stop_the_planning_of_others(tree, staff, congresses):
    one, two = committee_members(tree)
    first, second, afternoon = (congress.pk for congress in congresses)
    Congress.objects.filter(pk=second).update(planned_for=at(date(2022, 6, 21), 8))
    helping.represent(tree.committee.pk, {first: one.pk, second: one.pk}, actor=staff, at=NOW)
    Congress.objects.filter(pk=second).update(planned_for=at(date(2022, 6, 20), 8))  # moved onto the other

    assert helping.represent(tree.committee.pk, {afternoon: two.pk}, actor=staff, at=NOW) == 1
    with pytest.raises(InvalidInput):
        helping.represent(tree.committee.pk, {first: two.pk, afternoon: one.pk, second: two.pk}, actor=staff, at=NOW)


def test_a_congress_that_has_met_is_left_as_it_was(tree, staff, congresses):
    one, _ = committee_members(tree)
    Congress.objects.filter(pk=congresses[0].pk).update(state="closed")
    with pytest.raises(InvalidInput):
        helping.represent(tree.committee.pk, {congresses[0].pk: one.pk}, actor=staff, at=NOW)


def test_the_page_shows_a_proposal_saves_it_and_names_a_clash(tree, staff, congresses):
    one, _ = committee_members(tree)
    Member.objects.update(organization=make_organization(tree.committee))  # at home where no congress is open
    client, address = signed_in(staff), reverse("congress:representatives", args=[tree.committee.pk])

    proposed = client.get(address, {"de-xuat": "1"}).context["rows"]
    assert all(row["member"] for row in proposed)
    client.post(address, {row["field"]: row["member"] for row in proposed})
    assert Representation.objects.filter(released_at__isnull=True).count() == 3
    saved = client.get(address).context["shown"]
    clash = client.post(address, {"truoc": saved} | {row["field"]: one.pk for row in proposed})

    assert clash.status_code == 422
    assert "không thể dự cùng sáng" in clash.content.decode()
    assert [row["member"] for row in clash.context["rows"]] == [one.pk] * 3


def test_who_is_sent_to_the_congress_of_the_own_branch_is_remarked_on(tree, staff, congresses):
    mine = congresses[0]
    person, _ = committee_members(tree)
    Member.objects.filter(pk=person.pk).update(organization=mine.organization)
    client, address = signed_in(staff), reverse("congress:representatives", args=[tree.committee.pk])

    proposed = client.get(address, {"de-xuat": "1"}).context["rows"]
    page = client.post(address, {f"muc-{mine.pk}": person.pk}, follow=True)

    assert person.pk not in {row["member"] for row in proposed if row["pk"] == mine.pk}
    assert f"sinh hoạt tại {mine.organization.name}" in page.content.decode()


def test_thirty_branches_cost_the_pages_no_more_queries(staff, django_assert_max_num_queries):
    tree = make_tree(30)
    make_plan(tree.committee)
    committee_members(tree, 3)
    client = signed_in(make_user(Role.COMMITTEE_STAFF, tree.committee))
    for name in ("following", "representatives"):
        client.get(reverse(f"congress:{name}", args=[tree.committee.pk]))
        with django_assert_max_num_queries(30):
            client.get(reverse(f"congress:{name}", args=[tree.committee.pk]), {"de-xuat": "1"})
