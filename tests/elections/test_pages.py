"""The pages of elections and ratification: who sees and does what, what they say, what they write."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from documents.services import minutes
from elections.models import SealedResult
from elections.services import ratifying
from tests.factories import PASSWORD, World, congress_at, make_admin

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def address(name: str, world: World) -> str:
    objects = {
        "congress": world.congress_id,
        "round": world.round.pk if world.elections else 0,
        "election": world.elections[0].pk if world.elections else 0,
        "candidate": world.round.candidates.first().pk if world.elections and world.round.candidates.exists() else 0,
    }
    return reverse(f"elections:{name}", args=[objects[KIND[name]]] if name in KIND else [])


KIND = {name: "congress" for name in ("overview", "set_up", "ratification", "report", "ratify")}
KIND |= {name: "congress" for name in ("return_results", "refuse_results")}
KIND |= {name: "round" for name in ("round", "nominate", "fix_slate", "reopen_slate")}
KIND |= {name: "round" for name in ("proposal", "reject_count", "seal")}
KIND |= {"strike": "candidate", "next_round": "election", "conclude": "election"}


# ---- who may open what ----

READERS = ("secretary", "clerk", "drafter", "teller", "head_teller", "member_user", "staff", "approver")
GETS = [  # page, stage, who besides everybody in reach may (None: all readers)
    ("all", "sitting", None),
    ("overview", "cleared", None),
    ("overview", "sealed", None),
    ("round", "sitting", None),
    ("round", "slate_fixed", None),
    ("round", "counted", None),
    ("proposal", "counted", ("teller", "head_teller")),
    ("proposal", "sealed", None),
    ("reject_count", "counted", ("head_teller",)),
    ("seal", "counted", ("head_teller",)),
    ("reopen_slate", "slate_fixed", ("secretary", "clerk")),
    ("ratifications", "reported", None),
    ("ratification", "sitting", None),
    ("ratification", "closed", None),
    ("ratification", "reported", None),
    ("ratification", "ratified", None),
    ("ratify", "reported", ("approver",)),
    ("return_results", "reported", ("approver",)),
    ("refuse_results", "reported", ("approver",)),
]


@pytest.mark.parametrize(("name", "stage", "allowed"), GETS)
def test_each_page_opens_for_those_it_is_for_and_says_why_not_to_others(name, stage, allowed):
    world = congress_at(stage)
    url = address(name, world)

    got = {who: signed_in(getattr(world, who)).get(url).status_code for who in READERS}

    assert got == {who: 200 if allowed is None or who in allowed else 403 for who in READERS}


@pytest.mark.parametrize("name", sorted(KIND))
def test_out_of_reach_looks_like_missing(name):
    world = congress_at("counted")
    client = signed_in(world.outsider)
    ask = client.get if _takes_get(name) else client.post

    assert ask(address(name, world)).status_code == 404


@pytest.mark.parametrize("name", sorted(KIND))
def test_nobody_gets_in_without_signing_in(name):
    world = congress_at("counted")
    client = Client()
    ask = client.get if _takes_get(name) else client.post

    answer = ask(address(name, world))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def _takes_get(name: str) -> bool:
    return name not in ("set_up", "nominate", "strike", "fix_slate")


# ---- acts ----


def decision(world: World, **changed: str) -> dict[str, str]:
    day = world.when(9)
    data = {"issued_on": f"{day:%d/%m/%Y}", "number": "", "signer_post": "Bí thư", "signer_name": "Phạm Văn Duyệt"}
    return data | changed


def short_round(world: World) -> None:
    """Two of three seats filled: the congress decides whether to go on."""
    world.counting()
    world.enter(world.figures(votes=[10, 9, 4, 2]))
    world.sealed()


def with_minutes(world: World) -> None:
    minutes.issue_congress_minutes(world.congress_id, actor=world.secretary, at=world.when(0, 17))


def nomination(world: World) -> dict[str, str]:
    return {"member": str(world.members[3].pk), "source": "nominated", "nominated_by": str(world.members[2].pk)}


def written_by_mistake(world: World) -> None:
    """The one name of the slate is a floor nomination that the congress has not dealt with."""
    world.round.candidates.update(source="nominated")


CARDS = {"in_favour": "6", "against": "0", "abstained": "0"}
TWELVE = CARDS | {"in_favour": "12"}
WHY = {"reasons": "Đếm lại ô H"}
ACTS: list[Any] = [  # name, stage, who, data, event, others who may not
    ("set_up", "cleared", "secretary", {}, "election.set_up", ("teller", "approver", "member_user")),
    ("nominate", "sitting", "clerk", nomination, "election.nominated", ("teller", "approver", "drafter")),
    ("strike", "sitting", "secretary", {"reasons": "Ghi nhầm"}, "election.struck", ("teller", "approver", "drafter")),
    ("fix_slate", "sitting", "secretary", CARDS, "election.slate_fixed", ("teller", "head_teller", "approver")),
    ("reopen_slate", "slate_fixed", "secretary", {}, "election.slate_reopened", ("teller", "staff")),
    ("reject_count", "counted", "head_teller", WHY, "election.count_rejected", ("teller", "secretary", "approver")),
    ("seal", "counted", "head_teller", {"sheet_number": "1"}, "election.sealed", ("teller", "secretary", "approver")),
    ("report", "closed", "secretary", World.enclosures, "congress.reported", ("clerk", "approver", "member_user")),
    ("ratify", "reported", "approver", decision, "congress.ratified", ("secretary", "staff")),
    ("return_results", "reported", "approver", WHY, "congress.results_returned", ("secretary", "staff")),
    ("refuse_results", "reported", "approver", WHY, "congress.results_refused", ("secretary", "staff")),
]
IDS = [act[0] for act in ACTS]
PREPARED = {"report": with_minutes, "strike": written_by_mistake}


@pytest.mark.parametrize(("name", "stage", "who", "data", "event", "others"), ACTS, ids=IDS)
def test_each_act_is_done_by_its_person_and_written_down_once(name, stage, who, data, event, others):
    world = congress_at(stage)
    PREPARED.get(name, lambda world: None)(world)
    before = AuditEvent.objects.count()

    answer = signed_in(getattr(world, who)).post(address(name, world), data(world) if callable(data) else data)

    assert answer.status_code in (302, 303)
    assert [one.action for one in AuditEvent.objects.order_by("pk")[before:]] == [event]


@pytest.mark.parametrize(("name", "stage", "who", "data", "event", "others"), ACTS, ids=IDS)
def test_nobody_else_does_it_and_the_refusal_is_written_down(name, stage, who, data, event, others):
    world = congress_at(stage)
    PREPARED.get(name, lambda world: None)(world)
    before = AuditEvent.objects.count()
    sent = data(world) if callable(data) else data

    codes = {other: signed_in(getattr(world, other)).post(address(name, world), sent).status_code for other in others}

    assert codes == dict.fromkeys(others, 403)
    assert {one.outcome for one in AuditEvent.objects.order_by("pk")[before:]} == {"refused"}


WRONG_STATE = [
    ("set_up", "sitting", "secretary", {}),
    ("nominate", "slate_fixed", "secretary", {}),
    ("strike", "slate_fixed", "secretary", {}),
    ("fix_slate", "counted", "secretary", {}),
    ("reopen_slate", "sitting", "secretary", {}),
    ("reject_count", "slate_fixed", "head_teller", {}),
    ("seal", "sealed", "head_teller", {"sheet_number": "1"}),
    ("next_round", "counted", "secretary", {}),
    ("next_round", "sealed", "secretary", {}),
    ("conclude", "counted", "secretary", {}),
    ("report", "reported", "secretary", {}),
    ("report", "closed", "secretary", {}),  # the minutes are missing
    ("ratify", "closed", "approver", {}),
    ("return_results", "ratified", "approver", {}),
    ("refuse_results", "closed", "approver", {}),
]


@pytest.mark.parametrize(("name", "stage", "who", "data"), WRONG_STATE)
def test_an_act_at_the_wrong_time_is_refused_with_its_reason_and_writes_nothing(name, stage, who, data):
    world = congress_at(stage)
    before = AuditEvent.objects.count()

    answer = signed_in(getattr(world, who)).post(address(name, world), data)

    assert answer.status_code == 409
    assert AuditEvent.objects.count() == before


def test_sealing_a_sheet_that_was_entered_again_meanwhile_is_refused():
    world = congress_at("counted")

    answer = signed_in(world.head_teller).post(address("seal", world), {"sheet_number": "２"})

    assert answer.status_code == 409
    assert world.round.state == "counted"


# ---- what is typed ----

WRONG_INPUT = [
    ("nominate", "sitting", "secretary", {"member": "999999", "source": "nominated"}, "không thuộc diện"),
    ("fix_slate", "sitting", "secretary", CARDS | {"in_favour": "5"}, "phải bằng 6 đảng viên có mặt"),
    ("fix_slate", "sitting", "secretary", CARDS | {"in_favour": ""}, "Chưa ghi số thẻ tán thành. Không có thì ghi 0."),
    ("fix_slate", "sitting", "secretary", CARDS | {"in_favour": "６"}, "đang là “６”"),
    ("reject_count", "counted", "head_teller", {"reasons": " "}, "Ghi lý do để ban kiểm phiếu biết"),
    ("return_results", "reported", "approver", {"reasons": ""}, "Ghi lý do để chi bộ biết cần làm gì."),
    ("refuse_results", "reported", "approver", {"reasons": ""}, "Ghi lý do để chi bộ biết cần làm gì."),
]


@pytest.mark.parametrize(("name", "stage", "who", "data", "message"), WRONG_INPUT)
def test_wrong_input_is_named_and_kept(name, stage, who, data, message):
    world = congress_at(stage)
    before = AuditEvent.objects.count()

    answer = signed_in(getattr(world, who)).post(address(name, world), data)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"issued_on": "31/12/2099"}, "Ngày quyết định không thể sau hôm nay."),
        ({"issued_on": "1/6/2022"}, "Ngày quyết định không thể trước ngày tờ trình"),
        ({"issued_on": "hôm nay"}, "Ghi ngày theo dạng ngày/tháng/năm"),
        ({"signer_name": ""}, "Ghi họ và tên người ký quyết định."),
        ({"number": "0"}, "Số quyết định bắt đầu từ 1."),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_decision_that_cannot_be_is_refused_before_and_at_its_signing(method, changed, message):
    world = congress_at("reported")
    client = signed_in(world.approver)

    answer = getattr(client, method)(address("ratify", world), decision(world, **changed))

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert world.congress.state == "reported"


# ---- the password again ----


def long_ago(client: Client) -> Client:
    session = client.session
    session["signed_in_at"] -= 600
    session.save()
    return client


@pytest.mark.parametrize(
    ("name", "stage", "who"), [("seal", "counted", "head_teller"), ("ratify", "reported", "approver")]
)
def test_what_cannot_be_undone_asks_for_the_password_again_and_loses_nothing(name, stage, who):
    world = congress_at(stage)
    data = {"sheet_number": "1"} if name == "seal" else decision(world)
    client, before = long_ago(signed_in(getattr(world, who))), AuditEvent.objects.count()

    sent = client.post(address(name, world), data)
    asked = client.get(sent["Location"])

    assert parse_qs(urlsplit(sent["Location"]).query, keep_blank_values=True) == {k: [v] for k, v in data.items()}
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert AuditEvent.objects.count() == before
    back = client.post(asked["Location"], {"password": PASSWORD})
    assert back["Location"] == sent["Location"]
    assert client.get(back["Location"]).status_code == 200
    assert client.post(address(name, world), data).status_code == 302
    assert AuditEvent.objects.count() == before + 1


def test_the_wrong_person_is_refused_before_any_question_for_the_password():
    world = congress_at("counted")

    assert long_ago(signed_in(world.teller)).get(address("seal", world)).status_code == 403


# ---- what the pages say ----


def test_a_slate_without_surplus_is_named_at_once():
    world = congress_at("sitting", members=12, committee_seats=3)
    world.round.candidates.first().delete()

    page = signed_in(world.secretary).get(address("round", world)).content.decode()

    assert "Bầu chi ủy phải có số dư: danh sách 3 người để bầu 3." in page
    assert "Danh sách còn điểm phải sửa nêu ở trên." in page


def test_only_elected_committee_members_are_offered_as_secretary():
    world = congress_at("sealed", members=12, committee_seats=3)

    page = signed_in(world.secretary).get(address("round", world))

    offered = [label for value, label in page.context["nomination_form"].fields["member"].choices if value]
    assert len(offered) == 3
    assert world.round.election.office == "secretary"


def test_a_teller_on_the_slate_is_named():
    world = congress_at("sitting")
    world.round.candidates.create(member=world.members[-1])

    page = signed_in(world.secretary).get(address("round", world)).content.decode()

    assert "có trong danh sách bầu cử nên không thể kiểm phiếu" in page


def test_the_proposal_says_what_was_decided_and_why():
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=[10, 9, 4, 2]))

    page = signed_in(world.head_teller).get(address("proposal", world)).content.decode()

    assert "2 đồng chí trúng cử, còn thiếu 1. Đại hội quyết định bầu tiếp hoặc dừng bầu." in page
    assert "83,33 %" in page
    assert "quá một nửa: 7 phiếu" in page
    assert "chưa quá một nửa (cần 7)" in page


def test_after_a_short_round_the_congress_goes_on_or_stops():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    short_round(world)
    election = world.elections[0]
    client, before = signed_in(world.secretary), AuditEvent.objects.count()

    opened = client.post(reverse("elections:next_round", args=[election.pk]), TWELVE)

    following = election.rounds.get(number=2)
    assert opened["Location"] == reverse("elections:round", args=[following.pk])
    assert (following.seats, following.candidates.count()) == (1, 2)
    assert AuditEvent.objects.count() == before + 1


@pytest.mark.parametrize("name", ["next_round", "conclude"])
def test_going_on_or_stopping_is_written_by_secretary_or_clerk(name):
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    short_round(world)
    url = reverse(f"elections:{name}", args=[world.elections[0].pk])

    codes = {
        who: signed_in(getattr(world, who)).post(url, WHY | TWELVE).status_code
        for who in ("teller", "approver", "clerk")
    }

    assert codes == {"teller": 403, "approver": 403, "clerk": 302}


def test_stopping_with_seats_open_needs_the_decision_of_the_congress():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    short_round(world)
    url = reverse("elections:conclude", args=[world.elections[0].pk])
    client, before = signed_in(world.secretary), AuditEvent.objects.count()

    assert client.get(url).status_code == 200
    assert client.post(url, {"reasons": ""}).status_code == 422
    assert client.post(url, {"reasons": "Đại hội không bầu tiếp."} | TWELVE).status_code == 302
    assert world.elections[0].is_concluded
    assert AuditEvent.objects.count() == before + 1


def test_the_sealed_page_shows_hash_people_and_minutes():
    world = congress_at("sealed")
    seal = SealedResult.objects.get()

    page = signed_in(world.member_user).get(reverse("elections:proposal", args=[seal.round_id])).content.decode()

    assert seal.sha256 in page
    assert f"{seal.confirmed_by} xác nhận và niêm phong" in page
    assert "Biên bản kiểm phiếu số 01-BB/ĐH" in page


def test_both_desks_see_their_clock():
    closed, reported = congress_at("closed"), congress_at("reported")

    branch = signed_in(closed.secretary).get(address("ratification", closed)).content.decode()
    authority = signed_in(reported.approver).get(address("ratification", reported)).content.decode()

    assert "7 ngày làm việc từ ngày bế mạc 29/6/2022" in branch
    assert "15 ngày làm việc từ ngày nhận tờ trình" in authority
    assert "Chuẩn y kết quả bầu cử" in authority


def test_staff_see_why_they_do_not_decide():
    world = congress_at("reported")

    page = signed_in(world.staff).get(address("ratification", world)).content.decode()

    assert "Việc này cần vai trò “Người có thẩm quyền chuẩn y” tại Đảng ủy Sở Công Thương." in page


def test_a_returned_dossier_comes_back_with_its_reasons():
    world = congress_at("reported")
    ratifying.return_results(world.congress_id, reasons="Thiếu trích ngang", actor=world.approver, at=world.when(3))

    page = signed_in(world.secretary).get(address("ratification", world)).content.decode()

    assert "Cấp ủy đã trả lại hồ sơ để hoàn thiện" in page
    assert "Thiếu trích ngang" in page


# ---- one page, as many queries ----


@pytest.mark.parametrize("name", ["all", "ratifications"])
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(name, django_assert_num_queries):
    congress_at("reported")
    client = signed_in(make_admin())
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(f"elections:{name}"))
    congress_at("reported")
    congress_at("reported")
    with django_assert_num_queries(len(one)):
        page = client.get(reverse(f"elections:{name}"))

    assert len(page.context["rows"]) == 3
