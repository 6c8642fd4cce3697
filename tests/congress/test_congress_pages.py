"""Pages of one congress: list, overview, details, roll, clearance, the day, the dossier."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import Role
from congress.lifecycle import CLEARED, CLOSED, COMPLETE, PREPARING, RATIFIED, SITTING, SUBMITTED
from congress.models import Attendance, Proceeding
from congress.services import preparing as preparing_services
from congress.services import sitting as sitting_services
from congress.views import congresses
from documents.services.papers import render_paper
from elections.services import ratifying, slates
from organizations.models import RoleAssignment
from tests.factories import (
    World,
    congress_at,
    give_role,
    make_member,
    make_organization,
    make_plan,
    make_tree,
    make_user,
)

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def url(name: str, world: World, query: str = "") -> str:
    return reverse(f"congress:{name}", args=[world.congress_id]) + query


def page(user: User, name: str, world: World, query: str = "") -> str:
    answer = as_user(user).get(url(name, world, query))
    assert answer.status_code == 200
    return answer.content.decode()


def post(user: User, name: str, world: World, **data: Any) -> Any:
    return as_user(user).post(url(name, world), data)


class events:
    """How many events a block writes."""

    def __enter__(self) -> events:
        self.before = AuditEvent.objects.count()
        return self

    def __exit__(self, *_: object) -> None:
        self.written = AuditEvent.objects.count() - self.before

    @property
    def last(self) -> str:
        return AuditEvent.objects.order_by("-sequence").values_list("action", flat=True)[0]


DETAILS = {
    "ordinal": "7",
    "day": "29/6/2022",
    "clock": "14h30",
    "place": "Hội trường tầng 2",
    "committee_seats": "",
}


def details(world: World, **changes: Any) -> dict[str, Any]:
    return {"version": world.congress.version, **DETAILS} | changes


# ---- the list ----


def test_someone_of_a_branch_with_one_congress_is_led_straight_to_it():
    world = congress_at()

    answer = as_user(world.secretary).get(reverse("congress:list"))

    assert answer.status_code == 302
    assert answer["Location"] == url("detail", world)


def test_the_committee_sees_its_congresses_and_no_others():
    world, other = congress_at(branches=2), congress_at()

    text = as_user(world.approver).get(reverse("congress:list")).content.decode()

    assert all(branch.name in text for branch in world.tree.branches)
    assert other.branch.name + "<" not in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?tim=chi bo nang luong", True),
        ("?tim=Năng LƯỢNG", True),
        ("?tim=xây dựng", False),
        ("?buoc=preparing", True),
        ("?buoc=closed", False),
        ("?nhiem_ky=2022-2025", True),
    ],
)
def test_the_list_is_narrowed_by_its_address(query, shown):
    world = congress_at()
    type(world.branch).objects.filter(pk=world.branch.pk).update(name="Chi bộ Năng lượng")

    text = as_user(world.approver).get(reverse("congress:list") + query).content.decode()

    assert ("Chi bộ Năng lượng" in text) is shown


def test_a_filter_that_does_not_exist_is_said_at_its_field():
    world = congress_at()

    answer = as_user(world.approver).get(reverse("congress:list") + "?buoc=khong-co")

    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()


def test_the_list_names_the_committee_where_it_holds_those_of_several():
    tree = make_tree()
    other = make_organization(
        tree.bloc, node_type="grassroots", name="Đảng bộ cơ sở số 04", committee_name="Đảng ủy 04"
    )
    make_organization(other, name=tree.branch.name)
    make_plan(tree.bloc)

    above, own = (
        as_user(make_user(Role.COMMITTEE_STAFF, at)).get(reverse("congress:list")).context["rows"]
        for at in (tree.bloc, other)
    )

    assert sorted(row["cells"][0]["note"] for row in above) == ["Đảng bộ Sở Công Thương", "Đảng bộ cơ sở số 04"]
    assert [row["cells"][0]["note"] for row in own] == [""]


def test_the_second_page_of_the_list_opens(monkeypatch):
    monkeypatch.setattr(congresses, "PAGE", 1)
    tree = make_tree(branches=2)
    make_plan(tree.committee)
    client = as_user(make_user(Role.COMMITTEE_STAFF, tree.committee))

    first = client.get(reverse("congress:list")).content.decode()
    link = re.search(r'<a href="([^"]*)" rel="next"', first)
    assert link
    second = client.get(reverse("congress:list") + html.unescape(link[1])).content.decode()

    named = [[one.name for one in tree.branches if f">{one.name}<" in page] for page in (first, second)]
    assert sorted(name for page in named for name in page) == sorted(one.name for one in tree.branches)
    assert [len(page) for page in named] == [1, 1]


def test_the_list_asks_the_database_the_same_for_one_congress_as_for_three():
    def queries(branches: int) -> int:
        client = as_user(congress_at(branches=branches).approver)
        client.get(reverse("congress:list"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("congress:list"))
        return len(seen)

    assert queries(1) == queries(3)


def test_nobody_signed_in_is_sent_to_sign_in():
    answer = Client().get(reverse("congress:list"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/")


# ---- who sees and who may ----

READ = ("detail", "roll", "clearance", "sitting", "dossier")
WRITE = {
    "details": ("secretary", "clerk"),
    "convene": ("secretary", "clerk"),
    "take_roll": ("secretary", "clerk"),
    "submit": ("secretary",),
    "withdraw": ("secretary",),
    "clear": ("approver",),
    "return": ("approver",),
    "revoke": ("approver",),
    "open": ("secretary", "clerk"),
    "officers": ("secretary", "clerk"),
    "card_vote": ("secretary", "clerk"),
    "proceeding": ("secretary", "clerk"),
    "close": ("secretary", "clerk"),
    "complete": ("secretary", "clerk"),
    "reopen": ("approver",),
    "pilot": ("staff", "approver"),
}
PEOPLE = ("secretary", "clerk", "drafter", "teller", "member_user", "staff", "approver")


@pytest.mark.parametrize("name", READ)
def test_everyone_of_the_branch_and_its_committee_reads_and_nobody_else(name):
    world = congress_at()

    assert {as_user(getattr(world, who)).get(url(name, world)).status_code for who in PEOPLE} == {200}
    assert as_user(world.outsider).get(url(name, world)).status_code == 404


@pytest.mark.parametrize("name", sorted(WRITE))
def test_only_the_people_of_the_task_get_through(name):
    world = congress_at()

    answers = {who: post(getattr(world, who), name, world).status_code for who in PEOPLE}

    assert {who for who, status in answers.items() if status != 403} == set(WRITE[name])
    assert post(world.outsider, name, world).status_code == 404


# ---- the overview ----

NEXT = [
    ("preparing", "secretary", "Ghi thời gian, địa điểm"),
    ("preparing", "drafter", "Soạn văn kiện"),
    ("submitted", "approver", "Xem xét văn kiện"),
    ("cleared", "clerk", "Chuẩn bị nhân sự"),
    ("sitting", "teller", "Tiến hành bầu cử"),
    ("sealed", "secretary", "Ghi biểu quyết nghị quyết"),
    ("closed", "secretary", "Lập biên bản đại hội"),
    ("reported", "approver", "Xem xét chuẩn y"),
    ("ratified", "clerk", "Hoàn tất hồ sơ"),
]


@pytest.mark.parametrize(("stage", "who", "verb"), NEXT)
def test_the_overview_offers_the_one_thing_this_person_can_do_now(stage, who, verb):
    world = congress_at(stage)

    text = page(getattr(world, who), "detail", world)

    assert text.count("btn-primary") == 1
    assert "Việc tiếp theo của đồng chí" in text
    assert f"{verb}</a>" in text


def test_who_has_nothing_to_do_is_told_so():
    world = congress_at()

    text = page(world.member_user, "detail", world)

    assert "btn-primary" not in text
    assert "không có việc phải làm" in text


def test_a_complete_congress_asks_for_nothing():
    world = congress_at("complete")

    text = page(world.secretary, "detail", world)

    assert "Đại hội đã hoàn tất hồ sơ" in text
    assert "Chưa tới bước" not in text


def test_the_overview_says_deadlines_people_and_latest_events():
    world = congress_at("cleared")

    text = page(world.secretary, "detail", world)

    for words in ("14/6/2022", "22-KH/ĐU", world.approver.full_name, "duyệt, đồng ý tổ chức", "?congress="):
        assert words in text


def test_events_are_shown_to_readers_of_the_record_alone():
    world = congress_at("cleared")

    assert "Việc gần đây" not in page(world.member_user, "detail", world)


# ---- details ----


def test_details_are_kept_with_one_event():
    world = congress_at()

    with events() as seen:
        answer = post(world.clerk, "details", world, **details(world, has_deputy="on"))

    congress = world.congress
    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "congress.details_set")
    assert (congress.ordinal, congress.place, congress.has_deputy) == (7, "Hội trường tầng 2", True)
    assert timezone.localtime(congress.planned_for).strftime("%d/%m/%Y %H:%M") == "29/06/2022 14:30"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"day": ""}, "Ghi ngày."),
        ({"day": "31/6/2022"}, "Ghi ngày theo dạng ngày/tháng/năm"),
        ({"day": "1/1/0001"}, "Ngày phải trong khoảng"),
        ({"day": "1/1/9999"}, "Ngày phải trong khoảng"),
        ({"day": "1/1/2010"}, "trước mọi quy chế bầu cử"),
        ({"clock": "25:00"}, "Ghi giờ theo dạng giờ:phút"),
        ({"clock": ""}, "Ghi giờ khai mạc dự kiến."),
        ({"place": "  "}, "Ghi địa điểm đại hội"),
        ({"ordinal": "bảy"}, "bằng chữ số"),
        ({"ordinal": "0"}, "từ 1 trở lên"),
        ({"has_branch_committee": "on"}, "Ghi số lượng chi ủy viên"),
        ({"has_branch_committee": "on", "committee_seats": "ba"}, "bằng chữ số"),
    ],
)
def test_wrong_details_are_shown_again_with_the_fault_at_the_field(changes, message):
    world = congress_at()

    with events() as seen:
        answer = post(world.secretary, "details", world, **details(world, **changes))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert "14h30" in text or "clock" in changes
    assert seen.written == 0


@pytest.mark.rule("E-16")
def test_more_than_seven_seats_are_refused_with_the_rule():
    world = congress_at()

    answer = post(world.secretary, "details", world, **details(world, has_branch_committee="on", committee_seats="8"))

    assert answer.status_code == 422
    assert "Chi ủy có tối đa 7 chi ủy viên" in answer.content.decode()
    assert (
        post(
            world.secretary, "details", world, **details(world, has_branch_committee="on", committee_seats="7")
        ).status_code
        == 302
    )


@pytest.mark.rule("E-15")
@pytest.mark.parametrize(("members", "elects"), [(8, True), (9, False)])
def test_a_chi_uy_against_the_size_of_the_branch_is_warned_of_and_not_blocked(members, elects):
    world = congress_at(members=members)
    chosen = {"has_branch_committee": "on", "committee_seats": "3"} if elects else {}

    assert post(world.secretary, "details", world, **details(world, **chosen)).status_code == 302

    assert "Kiểm tra việc bầu chi ủy" in page(world.secretary, "details", world)


def test_details_saved_meanwhile_are_shown_beside_what_was_typed():
    world = congress_at()
    mine = details(world, place="Phòng họp số 3")
    post(world.clerk, "details", world, **details(world, place="Nhà văn hóa"))

    answer = post(world.secretary, "details", world, **mine)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản trên máy chủ" in text
    assert "Bản của đồng chí" in text
    assert "Nhà văn hóa" in text
    assert 'value="Phòng họp số 3"' in text
    assert f'name="version" value="{world.congress.version}"' in text


def test_details_are_not_offered_once_submitted():
    world = congress_at("submitted")

    text = page(world.secretary, "details", world)

    assert "rút hồ sơ trình duyệt trước" in text
    assert 'name="place"' not in text
    assert post(world.secretary, "details", world, **details(world)).status_code == 409


def test_a_pilot_is_chosen_by_the_committee_above():
    world = congress_at()

    with events() as seen:
        answer = post(world.staff, "pilot", world)

    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "congress.pilot_chosen")
    assert world.congress.pilot_of == world.committee
    assert "Đại hội điểm" in page(world.secretary, "detail", world)
    assert "Chọn làm đại hội điểm" not in page(world.staff, "detail", world)


# ---- the roll ----


def convened(members: int = 6) -> World:
    world = congress_at(members=members)
    world.fill_details()
    return world


def marks(world: World, *absent: Attendance) -> dict[str, str]:
    return {f"diem-{row.pk}": "absent" if row in absent else "present" for row in world.congress.attendances.all()}


def test_the_roll_is_made_with_one_event():
    world = congress_at()

    with events() as seen:
        assert post(world.clerk, "convene", world).status_code == 302

    assert (seen.written, seen.last) == (1, "congress.convened")
    assert world.congress.attendances.count() == 6


def test_a_roll_without_members_is_refused_with_a_sentence():
    world = congress_at()
    world.branch.members.update(left_on=world.held_on - timedelta(days=400))

    answer = post(world.clerk, "convene", world)

    assert answer.status_code == 422
    assert "chưa có đảng viên trong danh sách" in answer.content.decode()


def test_marked_presences_are_kept_with_one_event():
    world = convened()
    away = world.congress.attendances.first()

    with events() as seen:
        assert post(world.clerk, "take_roll", world, **marks(world, away)).status_code == 302

    assert (seen.written, seen.last) == (1, "congress.roll_taken")
    assert world.present() == 5


def test_all_present_is_one_button_and_leaves_accepted_absences():
    world = convened()
    away = world.congress.attendances.first()
    as_user(world.clerk).post(reverse("congress:excuse", args=[away.pk]), EXCUSED)

    assert post(world.clerk, "take_roll", world, tat_ca="1").status_code == 302

    assert world.present() == 5
    away.refresh_from_db()
    assert away.excused_at is not None


@pytest.mark.parametrize("data", [{}, {"diem-999999": "present"}, {"diem-abc": "present"}, {"diem-{}": "co-le"}])
def test_marks_that_cannot_be_are_refused_and_nothing_is_kept(data):
    world = convened()
    row = world.congress.attendances.first()
    data = {name.format(row.pk): value for name, value in data.items()}

    with events() as seen:
        answer = post(world.clerk, "take_roll", world, **data)

    assert answer.status_code == 422
    assert "Chưa lưu điểm danh" in answer.content.decode()
    assert seen.written == 0
    assert world.present() == 0


def test_marks_stay_on_the_page_when_the_roll_has_changed():
    world = convened()
    row = world.congress.attendances.first()

    answer = post(world.clerk, "take_roll", world, **{f"diem-{row.pk}": "absent", "diem-999999": "present"})

    assert answer.status_code == 422
    assert f'name="diem-{row.pk}" value="absent" checked' in answer.content.decode()


@pytest.mark.rule("E-13")
def test_an_accepted_absence_leaves_the_base_of_elections_and_not_that_of_resolutions():
    world = convened()
    away = world.congress.attendances.first()
    address = reverse("congress:excuse", args=[away.pk])

    with events() as seen:
        assert as_user(world.secretary).post(address, EXCUSED).status_code == 302
    post(world.clerk, "take_roll", world, tat_ca="1")

    text = page(world.secretary, "roll", world)
    assert seen.written == 1
    assert "Cơ sở tính biểu quyết: triệu tập 6, không trừ ai." in text
    assert "triệu tập 6 − 1 (vắng suốt đại hội, lý do được chấp nhận) = 5." in text
    assert "Cần quá một nửa của 5: ít nhất 3 phiếu." in text
    assert "Được chấp nhận: Đi công tác nước ngoài" in text


def test_an_absence_without_a_reason_is_not_accepted():
    world = convened()
    away = world.congress.attendances.first()

    answer = as_user(world.secretary).post(reverse("congress:excuse", args=[away.pk]), {"reason": " "})

    assert answer.status_code == 422
    assert "Ghi lý do" in answer.content.decode()


def test_an_absence_elsewhere_does_not_exist_for_me():
    world, other = convened(), convened()
    away = other.congress.attendances.first()

    assert as_user(world.secretary).get(reverse("congress:excuse", args=[away.pk])).status_code == 404
    assert as_user(other.member_user).get(reverse("congress:excuse", args=[away.pk])).status_code == 403


def test_the_roll_is_closed_with_the_congress():
    world = congress_at("closed")

    text = page(world.secretary, "roll", world)

    assert "Danh sách có mặt đã chốt" in text
    assert 'type="radio"' not in text
    assert post(world.secretary, "take_roll", world, tat_ca="1").status_code == 409
    assert post(world.secretary, "convene", world).status_code == 409


def test_the_roll_asks_the_database_the_same_for_three_people_as_for_twelve():
    def queries(members: int) -> int:
        world = convened(members)
        client = as_user(world.clerk)
        client.get(url("roll", world))
        with CaptureQueriesContext(connection) as seen:
            client.get(url("roll", world))
        return len(seen)

    assert queries(3) == queries(12)


# ---- clearance ----


def ready_to_submit() -> World:
    world = congress_at()
    world.fill_details()
    world.prepare_papers()
    return world


def test_what_is_missing_is_listed_with_its_way_out_and_the_button_says_why():
    world = congress_at()

    text = page(world.secretary, "clearance", world)

    assert "Còn 5 việc trước khi trình duyệt đại hội" in text
    assert url("details", world) in text
    assert "aria-disabled" in text
    assert "Còn 5 việc chưa xong." in text


def test_a_submission_that_is_not_ready_is_refused_with_every_gap():
    world = congress_at()

    with events() as seen:
        answer = post(world.secretary, "submit", world)

    assert answer.status_code == 409
    assert "Chưa ghi thời gian, địa điểm đại hội." in answer.content.decode()
    assert seen.written == 0


def test_the_secretary_checks_the_answers_and_submits():
    world = ready_to_submit()

    asked = page(world.secretary, "submit", world)
    with events() as seen:
        answer = post(world.secretary, "submit", world)

    assert "Hội trường cơ quan" in asked
    assert "Triệu tập" in asked
    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "congress.submitted")
    assert world.congress.state == SUBMITTED


def test_the_clerk_sees_why_only_the_secretary_submits():
    world = ready_to_submit()

    text = page(world.clerk, "clearance", world)

    assert "Việc này cần vai trò “Bí thư chi bộ”" in text


def test_a_submission_is_withdrawn():
    world = congress_at("submitted")

    with events() as seen:
        assert post(world.secretary, "withdraw", world).status_code == 302

    assert (seen.written, seen.last) == (1, "congress.submission_withdrawn")
    assert world.congress.state == PREPARING


def test_a_congress_is_not_cleared_before_its_papers():
    world = congress_at("submitted")

    text = page(world.approver, "clearance", world)

    assert "Còn 3 việc trước khi duyệt đại hội" in text
    assert post(world.approver, "clear", world).status_code == 409
    assert world.congress.state == SUBMITTED


def approved() -> World:
    world = congress_at("submitted")
    for document in world.documents:
        as_user(world.approver).post(reverse("documents:approve", args=[document.pk]))
    return world


def test_the_approver_clears_with_one_event():
    world = approved()

    assert "Duyệt đại hội" in page(world.approver, "clear", world)
    with events() as seen:
        assert post(world.approver, "clear", world, reasons="Đồng ý.").status_code == 302

    assert (seen.written, seen.last) == (1, "congress.cleared")
    assert world.congress.state == CLEARED


@pytest.mark.parametrize(
    ("stage", "name", "event"),
    [("submitted", "return", "congress.returned"), ("cleared", "revoke", "congress.clearance_revoked")],
)
def test_reasons_are_asked_for_and_reach_the_branch(stage, name, event):
    world = congress_at(stage)

    refused = post(world.approver, name, world, reasons="  ")
    with events() as seen:
        done = post(world.approver, name, world, reasons="Bổ sung đề án nhân sự.")

    assert refused.status_code == 422
    assert "Ghi lý do để chi bộ biết cần làm gì." in refused.content.decode()
    assert done.status_code == 302
    assert (seen.written, seen.last) == (1, event)
    assert world.congress.state == PREPARING
    assert "Bổ sung đề án nhân sự." in page(world.secretary, "clearance", world)


def test_staff_sees_why_the_approver_decides():
    world = approved()

    text = page(world.staff, "clearance", world)

    assert "Việc này cần vai trò “Người có thẩm quyền chuẩn y”" in text
    assert "Trình duyệt đại hội</button>" not in text


@pytest.mark.parametrize("name", ["submit", "clear", "return", "revoke", "open", "close"])
def test_a_step_out_of_turn_is_a_conflict_that_names_the_step(name):
    world = congress_at("complete")
    person = world.approver if name in ("clear", "return", "revoke") else world.secretary

    for answer in (as_user(person).get(url(name, world)), post(person, name, world)):
        assert answer.status_code == 409
        assert "đang ở bước “Hoàn tất hồ sơ”" in answer.content.decode()


# ---- the day ----

EXCUSED = {"reason": "Đi công tác nước ngoài", "accepted_by": "Chi ủy (bịa)", "accepted_on": "1/6/2022"}
CARDS = {"in_favour": "6", "against": "0", "abstained": "0"}


def in_session(members: int = 6) -> World:
    return congress_at("sitting", members=members)


def before_the_opening() -> World:
    world = congress_at("cleared")
    first, *_ = slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    slates.nominate(first.rounds.get().pk, member_id=world.members[0].pk, actor=world.secretary, at=world.when(-9, 9))
    return world


OPENING = {"day": "29/6/2022", "clock": "14:00"}


def test_the_opening_is_not_offered_before_the_roll_call():
    world = before_the_opening()

    text = page(world.clerk, "open", world)

    assert "Còn 6 đồng chí chưa điểm danh." in text
    assert 'name="clock"' not in text
    assert post(world.clerk, "open", world, **OPENING).status_code == 409


@pytest.mark.rule("E-10")
def test_the_quorum_is_explained_and_the_congress_opened():
    world = before_the_opening()
    post(world.clerk, "take_roll", world, tat_ca="1")

    asked = page(world.clerk, "open", world)
    with events() as seen:
        answer = post(world.clerk, "open", world, **OPENING)

    assert "Có mặt 6; cần ít nhất hai phần ba của 6 là 4: đủ điều kiện." in asked
    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "congress.opened")
    assert world.congress.state == SITTING
    assert world.congress.regime == "244-QĐ/TW"


@pytest.mark.rule("E-10")
def test_without_quorum_the_congress_is_not_opened():
    world = before_the_opening()
    post(world.clerk, "take_roll", world, **marks(world, *world.congress.attendances.all()[:3]))

    answer = post(world.clerk, "open", world, **OPENING)

    assert answer.status_code == 422
    assert "có mặt 3 đảng viên chính thức, cần ít nhất 4" in answer.content.decode()
    assert world.congress.state == CLEARED


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"day": ""}, "Ghi ngày."),
        ({"clock": ""}, "Ghi giờ."),
        ({"clock": "2 giờ chiều"}, "Ghi giờ theo dạng giờ:phút"),
        ({"day": "29/6/2090"}, "Giờ khai mạc không thể sau lúc này."),
        ({"day": "29/6/1990"}, "trước mọi quy chế bầu cử"),
    ],
)
def test_a_wrong_moment_of_opening_is_said_at_its_field(changes, message):
    world = before_the_opening()
    post(world.clerk, "take_roll", world, tat_ca="1")

    with events() as seen:
        answer = post(world.clerk, "open", world, **(OPENING | changes))

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert answer.content.decode().count("field-error") == 1
    assert seen.written == 0


def test_tellers_without_an_account_are_named_with_the_way_to_open_one():
    world = in_session()
    world.teller.refresh_from_db()
    RoleAssignment.objects.filter(user=world.teller).delete()

    text = page(world.secretary, "sitting", world)

    assert f"{world.members[-2].full_name} chưa có tài khoản với vai trò Kiểm phiếu viên" in text
    assert reverse("organizations:detail", args=[world.branch.pk]) in text


OFFICERS = [
    ("presidium", {"chair": 0, "presidium": 1}),
    ("clerk", {"clerk": 2}),
    ("tellers", {"head_teller": 5, "teller": 4}),
]


@pytest.mark.parametrize(("subject", "people"), OFFICERS)
def test_people_are_elected_by_cards_with_one_event(subject, people):
    world = in_session()
    chosen = {office: world.members[position].pk for office, position in people.items()}

    with events() as seen:
        answer = post(world.clerk, "officers", world, subject=subject, **chosen, **CARDS)

    assert answer.status_code == 302
    assert answer["Location"] == url("sitting", world) + f"#{subject}"
    assert (seen.written, seen.last) == (1, "congress.officers_elected")
    found = world.congress.officers.filter(office__in=people)
    assert {one.office: one.member_id for one in found} == chosen


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"chair": ""}, "Chọn đồng chí làm chủ tịch đại hội."),
        ({"chair": "999999"}, "Chọn đồng chí trong danh sách có mặt."),
        ({"presidium": "999999"}, "Chọn các đồng chí trong danh sách có mặt."),
        ({"presidium": "same"}, "Một đồng chí được chọn hai lần"),
        ({"in_favour": ""}, "Ghi số thẻ tán thành."),
        ({"in_favour": "sáu"}, "bằng chữ số"),
        ({"in_favour": "5"}, "Ba số cộng lại phải bằng 6"),
        ({"against": "-1"}, "Số thẻ không thể âm."),
    ],
)
def test_a_wrong_list_of_people_comes_back_at_its_place_with_everything_typed(changes, message):
    world = in_session()
    chair = world.members[1].pk
    changes = {name: chair if value == "same" else value for name, value in changes.items()}

    with events() as seen:
        answer = post(world.clerk, "officers", world, **({"subject": "presidium", "chair": chair} | CARDS | changes))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert text.index("Đoàn chủ tịch") < text.index(message) < text.index("3. Biểu quyết bằng thẻ")
    assert seen.written == 0
    if "chair" not in changes:
        assert f'<option value="{chair}" selected>' in text


def test_a_list_of_people_that_does_not_exist_is_refused():
    world = in_session()

    assert post(world.clerk, "officers", world, subject="slate", **CARDS).status_code == 422


def test_a_list_that_the_cards_reject_elects_nobody_and_says_so():
    world = in_session()
    before = set(world.congress.officers.values_list("member_id", flat=True))

    answer = as_user(world.clerk).post(
        url("officers", world),
        {"subject": "presidium", "chair": world.members[3].pk, "in_favour": "2", "against": "4", "abstained": "0"},
        follow=True,
    )

    assert "Danh sách không được thông qua" in answer.content.decode()
    assert set(world.congress.officers.values_list("member_id", flat=True)) == before


@pytest.mark.parametrize("subject", ["programme", "resolution", "minutes"])
def test_a_vote_by_cards_is_kept_with_base_and_number_needed(subject):
    world = in_session()

    with events() as seen:
        answer = post(world.clerk, "card_vote", world, subject=subject, text="", **CARDS)

    vote = world.congress.card_votes.get(subject=subject)
    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "congress.card_vote")
    assert (vote.text, vote.base, vote.adopted) == (vote.get_subject_display(), 6, True)
    assert f'{vote.text}</th><td data-label="Tán thành" class="numeric">6' in page(world.clerk, "sitting", world)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": "slate"}, "Chọn nội dung biểu quyết trong danh sách."),
        ({"subject": "other", "text": " "}, "Ghi rõ đại hội biểu quyết nội dung gì."),
        ({"in_favour": "7"}, "Ba số cộng lại phải bằng 6"),
        ({"abstained": "0,5"}, "bằng chữ số"),
        ({"against": "99999"}, "Số thẻ quá lớn."),
        ({"text": "x" * 301}, "300"),
    ],
)
def test_a_wrong_vote_comes_back_at_its_place_with_everything_typed(changes, message):
    world = in_session()

    with events() as seen:
        answer = post(
            world.clerk, "card_vote", world, **({"subject": "programme", "text": "Chương trình"} | CARDS | changes)
        )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert message in text
    assert text.index("3. Biểu quyết bằng thẻ") < text.index(message) < text.index("4. Diễn biến")
    assert "Chương trình" in text or "text" in changes
    assert seen.written == 0
    assert not world.congress.card_votes.filter(subject__in=["programme", "slate", "other"]).exists()


@pytest.mark.parametrize("kind", ["guest", "report", "discussion", "guidance", "reply"])
def test_what_happened_is_written_down_and_taken_out_again(kind):
    world = in_session()

    with events() as written:
        answer = post(
            world.clerk,
            "proceeding",
            world,
            kind=kind,
            person="Nguyễn Thị Hoa",
            post="Phó bí thư",
            text="Ý kiến\nhai dòng",
        )
    entry = Proceeding.objects.get()
    shown = page(world.member_user, "sitting", world)
    with events() as removed:
        gone = as_user(world.clerk).post(reverse("congress:remove_proceeding", args=[entry.pk]))

    assert (answer.status_code, gone.status_code) == (302, 302)
    assert (written.written, removed.written) == (1, 1)
    assert "Nguyễn Thị Hoa" in shown
    assert "Xóa dòng này" not in shown
    assert not Proceeding.objects.exists()


def test_a_wrong_entry_comes_back_with_everything_typed():
    world = in_session()

    answer = post(world.clerk, "proceeding", world, kind="report", person="", text="Báo cáo chính trị của chi ủy")

    assert answer.status_code == 422
    assert "Ghi họ và tên đồng chí." in answer.content.decode()
    assert "Báo cáo chính trị của chi ủy" in answer.content.decode()
    assert post(world.clerk, "proceeding", world, kind="song", person="A").status_code == 422


def test_what_was_typed_is_shown_as_text_and_never_as_code():
    world = in_session()

    post(world.clerk, "proceeding", world, kind="guest", person="<script>alert(1)</script>", post="", text="<b>x</b>")

    assert "<script>alert" not in page(world.clerk, "sitting", world)


def test_entries_of_others_do_not_exist_for_me():
    world, other = in_session(), in_session()
    entry = sitting_services.record_proceeding(
        other.congress_id, kind="guest", person="A", post="", text="", actor=other.clerk, at=other.when()
    )

    assert as_user(world.clerk).post(reverse("congress:remove_proceeding", args=[entry.pk])).status_code == 404
    assert as_user(other.member_user).post(reverse("congress:remove_proceeding", args=[entry.pk])).status_code == 403


@pytest.mark.parametrize("name", ["officers", "card_vote", "proceeding"])
def test_nothing_is_written_before_the_opening(name):
    world = congress_at()
    data = {"subject": "clerk" if name == "officers" else "programme", "kind": "guest", "person": "A"} | CARDS

    assert post(world.clerk, name, world, **data).status_code == 409


def test_the_closing_waits_for_every_gap():
    world = in_session()

    text = page(world.clerk, "close", world)

    assert "Chưa ghi biểu quyết thông qua nghị quyết." in text
    assert "Bầu bí thư chưa kết thúc" in text
    assert post(world.clerk, "close", world, day="29/6/2022", clock="16:30").status_code == 409


def ready_to_close() -> World:
    world = congress_at("sealed")
    post(world.clerk, "card_vote", world, subject="resolution", text="", **CARDS)
    return world


def test_the_answers_are_checked_and_the_congress_closed():
    world = ready_to_close()

    asked = page(world.clerk, "close", world)
    with events() as seen:
        answer = post(world.clerk, "close", world, day="29/6/2022", clock="16g30")

    assert f"{world.members[0].full_name} (chủ tịch đại hội)" in asked
    assert answer.status_code == 302
    assert (seen.written, seen.last) == (1, "congress.closed")
    assert world.congress.state == CLOSED


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        ({"day": "29/6/2022", "clock": "13:00"}, "Giờ bế mạc phải sau giờ khai mạc."),
        ({"day": "29/6/2091", "clock": "13:00"}, "Giờ bế mạc không thể sau lúc này."),
        ({"day": "29/6/2022", "clock": ""}, "Ghi giờ."),
    ],
)
def test_a_wrong_moment_of_closing_is_said_at_its_field(moment, message):
    world = ready_to_close()

    answer = post(world.clerk, "close", world, **moment)

    assert answer.status_code == 422
    assert answer.content.decode().count("field-error") == 1
    assert message in answer.content.decode()


def test_every_page_of_the_day_has_at_most_one_red_button():
    for stage in ("preparing", "cleared", "sitting", "sealed", "closed", "complete"):
        world = congress_at(stage)
        for name in ("detail", "roll", "clearance", "sitting", "dossier"):
            assert page(world.secretary, name, world).count("btn-primary") <= 1, (stage, name)


def test_a_draft_kept_on_the_machine_is_dropped_once_after_it_was_accepted():
    world = in_session()
    client = as_user(world.clerk)

    kept = client.post(url("card_vote", world), {"subject": "programme", "text": "", **CARDS}, follow=True)
    again = client.get(url("sitting", world))

    mark = f'data-draft-saved="congress-{world.congress_id}-card_vote"'
    assert mark in kept.content.decode()
    assert mark not in again.content.decode()


# ---- the dossier ----


def test_the_dossier_lists_papers_without_file():
    world = congress_at("ratified")

    text = page(world.secretary, "dossier", world)

    assert "chưa có tệp PDF." in text
    assert post(world.secretary, "complete", world).status_code == 409
    assert world.congress.state == RATIFIED


def test_the_dossier_is_completed_and_opened_again():
    world = congress_at("ratified")
    for paper in world.papers:
        render_paper({"paper_id": paper.pk}, None)

    with events() as completed:
        assert post(world.clerk, "complete", world).status_code == 302
    assert world.congress.state == COMPLETE
    with events() as reopened:
        assert post(world.approver, "reopen", world).status_code == 302

    assert (completed.written, reopened.written) == (1, 1)
    assert world.congress.state == RATIFIED


def test_who_may_not_reopen_reads_why():
    world = congress_at("complete")

    assert "Việc này cần vai trò “Người có thẩm quyền chuẩn y”" in page(world.secretary, "dossier", world)


# ---- probationers, other words ----


def test_probationers_are_called_but_not_counted():
    world = congress_at()
    make_member(world.branch, "Lưu Thị Dự Bị", official_on=None)
    world.fill_details()

    text = page(world.clerk, "roll", world)

    assert "Dự bị" in text
    assert "triệu tập 6, không trừ ai." in text


def test_a_link_in_the_trail_shows_only_what_the_person_may_open():
    world = congress_at()

    branch = page(world.secretary, "detail", world)
    committee = page(world.approver, "detail", world)

    assert reverse("organizations:detail", args=[world.committee.pk]) not in branch
    assert reverse("organizations:detail", args=[world.committee.pk]) in committee


def test_a_second_role_elsewhere_does_not_open_this_congress():
    world, other = congress_at(), congress_at()
    visitor = make_user(Role.SECRETARY, other.branch)

    assert as_user(visitor).get(url("detail", world)).status_code == 404


def test_who_submitted_does_not_clear_and_reads_why():
    world = ready_to_submit()
    both = world.secretary
    give_role(both, Role.APPROVER, world.committee)
    post(both, "submit", world)

    assert "Người trình duyệt không được tự duyệt" in page(both, "clearance", world)
    assert post(both, "clear", world).status_code == 403
    assert preparing_services.pending_request(world.congress) is not None


# ---- a second sitting ----


def test_a_second_sitting_starts_from_an_empty_page_and_needs_its_own_resolution():
    world = congress_at("closed")
    post(world.clerk, "proceeding", world, kind="guest", person="Nguyễn Thị Hoa", post="", text="")
    world.reported()
    ratifying.refuse_results(world.congress_id, reasons="Bầu sai thủ tục.", actor=world.approver, at=world.when(6))

    before = page(world.clerk, "sitting", world)
    post(world.clerk, "take_roll", world, tat_ca="1")
    post(world.clerk, "open", world, day="12/7/2022", clock="8:00")

    assert "Đại hội họp lại" in before
    assert "Nguyễn Thị Hoa" not in before
    assert "Nghị quyết đại hội</th>" not in before
    assert world.congress.state == SITTING
    assert "Chưa ghi biểu quyết thông qua nghị quyết." in page(world.clerk, "close", world)
