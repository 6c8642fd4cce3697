"""Pages of acts on the tree: fill in, look at what would change, record; the list, the history, a past day."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from organizations.models import Organization, TreeAct
from organizations.services import tree as tree_service
from tests.factories import Tree, congress_at, give_role, make_member, make_organization, make_tree, make_user

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"organizations:{name}", args=args)


@pytest.fixture
def tree() -> Tree:
    return make_tree(branches=2)


@pytest.fixture
def staff(tree: Tree) -> Client:
    return as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))


def ground(by: Organization, **changes: object) -> dict[str, object]:
    said = {"decision": "118-QĐ/ĐU", "decided_by": by.pk, "decided_on": "25/8/2022", "effective_on": "1/9/2022"}
    return said | changes


def new_body(**changes: object) -> dict[str, object]:
    return {"name": "Chi bộ Văn phòng 2", "code": "VP2", "symbol": "CB", "continues": "yes", "carries": "no"} | changes


def reviewed(client: Client, name: str, organization: Organization, data: dict[str, object]) -> HttpResponse:
    return client.post(url(name, organization.pk), data)


def recorded(client: Client, name: str, organization: Organization, data: dict[str, object]) -> HttpResponse:
    """Looked at, and recorded with the digest of what was shown."""
    name_of_digest, digest = reviewed(client, name, organization, data).context["seen"]
    return client.post(url(name, organization.pk), data | {name_of_digest: digest})


ACTS = ("split", "merge", "consolidate", "rename", "move", "convert", "close")


@pytest.mark.parametrize("name", ["choose_act", *ACTS])
def test_acts_are_recorded_by_the_superior_committee_only(tree, staff, name):
    secretary = as_user(make_user(Role.SECRETARY, tree.branch))

    assert staff.get(url(name, tree.branch.pk)).status_code == 200
    assert secretary.get(url(name, tree.branch.pk)).status_code == 403


def test_the_review_shows_before_and_after_and_writes_nothing(tree, staff):
    before = AuditEvent.objects.count()
    data = ground(tree.committee) | {"name": "Chi bộ Thanh tra"}

    page = reviewed(staff, "rename", tree.branch, data).content.decode()

    assert f'<td data-label="Trước">{tree.branch.name}</td><td data-label="Sau">Chi bộ Thanh tra</td>' in page
    assert 'name="name" value="Chi bộ Thanh tra"' in page
    assert (TreeAct.objects.count(), AuditEvent.objects.count()) == (0, before)
    assert Organization.objects.get(pk=tree.branch.pk).name == tree.branch.name


def test_what_changed_since_the_review_is_shown_again_and_not_recorded(tree, staff):
    goes, data = make_member(tree.branch), ground(tree.committee) | {"into": tree.branches[1].pk, "carries": "yes"}
    name, digest = reviewed(staff, "merge", tree.branch, data).context["seen"]
    make_member(tree.branch)

    stale = staff.post(url("merge", tree.branch.pk), data | {name: digest})
    again = staff.post(url("merge", tree.branch.pk), data | dict([stale.context["seen"]]))

    assert stale.status_code == 409
    assert "Chưa ghi" in stale.content.decode() and "2 đồng chí thuộc" in stale.content.decode()
    assert again.status_code == 302
    goes.refresh_from_db()
    assert goes.organization == tree.branches[1]


def test_a_digest_of_ones_own_making_records_nothing(tree, staff):
    data = ground(tree.committee) | {"name": "Chi bộ Thanh tra"}

    assert staff.post(url("rename", tree.branch.pk), data | {"da_xem": "0" * 64}).status_code == 409
    assert TreeAct.objects.count() == 0


def test_an_address_that_is_only_opened_asks_no_service(tree, staff, monkeypatch):
    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError("a page that is opened locks nothing")

    monkeypatch.setattr(tree_service, "lock_tree", asked)

    for name in ACTS:
        assert staff.get(url(name, tree.branch.pk), ground(tree.committee) | {"name": "Mới"}).status_code == 200


EARLIER = {"decided_on": "1/9/2022", "effective_on": "1/6/2022"}


@pytest.mark.parametrize(
    ("name", "more", "field"),
    [
        ("rename", {"name": "Chi bộ Thanh tra"}, "effective_on"),
        ("convert", {"node_type": "grassroots_branch"}, "effective_on"),
        ("close", {}, "says_earlier"),
    ],
)
def test_an_effect_before_the_decision_is_refused_or_must_be_confirmed(tree, staff, name, more, field):
    answer = reviewed(staff, name, tree.branch, ground(tree.committee, **EARLIER) | more)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_confirmed_effect_before_the_decision_is_said_and_kept(tree, staff):
    data = ground(tree.committee, **EARLIER) | {"says_earlier": "on"}

    page = reviewed(staff, "close", tree.branch, data).content.decode()
    recorded(staff, "close", tree.branch, data)

    assert "trước ngày quyết định 01/09/2022" in page
    act = TreeAct.objects.get()
    assert act.details["says_earlier"] is True
    assert "xác nhận quyết định ghi rõ như vậy" in staff.get(url("act", act.pk)).content.decode()


def test_what_was_typed_comes_back_to_be_corrected(tree, staff):
    data = ground(tree.committee) | {"name": "Chi bộ Thanh tra", "sua": "1"}

    page = staff.post(url("rename", tree.branch.pk), data)

    assert page.context["form"]["name"].value() == "Chi bộ Thanh tra"
    assert "Xem lại trước khi ghi" in page.content.decode()


def test_recording_leads_to_the_act_and_leaves_one_event(tree, staff):
    before = AuditEvent.objects.count()

    answer = recorded(staff, "rename", tree.branch, ground(tree.committee) | {"name": "Chi bộ Thanh tra"})

    act = TreeAct.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, url("act", act.pk))
    assert AuditEvent.objects.count() == before + 1
    assert "118-QĐ/ĐU ngày 25/8/2022" in staff.get(url("act", act.pk)).content.decode()


def test_a_refusal_stands_at_its_field_with_everything_typed(tree, staff):
    data = ground(tree.committee, effective_on="1/9/2099") | {"name": "Chi bộ Thanh tra"}

    answer = reviewed(staff, "rename", tree.branch, data)

    assert answer.status_code == 422
    assert "ghi việc này vào ngày quyết định có hiệu lực" in answer.content.decode()
    assert answer.context["form"]["name"].value() == "Chi bộ Thanh tra"


def test_a_split_names_who_goes_and_what_follows(tree, staff):
    goes = make_member(tree.branch)
    teller = make_user(Role.TELLER, tree.branch)
    goes.user = teller
    goes.save()
    data = ground(tree.committee) | new_body(members=[goes.pk])

    page = reviewed(staff, "split", tree.branch, data).content.decode()
    recorded(staff, "split", tree.branch, data)

    assert "1 vai trò" in page and "Số thứ tự đại hội không tính tiếp" in page
    goes.refresh_from_db()
    assert goes.organization.code == "VP2"


def test_the_same_member_does_not_go_to_two_places(tree, staff):
    goes = make_member(tree.branch)
    data = ground(tree.committee) | new_body(
        members=[goes.pk], second_members=[goes.pk], second_name="Chi bộ 3", second_code="VP3"
    )

    answer = staff.post(url("split", tree.branch.pk), data)

    assert answer.status_code == 422
    assert "chỉ về một nơi" in answer.content.decode()


def test_a_merger_waits_for_the_congress_under_way():
    world = congress_at("closed")
    branch = world.congress.organization
    into = make_organization(branch.parent)
    staff = as_user(make_user(Role.COMMITTEE_STAFF, branch.parent))

    answer = staff.post(url("merge", branch.pk), ground(branch.parent) | {"into": into.pk, "carries": "yes"})

    assert answer.status_code == 422
    assert "Đại hội chưa xong" in answer.content.decode()


def test_parents_are_offered_that_fit_and_are_in_reach(tree):
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng")
    user = make_user(Role.COMMITTEE_STAFF, tree.committee)
    alone = as_user(user).get(url("move", tree.branch.pk)).context["form"].fields["parent"].choices
    give_role(user, Role.COMMITTEE_STAFF, other)

    both = as_user(user).get(url("move", tree.branch.pk)).context["form"].fields["parent"].choices

    assert [value for value, _ in alone] == [""]
    assert [value for value, _ in both] == ["", str(other.pk)]


def test_consolidating_through_the_page(tree, staff):
    first, second = tree.branches
    data = ground(tree.committee) | new_body(others=[second.pk], counted=[first.pk])

    recorded(staff, "consolidate", first, data)

    made = Organization.objects.get(code="VP2")
    carried = dict(made.origins.values_list("predecessor", "carries_ordinal"))
    assert carried == {first.pk: True, second.pk: False}


def test_the_list_shows_acts_in_reach_and_narrows(tree, staff):
    for branch, name in zip(tree.branches, ("Chi bộ Thanh tra", "Chi bộ Kế hoạch"), strict=True):
        recorded(staff, "rename", branch, ground(tree.committee) | {"name": name})
    recorded(staff, "close", tree.branch, ground(tree.committee, effective_on="1/10/2022"))
    stranger = as_user(make_user(Role.COMMITTEE_STAFF, make_tree().committee))

    def seen(client: Client, query: str = "") -> int:
        return client.get(url("acts") + query).context["page_obj"].paginator.count

    assert [seen(staff, q) for q in ("", "?viec=close", "?tim=thanh tra", "?nam=2021")] == [3, 1, 2, 0]
    assert seen(stranger) == 0


def test_the_list_costs_the_same_for_three_acts_as_for_one(tree, staff, django_assert_max_num_queries):
    recorded(staff, "rename", tree.branch, ground(tree.committee) | {"name": "Chi bộ Thanh tra"})
    staff.get(url("acts"))
    with django_assert_max_num_queries(20) as first:
        staff.get(url("acts"))
    cost = len(first)
    for number in (2, 3):
        recorded(
            staff,
            "rename",
            tree.branch,
            ground(tree.committee, effective_on=f"{number}/9/2022") | {"name": f"Chi bộ Thanh tra {number}"},
        )

    staff.get(url("acts"))  # takes the messages away
    with django_assert_max_num_queries(cost):
        staff.get(url("acts"))


def test_the_history_links_what_was_before_and_after(tree, staff):
    goes = make_member(tree.branch)
    recorded(staff, "split", tree.branch, ground(tree.committee) | new_body(members=[goes.pk]))
    made = Organization.objects.get(code="VP2")

    old, new = (staff.get(url("history", one.pk)).content.decode() for one in (tree.branch, made))

    assert url("history", made.pk) in old
    assert url("history", tree.branch.pk) in new and "số thứ tự đại hội không tính tiếp" in new


def test_the_tree_of_a_past_day_has_the_names_and_places_of_that_day(tree, staff):
    recorded(staff, "rename", tree.branch, ground(tree.committee) | {"name": "Chi bộ Thanh tra"})
    recorded(staff, "close", tree.branches[1], ground(tree.committee))

    before, after = (staff.get(f"{url('tree')}?ngay={day}").content.decode() for day in ("2022-08-31", "2022-09-01"))

    assert tree.branch.name in before and tree.branches[1].name in before
    assert "Chi bộ Thanh tra" in after and tree.branches[1].name not in after


def test_a_day_that_cannot_be_read_is_shown_back(staff):
    answer = staff.get(f"{url('tree')}?ngay=hôm qua")

    assert answer.status_code == 422
    assert "Ghi ngày theo dạng ngày/tháng/năm" in answer.content.decode()
