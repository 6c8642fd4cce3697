"""What acts on the tree do to congresses, and what the history of a branch proposes as the number of its next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from accounts.roles import Role
from congress import ordinals, progress
from congress.callings import mismatch_of
from congress.forms.preparing import DetailsForm
from congress.models import Congress
from congress.services import preparing
from organizations import services
from organizations.models import NodeType, Organization
from organizations.services import Ground, NewBody
from tests.factories import (
    at,
    congress_at,
    make_admin,
    make_congress,
    make_member,
    make_organization,
    make_plan,
    make_tree,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY, NOW = date(2022, 9, 1), at(date(2022, 9, 10))


def ground(by: Organization, day: date = DAY) -> Ground:
    return Ground("118-QĐ/ĐU", day, day, by.pk)


def how(by: Organization, day: date = DAY) -> dict[str, object]:
    return {"ground": ground(by, day), "actor": make_admin(), "at": NOW}


def neighbour(branch: Organization, **fields: object) -> Organization:
    return make_organization(branch.parent.parent, node_type=NodeType.GRASSROOTS, committee_name="Đảng ủy Sở Y tế")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- what is under way ----


@pytest.mark.parametrize("stage", ["sitting", "closed", "reported"])
def test_a_branch_is_not_merged_while_its_congress_waits_to_be_ratified(stage):
    branch = congress_at(stage).congress.organization
    into = make_organization(branch.parent)

    with pytest.raises(InvalidInput, match="Đại hội chưa xong"):
        services.merge(branch.pk, into.pk, **how(branch.parent))

    assert Organization.objects.get(pk=branch.pk).closed_on is None


def test_a_dossier_at_the_superior_is_taken_back_first():
    branch = congress_at("submitted").congress.organization

    with pytest.raises(InvalidInput, match="rút hồ sơ"):
        services.merge(branch.pk, make_organization(branch.parent).pk, **how(branch.parent))


@pytest.mark.parametrize(
    ("stage", "says"), [("cleared", "dừng ở bước “Đã được duyệt”"), ("ratified", "cấp trên hoàn tất")]
)
def test_what_becomes_of_a_congress_is_said(stage, says):
    world = congress_at(stage)
    branch = world.congress.organization

    act = services.merge(branch.pk, make_organization(branch.parent).pk, **how(branch.parent))

    assert any(says in note for note in act.details["notes"])


def test_a_branch_that_receives_members_is_told_to_call_its_roll_again():
    world = congress_at("cleared")
    congress, into = world.congress, world.congress.organization
    ends = make_organization(into.parent)
    come = make_member(ends, "Lê Văn Đến", joined_on=date(2020, 1, 1))
    held_on = timezone.localdate(congress.planned_for)

    assert mismatch_of(congress) is None
    act = services.merge(ends.pk, into.pk, **how(into.parent, held_on - timedelta(days=1)))

    assert any(congress.name in note and "lập lại danh sách" in note and "chuyển đến" in note
               for note in act.details["notes"])  # fmt: skip
    congress = Congress.objects.get(pk=congress.pk)
    assert mismatch_of(congress).missing == (come.display_name,)
    page = as_user(make_user(Role.SECRETARY, into)).get(reverse("congress:roll", args=[congress.pk])).content.decode()
    assert "Danh sách triệu tập không còn khớp" in page and come.display_name in page
    preparing.convene(congress.pk, actor=make_user(Role.SECRETARY, into), at=NOW)
    assert mismatch_of(congress) is None


def test_a_stopped_congress_has_nothing_next_and_is_not_late():
    tree = make_tree(2)
    make_plan(tree.committee, deadlines={"clearance": date(2022, 6, 10), "window_closes": date(2022, 6, 28)})
    ends, into = tree.branches
    congress = ends.congresses.get()
    services.merge(ends.pk, into.pk, **how(tree.committee))
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))

    page = client.get(reverse("congress:detail", args=[congress.pk])).content.decode()
    place = client.get(reverse("organizations:detail", args=[ends.pk])).content.decode()

    assert "Không tiến hành" in page and "đã kết thúc hoạt động từ 1/9/2022" in page
    assert "quá hạn" not in page and "Tiếp theo" not in page
    assert "Không tiến hành" in place and "Đang chuẩn bị" not in place
    assert f"Sáp nhập vào {into.name}, có hiệu lực từ 1/9/2022" in place


def test_a_congress_of_a_merged_branch_goes_no_further():
    world = congress_at("cleared")
    branch = world.congress.organization
    services.merge(branch.pk, make_organization(branch.parent).pk, **how(branch.parent))
    congress = Congress.objects.select_related("organization").get(pk=world.congress.pk)

    with pytest.raises(IllegalTransition, match="dừng lại ở bước"):
        preparing.move(congress, "open_sitting", actor=make_admin(), at=NOW)


def test_a_congress_that_stopped_is_not_counted_as_outstanding():
    tree = make_tree(branches=2)
    make_congress(tree.branch)
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    services.merge(tree.branch.pk, tree.branches[1].pk, **how(tree.committee))

    totals = [progress.overview(staff, "2022-2025", as_of=day).total for day in (date(2022, 8, 31), date(2022, 9, 1))]

    assert totals == [2, 1]


def test_an_act_before_a_congress_that_was_held_is_refused():
    branch = congress_at("ratified").congress.organization

    with pytest.raises(InvalidInput, match="Kiểm tra lại ngày hiệu lực"):
        services.merge(branch.pk, make_organization(branch.parent).pk, **how(branch.parent, date(2022, 6, 1)))


def test_a_roll_is_called_again_after_members_left():
    world = congress_at("cleared")
    branch = world.congress.organization
    goes = make_member(branch)

    act = services.split(
        branch.pk,
        bodies=[NewBody(code="VP2", name="Chi bộ Văn phòng 2", symbol="CB", members=[goes.pk])],
        continues=True,
        **how(branch.parent),
    )

    assert any("lập lại danh sách" in note for note in act.details["notes"])


# ---- who decides ----


@pytest.mark.parametrize("stage", ["preparing", "cleared", "sitting", "closed"])
def test_an_open_congress_is_decided_by_the_new_superior(stage):
    world = congress_at(stage)
    branch = world.congress.organization
    other = neighbour(branch)

    act = services.move(branch.pk, other.pk, **how(branch.parent.parent))

    assert Congress.objects.get(pk=world.congress.pk).authority == other
    assert any("Đảng ủy Sở Y tế duyệt và chuẩn y, thay cho" in note for note in act.details["notes"])


def test_a_moved_branch_goes_on_under_the_plan_of_its_new_superior_where_there_is_one():
    tree = make_tree(branches=2)
    congress = make_congress(tree.branch)
    without, with_plan = neighbour(tree.branch), neighbour(tree.branch)
    plan = make_plan(with_plan)

    notes = [
        services.move(tree.branch.pk, to.pk, **how(tree.bloc, day)).details["notes"]
        for to, day in ((without, date(2022, 9, 1)), (with_plan, date(2022, 9, 2)))
    ]

    assert any("vẫn theo" in note for note in notes[0])
    assert any(f"thực hiện theo kế hoạch số {plan.notation} của Đảng ủy Sở Y tế, thay cho" in note for note in notes[1])
    assert Congress.objects.get(pk=congress.pk).plan == plan


@pytest.mark.parametrize("stage", ["submitted", "reported"])
def test_a_branch_does_not_move_while_its_dossier_lies_with_the_old_superior(stage):
    branch = congress_at(stage).congress.organization

    with pytest.raises(InvalidInput, match="Hồ sơ đang ở"):
        services.move(branch.pk, neighbour(branch).pk, **how(branch.parent.parent))


def test_what_was_ratified_stays_with_who_ratified_it():
    world = congress_at("ratified")
    branch = world.congress.organization

    services.move(branch.pk, neighbour(branch).pk, **how(branch.parent.parent))

    assert Congress.objects.get(pk=world.congress.pk).authority == branch.parent


def test_branches_keep_their_committee_when_it_moves_itself():
    tree = make_tree()
    congress = make_congress(tree.branch)
    upper = make_organization(tree.bloc, node_type=NodeType.UPPER)

    services.move(tree.committee.pk, upper.pk, **how(tree.bloc))

    assert Congress.objects.get(pk=congress.pk).authority == tree.committee


# ---- the number ----


def proposed(branch: Organization, term_label: str = "2022-2025", **plan: object) -> int | None:
    congress = make_congress(branch, term_label=term_label, **plan)
    congress.planned_for = at(date(2022, 12, 1))
    return ordinals.proposal(congress).number


def test_nothing_is_proposed_where_nothing_is_known():
    assert proposed(make_tree().branch) is None


def test_the_number_follows_the_last_one_that_was_written_down():
    world = congress_at("ratified")
    Congress.objects.filter(pk=world.congress.pk).update(ordinal=7)

    assert proposed(world.congress.organization, "2025-2030", number=99) == 8


@pytest.mark.parametrize(("carries", "number"), [(None, 8), (True, 8), (False, 1)])
def test_a_split_branch_counts_on_unless_it_is_decided_otherwise(carries, number):
    tree = make_tree()
    Organization.objects.filter(pk=tree.branch.pk).update(congresses_before=7)
    services.split(
        tree.branch.pk,
        bodies=[NewBody(code="VP2", name="Chi bộ Văn phòng 2", symbol="CB")],
        continues=True,
        carries_ordinal=carries,
        **how(tree.committee),
    )

    assert proposed(Organization.objects.get(code="VP2")) == number


def test_congresses_of_the_former_branch_after_the_split_do_not_count():
    world = congress_at("ratified")
    branch = world.congress.organization
    Organization.objects.filter(pk=branch.pk).update(congresses_before=3)
    Congress.objects.filter(pk=world.congress.pk).update(ordinal=None)
    body = NewBody(code="VP2", name="Chi bộ Văn phòng 2", symbol="CB")
    services.split(branch.pk, bodies=[body], continues=True, **how(branch.parent, date(2022, 6, 1)))
    after = replace(body, code="VP3", name="Chi bộ Văn phòng 3")
    services.split(branch.pk, bodies=[after], continues=True, **how(branch.parent, date(2022, 8, 1)))
    made = {one.code: one for one in Organization.objects.filter(code__in=("VP2", "VP3"))}

    found = {code: ordinals.held_by_of(one, date(2022, 12, 1)) for code, one in made.items()}

    assert found == {"VP2": 3, "VP3": 4}


def test_a_merger_adds_up_and_a_person_may_take_it_back():
    tree = make_tree(branches=2)
    source, into = tree.branches
    Organization.objects.filter(pk=source.pk).update(congresses_before=4)
    Organization.objects.filter(pk=into.pk).update(congresses_before=6)
    services.merge(source.pk, into.pk, **how(tree.committee))
    into.refresh_from_db()
    before = ordinals.held_by_of(into, date(2022, 12, 1))
    link = into.origins.get()

    services.set_ordinal_basis(into.pk, congresses_before=6, carries={link.pk: False}, actor=tree.admin, at=NOW)

    into.refresh_from_db()
    assert (before, ordinals.held_by_of(into, date(2022, 12, 1))) == (10, 6)


def test_the_details_show_the_proposal_with_its_reason_and_fill_in_nothing():
    tree = make_tree()
    Organization.objects.filter(pk=tree.branch.pk).update(congresses_before=6)
    congress = make_congress(Organization.objects.get(pk=tree.branch.pk))

    field = DetailsForm(congress=Congress.objects.get(pk=congress.pk), official=5)["ordinal"]

    assert "Đề xuất: 7. 6 kỳ đại hội trước khi ghi trên hệ thống." in field.help_text
    assert field.value() is None
