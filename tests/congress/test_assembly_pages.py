"""Pages on which a đảng bộ congress, its delegates and the meeting of its committee are prepared."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from congress.lifecycle import CLOSED
from congress.models import AssemblyKind, Attendance, Congress, Coverage, Plan
from congress.services import delegates, preparing, sitting
from tests.assemblies import Place, a_committee, details, line, when
from tests.factories import congress_at, make_member, make_tree, make_user

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def post(user: User, name: str, pk: int, **data: Any) -> Any:
    return as_user(user).post(reverse(f"congress:{name}", args=[pk]), data)


def page(user: User, name: str, pk: int) -> str:
    answer = as_user(user).get(reverse(f"congress:{name}", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def typed(congress: Congress, **changes: Any) -> dict[str, Any]:
    stored = Congress.objects.get(pk=congress.pk)
    return {"version": stored.version, "day": "20/3/2025", "clock": "14:00", "place": "Hội trường (bịa)"} | changes


# ---- the plan ----


@pytest.mark.parametrize("kind", ["members", "delegates"])
def test_the_plan_of_a_committee_says_how_it_meets_itself(kind):
    tree = make_tree()
    staff = make_user(Role.COMMITTEE_STAFF, tree.committee)
    form = {"subject": "về đại hội đảng bộ", "term_label": "2025-2030", "coverage": Coverage.OWN, "kind": kind}

    answer = post(staff, "draft_plan", tree.committee.pk, **form)

    assert answer.status_code == 302
    assert Plan.objects.get(organization=tree.committee).kind == kind


# ---- details ----


def test_the_details_of_a_committee_ask_for_its_kind_and_its_seats():
    place, congress = a_committee()

    text = page(place.secretary, "details", congress.pk)
    answer = post(
        place.secretary,
        "details",
        congress.pk,
        **typed(congress, kind="delegates", committee_seats="15", delegate_seats="4", alternate_seats="1"),
    )

    stored = Congress.objects.get(pk=congress.pk)
    assert "Loại hình đại hội" in text
    assert "bầu chi ủy" not in text
    assert answer.status_code == 302
    assert (stored.kind, stored.committee_seats, stored.delegate_seats, stored.alternate_seats) == (
        "delegates",
        15,
        4,
        1,
    )


def test_the_details_of_a_branch_ask_for_delegates_and_for_no_kind():
    world = congress_at()

    text = page(world.secretary, "details", world.congress_id)
    answer = post(
        world.secretary, "details", world.congress_id, **typed(world.congress, delegate_seats="2", alternate_seats="1")
    )

    assert "Số đại biểu dự đại hội cấp trên" in text
    assert "Loại hình đại hội" not in text
    assert answer.status_code == 302
    assert (world.congress.delegate_seats, world.congress.alternate_seats) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "meeting"}, "field-error"),
        ({"kind": ""}, "Chọn đại hội đảng viên hoặc đại hội đại biểu"),
        ({"kind": "members", "alternate_seats": "1"}, "ghi cả số đại biểu chính thức"),
        ({"kind": "members", "delegate_seats": "hai"}, "bằng chữ số"),
        ({"kind": "members", "committee_seats": "0"}, "từ 1 trở lên"),
    ],
)
def test_wrong_details_of_a_committee_are_said_at_their_field(changes, message):
    place, congress = a_committee()

    answer = post(place.secretary, "details", congress.pk, **typed(congress, **changes))

    assert answer.status_code == 422
    assert message in answer.content.decode()


# ---- delegates ----


def of_delegates() -> tuple[Place, Congress]:
    place, congress = a_committee(kind=AssemblyKind.DELEGATES)
    details(place, congress, committee_seats=5)
    return place, congress


def test_delegates_are_chosen_in_the_list_or_pasted():
    place, congress = of_delegates()
    one, two = place.members[0], place.members[7]

    shown = page(place.secretary, "delegates", congress.pk)
    answer = post(
        place.secretary, "delegates", congress.pk, mandate="official", person=one.pk, pasted=f"{two.full_name}\n\n"
    )
    alternate = post(
        place.secretary,
        "delegates",
        congress.pk,
        mandate="alternate",
        pasted=place.members[3].full_name.upper(),
    )

    assert one.full_name in shown
    assert place.tree.branches[0].name in shown
    assert (answer.status_code, alternate.status_code) == (302, 302)
    assert dict(congress.attendances.values_list("member_id", "mandate")) == {
        one.pk: "official",
        two.pk: "official",
        place.members[3].pk: "alternate",
    }


def test_a_name_that_two_people_bear_is_asked_for_and_told_apart_by_the_branch():
    place, congress = of_delegates()
    twins = [make_member(branch, "Lê Văn Trùng") for branch in place.tree.branches]

    asked = post(place.secretary, "delegates", congress.pk, mandate="official", pasted="Lê Văn Trùng")
    told = post(
        place.secretary,
        "delegates",
        congress.pk,
        mandate="official",
        pasted=f"Lê Văn Trùng, {place.tree.branches[1].name}",
    )

    assert asked.status_code == 422
    assert "Dòng 1: có 2 đồng chí" in asked.content.decode()
    assert told.status_code == 302
    assert congress.attendances.get().member == twins[1]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"mandate": "official", "pasted": "Không Có Ai"}, "Dòng 1: không có đảng viên “Không Có Ai”"),
        ({"mandate": "official"}, "Chọn ít nhất một đồng chí"),
        ({"pasted": "Lê Văn An 1"}, "Chọn đại biểu chính thức hoặc dự khuyết"),
        ({"mandate": "ex_officio", "pasted": "Lê Văn An 1"}, "field-error"),
    ],
)
def test_a_wrong_list_of_delegates_is_shown_again(form, message):
    place, congress = of_delegates()

    answer = post(place.secretary, "delegates", congress.pk, **form)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not congress.attendances.exists()


def test_a_branch_has_no_page_of_delegates():
    world = congress_at()

    assert as_user(world.secretary).get(reverse("congress:delegates", args=[world.congress_id])).status_code == 409


def with_delegates() -> tuple[Place, Congress]:
    place, congress = of_delegates()
    chosen = {one.pk: "official" for one in place.members[:3]} | {place.members[3].pk: "alternate"}
    delegates.summon_delegates(congress.pk, chosen, actor=place.secretary, at=when(-21))
    return place, congress


def test_the_roll_shows_mandates_and_takes_a_mistake_off():
    place, congress = with_delegates()

    text = page(place.secretary, "roll", congress.pk)
    answer = post(place.secretary, "dismiss_delegate", line(congress, place.members[2]).pk)

    assert "Đại biểu dự đại hội" in text
    assert text.count("Đại biểu chính thức") == 3
    assert "Thêm đại biểu" in text
    assert answer.status_code == 302
    assert congress.attendances.count() == 3


def test_an_alternate_is_given_the_place_of_an_absent_delegate_on_a_page():
    place, congress = with_delegates()
    absent, alternate = line(congress, place.members[1]), line(congress, place.members[3])
    marks = {one.pk: "absent" if one == absent else "present" for one in congress.attendances.all()}
    sitting.take_roll(congress.pk, marks, actor=place.secretary, at=when(0, 13))

    text = page(place.secretary, "replace_delegate", alternate.pk)
    refused = post(place.secretary, "replace_delegate", alternate.pk, delegate=line(congress, place.members[0]).pk)
    answer = post(place.secretary, "replace_delegate", alternate.pk, delegate=absent.pk)

    assert place.members[1].full_name in text
    assert refused.status_code == 422
    assert "đã được điểm danh vắng mặt" in refused.content.decode()
    assert answer.status_code == 302
    assert Attendance.objects.get(pk=alternate.pk).replaces == absent
    assert f"thay đồng chí {place.members[1].full_name}" in page(place.secretary, "roll", congress.pk)
    assert "Đại biểu dự khuyết thay: 1" in page(place.secretary, "meter", congress.pk)

    nobody = post(place.secretary, "replace_delegate", alternate.pk, delegate="")
    assert nobody.status_code == 302
    assert Attendance.objects.get(pk=alternate.pk).replaces is None


# ---- the committee meets ----


def test_the_page_that_calls_the_meeting_answers_a_conflict_before_the_election():
    place, congress = a_committee()
    Congress.objects.filter(pk=congress.pk).update(state=CLOSED)

    assert as_user(place.secretary).get(reverse("congress:call_meeting", args=[congress.pk])).status_code == 409


def meeting() -> tuple[Place, Congress]:
    place, congress = a_committee()
    made = Congress.objects.create(
        organization=place.committee,
        authority=congress.authority,
        plan=congress.plan,
        kind=AssemblyKind.MEETING,
        term_label=congress.term_label,
        ordinal=1,
        state="cleared",
        state_since=when(),
    )
    called = [preparing.Called(one, True, "") for one in place.members[:5]]
    preparing.keep_roll(made, called)
    return place, made


def test_the_details_of_a_meeting_ask_for_the_standing_committee_and_the_deputy():
    place, made = meeting()

    text = page(place.secretary, "details", made.pk)
    answer = post(place.secretary, "details", made.pk, **typed(made, ordinal="1", standing_seats="3", has_deputy="on"))

    made.refresh_from_db()
    assert "Ngày hội nghị" in text
    assert "Số lượng ủy viên ban thường vụ" in text
    assert "Loại hình đại hội" not in text
    assert answer.status_code == 302
    assert (made.standing_seats, made.has_deputy) == (3, True)


@pytest.mark.parametrize("name", ["detail", "roll", "sitting", "meter", "dossier"])
def test_the_pages_of_a_meeting_call_it_a_meeting(name):
    place, made = meeting()

    text = page(place.secretary, name, made.pk)

    assert "Hội nghị lần thứ nhất Đảng ủy Sở Công Thương" in text
    assert "Cấp ủy viên dự hội nghị" in text
    assert "Diễn biến hội nghị" in text


def test_the_overview_of_a_meeting_asks_for_no_papers_and_no_clearance():
    place, made = meeting()

    text = page(place.secretary, "detail", made.pk)

    assert "Soạn văn kiện và trình xin ý kiến" not in text
    assert "Xem xét, duyệt đại hội" not in text
    assert "Danh sách triệu tập cấp ủy viên" in text
