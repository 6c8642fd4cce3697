"""The pages of a slate: what each step says, who may take it, what it writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from elections.services import nominations, opinions, slates, withdrawals
from tests.factories import World, congress_at, make_member
from tests.slates import (
    asked,
    committee,
    convenes,
    leader_not_elected,
    nominated,
    opinions_entered,
    opinions_tied,
    prepared,
    too_many,
)

pytestmark = pytest.mark.django_db

CARDS = {"in_favour": "12", "against": "0", "abstained": "0"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def tied(world: World) -> int:
    opinions_tied(world)
    return world.round.pk


def opinion_sheet(world: World) -> dict[str, str]:
    too_many(world)
    figures = {"issued": "12", "returned": "12", "valid": "12", "invalid": "0"}
    return figures | {f"support_{world.members[number].pk}": str(number) for number in (5, 6)}


def withdrawal(world: World) -> dict[str, str]:
    return {"member": str(world.members[0].pk), "reason": "Sức khỏe yếu", "proposal": "allow"}


OPINION = {"text": "Đồng ý bầu tiếp.", "source": "Công văn 12-CV/ĐU"}
ACTS: list[Any] = [  # address, world, the object, what is sent, event
    ("seats", committee, lambda w: w.round.pk, CARDS | {"seats": "5"}, "election.seats_fixed"),
    ("support", committee, lambda w: nominated(w, 5, None).pk, {"support": "4"}, "election.supported"),
    ("withdrawals", committee, lambda w: w.round.pk, withdrawal, "election.withdrawal_asked"),
    ("decide_withdrawal", committee, asked, CARDS, "election.withdrawal_agreed"),
    ("opinions", committee, lambda w: w.round.pk, opinion_sheet, "election.opinions_entered"),
    ("confirm_opinions", committee, lambda w: opinions_entered(w).pk, {}, "election.opinions_confirmed"),
    ("joining", committee, tied, CARDS, "election.joining_decided"),
    (
        "superior_opinion",
        leader_not_elected,
        lambda w: w.elections[1].pk,
        OPINION,
        "election.superior_opinion",
    ),
    ("plan_leader", prepared, lambda w: w.elections[1].pk, {"member": ""}, "election.leader_planned"),
]
IDS = [act[0] for act in ACTS]
ONLY_POST = ("decide_withdrawal", "confirm_opinions")


@pytest.mark.parametrize(("name", "make", "about", "data", "event"), ACTS, ids=IDS)
def test_each_step_has_a_page_is_done_by_the_secretary_and_written_down_once(name, make, about, data, event):
    world = make()
    pk = about(world)
    sent = data(world) if callable(data) else data
    url = reverse(f"elections:{name}", args=[pk])
    before = AuditEvent.objects.count()
    client = signed_in(world.secretary)

    shown = client.get(url).status_code
    answer = client.post(url, sent)

    assert shown == (405 if name in ONLY_POST else 200)
    assert answer.status_code == 302
    assert [one.action for one in AuditEvent.objects.order_by("pk")[before:]] == [event]


@pytest.mark.parametrize(("name", "make", "about", "data", "event"), ACTS, ids=IDS)
def test_nobody_else_takes_the_step(name, make, about, data, event):
    world = make()
    url = reverse(f"elections:{name}", args=[about(world)])
    sent = data(world) if callable(data) else data

    codes = {who: signed_in(getattr(world, who)).post(url, sent).status_code for who in ("teller", "approver")}

    assert codes == {"teller": 403, "approver": 403}
    assert signed_in(world.outsider).post(url, sent).status_code == 404


WRONG: list[Any] = [
    ("seats", lambda w: w.round.pk, CARDS | {"seats": "8"}, "Chi ủy có không quá 7 người"),
    ("seats", lambda w: w.round.pk, CARDS | {"seats": "3", "in_favour": "11"}, "phải bằng 12 đảng viên có mặt"),
    ("support", lambda w: nominated(w, 5, None).pk, {"support": "13"}, "không thể có 13 người ủng hộ"),
    ("withdrawals", lambda w: w.round.pk, {"member": "", "reason": "", "proposal": ""}, "Chọn đồng chí xin rút."),
    ("decide_withdrawal", asked, CARDS | {"in_favour": ""}, "Chưa ghi số thẻ hoặc số phiếu tán thành"),
    ("opinions", lambda w: w.round.pk, lambda w: opinion_sheet(w) | {"valid": "11"}, "không bằng thu về 12 phiếu"),
    ("joining", tied, CARDS | {"in_favour": "1"}, "phải bằng 12 đảng viên có mặt"),
]


@pytest.mark.parametrize(("name", "about", "data", "message"), WRONG)
def test_wrong_input_is_named_and_nothing_is_written(name, about, data, message):
    world = committee()
    url = reverse(f"elections:{name}", args=[about(world)])
    sent = data(world) if callable(data) else data
    before = AuditEvent.objects.count()

    answer = signed_in(world.secretary).post(url, sent)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", ["seats", "withdrawals", "opinions", "joining"])
def test_nothing_of_this_once_the_slate_is_fixed(name):
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    client = signed_in(world.secretary)
    url = reverse(f"elections:{name}", args=[world.round.pk])

    assert (client.get(url).status_code, client.post(url, CARDS).status_code) == (409, 409)


# ---- what the page of the round says ----


def page_of(world: World, who: str = "secretary") -> str:
    answer = signed_in(getattr(world, who)).get(reverse("elections:round", args=[world.round.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def next_step(world: World) -> str:
    answer = signed_in(world.secretary).get(reverse("elections:round", args=[world.round.pk]))
    steps = [task["title"] for group in answer.context["groups"] for task in group["tasks"] if task["next"]]
    assert len(steps) == 1
    return steps[0]


def test_one_next_step_stands_out_on_the_way_to_the_vote():
    world = committee()
    assert next_step(world) == "Chốt số lượng cần bầu"
    slates.fix_seats(world.round.pk, seats=3, in_favour=12, actor=world.secretary, at=world.when(0, 14, 12))
    assert next_step(world) == "Biểu quyết chốt danh sách"
    candidate = nominated(world, 5, None)
    assert next_step(world) == "Lấy ý kiến ủng hộ người ngoài danh sách của cấp ủy"
    nominations.record_support(candidate.pk, support=12, actor=world.secretary, at=world.when(0, 14, 16))
    assert next_step(world) == "Quyết định ai vào danh sách"
    act = {"actor": world.secretary, "at": world.when(0, 14, 17)}
    opinions.decide_joining(world.round.pk, joining=[candidate.member_id], in_favour=12, **act)
    assert next_step(world) == "Biểu quyết chốt danh sách"
    asked(world)
    assert next_step(world) == "Xin rút"


def test_the_ceiling_is_said_before_the_number_is_voted_on():
    world = committee()

    assert "nhiều nhất 4 người (số dư không quá 1)" in page_of(world)


def test_a_conflict_is_shown_with_its_rule_and_who_does_what_next():
    world = committee()
    convenes(world, 5)
    nominated(world, 5)

    page = page_of(world)

    assert "là cấp ủy viên triệu tập, không thuộc danh sách do cấp ủy giới thiệu: phải xin rút." in page
    assert "E-32: Quyết định 190-QĐ/TW ngày 10/10/2024, Điều 11 khoản 1" in page
    assert "Ghi phải xin rút" in page


def test_who_may_not_stand_is_named_with_the_reason_and_refused_with_it():
    world = committee()
    probationer = make_member(world.branch, "Trương Văn Dự", official_on=None)
    world.congress.attendances.create(member=probationer, is_official=False, presence="present")
    sent = {"member": str(probationer.pk), "source": "nominated", "nominated_by": str(world.members[0].pk)}

    answer = signed_in(world.secretary).post(reverse("elections:nominate", args=[world.round.pk]), sent)

    assert "“Trương Văn Dự (bịa)” không thể có tên trong danh sách bầu cử" in page_of(world)
    assert answer.status_code == 422
    assert "member" in answer.context["nomination_form"].errors
    assert "chỉ đảng viên chính thức của chi bộ được ứng cử, đề cử" in answer.content.decode()


def test_others_see_the_slate_but_none_of_the_work():
    page = page_of(committee(), "member_user")

    assert "Lê Văn An" in page
    assert "Ghi biểu quyết" not in page
    assert "Đưa vào danh sách" not in page


def test_who_entered_the_opinions_is_told_why_another_confirms():
    world = committee()
    opinions_entered(world)

    page = signed_in(world.clerk).get(reverse("elections:opinions", args=[world.round.pk])).content.decode()

    assert "Bằng phiếu, đại hội quyết định" in page
    assert "Người nhập kết quả phiếu xin ý kiến không được tự xác nhận." in page


def test_what_the_congress_decided_stays_on_the_page():
    world = committee()
    pk = asked(world)
    withdrawals.decide_withdrawal(pk, in_favour=6, against=6, actor=world.secretary, at=world.when(0, 14, 21))
    slates.fix_seats(world.round.pk, seats=3, in_favour=12, actor=world.secretary, at=world.when(0, 14, 22))
    slates.fix_slate(world.round.pk, in_favour=12, actor=world.secretary, at=world.when(0, 14, 23))

    page = page_of(world)

    assert "xin rút: đại hội không đồng ý cho rút (6/12, biểu quyết giơ thẻ, 14:21 ngày" in page
    assert "Số lượng cần bầu 3: tán thành 12/12" in page
    assert "Mở lại danh sách" in page


def test_the_page_of_a_long_slate_takes_no_query_for_each_name():
    world = committee()
    client, url = signed_in(world.secretary), reverse("elections:round", args=[world.round.pk])
    counts = []
    for number in (5, 6, 7):
        nominated(world, number)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[2] == counts[1]


@pytest.mark.rule("E-38")
def test_a_list_above_the_surplus_is_refused_with_the_way_to_the_decision():
    world = committee()
    for number in (5, 6):
        nominated(world, number, 12)
    client = signed_in(world.secretary)
    joining = reverse("elections:joining", args=[world.round.pk])

    refused = client.post(reverse("elections:fix_slate", args=[world.round.pk]), CARDS)
    page = client.get(joining).content.decode()

    assert refused.status_code == 422
    assert "Danh sách còn điểm phải sửa nêu ở trên." in refused.content.decode()
    assert f'href="{joining}"' in refused.content.decode()
    assert "nhiều nhất 4 người" in page and "nhiều nhất 2 đồng chí" not in page
    assert "chưa kiểm chứng" in page


def test_a_refused_form_loaded_again_leads_back_to_the_slate():
    world = congress_at("sitting", members=9, committee_seats=3)
    client, url = signed_in(world.secretary), reverse("elections:nominate", args=[world.round.pk])
    assert client.post(url, {"member": ""}).status_code == 422

    again = client.get(url, headers={"referer": f"http://testserver{url}"})

    assert again.status_code == 405
    assert f'href="{reverse("elections:round", args=[world.round.pk])}"' in again.content.decode()
