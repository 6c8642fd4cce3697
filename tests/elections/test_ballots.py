"""Printing for the room: when it may, what it holds, who may, and what is of no use any more."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from documents.models import IssuedPaper
from documents.services.papers import render_paper
from elections import printing
from elections.forms.counting import EntryForm
from elections.models import BallotRound, Candidate
from elections.rules.layout import Layout, layout_for
from elections.services import ballots, counting, slates
from organizations.models import NodeType
from tests.factories import World, congress_at, make_member, make_organization, make_tree

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def address(name: str, world: World) -> str:
    return reverse(f"elections:{name}", args=[world.round.pk])


def printed(world: World, **options: object) -> IssuedPaper:
    given = {"reserve": 2, "actor": world.secretary, "at": world.when(0, 15)} | options
    return ballots.print_ballots(world.round.pk, **given)


@pytest.mark.rule("E-20")
def test_nothing_is_printed_before_the_slate_is_fixed():
    world = congress_at("sitting", members=9, committee_seats=3)

    with pytest.raises(IllegalTransition, match="Danh sách chưa chốt nên chưa in phiếu bầu"):
        printed(world)
    with pytest.raises(IllegalTransition, match="Danh sách chưa chốt"):
        ballots.print_tally_sheet(world.round.pk, actor=world.secretary, at=world.when(0, 15))
    page = signed_in(world.secretary).get(address("ballots", world))

    assert page.status_code == 409
    assert "Danh sách chưa chốt nên chưa in phiếu bầu" in page.content.decode()
    assert not IssuedPaper.objects.filter(code__in=["F-09", "F-22"]).exists()


@pytest.mark.parametrize("state", ["counted", "sealed"])
def test_nothing_is_printed_once_the_ballots_are_counted(state):
    world = congress_at(state, members=9, committee_seats=3)

    with pytest.raises(IllegalTransition, match="đã kiểm phiếu xong nên không in thêm phiếu"):
        ballots.require_printable(BallotRound.objects.get(election=world.elections[0]))


@pytest.mark.rule("E-43")
def test_the_file_holds_a_ballot_for_everybody_present_and_the_reserve():
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    paper = printed(world, reserve=3)

    assert paper.data["copies"] == 9 + 3
    assert paper.title == "Phiếu bầu chi ủy: 12 phiếu"
    assert [one["name"] for one in paper.data["lines"]] == [
        one.shown_name for one in world.round.candidates.order_by("position")
    ]
    assert AuditEvent.objects.get(action="election.ballots_printed").details["copies"] == 12


@pytest.mark.rule("E-43")
@pytest.mark.parametrize(("begun", "why"), [(False, "Sổ phiếu đã đóng"), (True, "Đang kiểm phiếu")])
def test_no_ballot_is_made_once_the_ledger_is_closed_and_the_page_says_what_to_do(begun, why):
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    world.close_ledger()
    if begun:
        counting.start_count(world.round.pk, method="totals", actor=world.teller, at=world.when(0, 14, 50))

    with pytest.raises(IllegalTransition, match=f"{why} nên không lập thêm phiếu bầu.*hủy"):
        printed(world)
    ballots.print_tally_sheet(world.round.pk, actor=world.secretary, at=world.when(0, 15))
    page = signed_in(world.secretary).get(address("ballots", world)).content.decode()

    assert f"{why} nên không lập thêm phiếu bầu" in page
    assert "Lập tệp phiếu bầu" not in page
    assert "Lập tệp phiếu kiểm" in page


@pytest.mark.parametrize(("present", "reserve"), [(6, 2), (20, 2), (21, 3), (100, 10), (101, 11)])
def test_the_usual_reserve_is_a_tenth_rounded_up_and_two_at_least(present, reserve):
    assert ballots.usual_reserve(present) == reserve


def test_a_reserve_beyond_reason_is_refused():
    world = congress_at("slate_fixed")

    with pytest.raises(InvalidInput, match="Mỗi lần in từ 1 đến 500 phiếu"):
        printed(world, reserve=5000)


def test_ballots_are_working_papers_without_a_number_in_the_run():
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    paper = printed(world)
    listed = signed_in(world.secretary).get(reverse("documents:papers", args=[world.congress_id])).content.decode()

    assert (paper.notation, paper.is_working, str(paper)) == ("", True, "Phiếu bầu chi ủy: 11 phiếu")
    assert paper.title not in listed


def test_the_file_is_made_once_and_kept_with_its_hash():
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    paper = printed(world)

    render_paper({"paper_id": paper.pk}, None)
    client = signed_in(world.secretary)
    page = client.get(address("ballots", world)).content.decode()
    paper.refresh_from_db()
    file = client.get(reverse("documents:paper", args=[paper.pk]))

    assert len(paper.sha256) == 64
    assert paper.sha256[:16] in page
    assert file.content.startswith(b"%PDF-1.7")
    assert "Phi%E1%BA%BFu" in file["Content-Disposition"]


def test_asked_for_twice_the_same_ballots_are_one_file():
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    first, large = printed(world), printed(world, large=True, other_size_void=True)
    again = printed(world, other_size_void=True)

    assert again.pk == first.pk != large.pk
    assert list(ballots.in_use(world.round)) == [first, large]


def test_ballots_of_a_slate_that_was_opened_again_are_no_longer_offered():
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    old = printed(world)
    slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 15, 10))
    slates.fix_slate(world.round.pk, in_favour=9, actor=world.secretary, at=world.when(0, 15, 20))

    new = printed(world, at=world.when(0, 15, 30))
    page = signed_in(world.secretary).get(address("ballots", world)).content.decode()

    assert new.pk != old.pk
    assert list(ballots.in_use(world.round)) == [new]
    assert list(ballots.out_of_use(world.round)) == [old]
    assert "danh sách đã mở lại hoặc phải bỏ phiếu lại nên không dùng nữa" in page
    assert reverse("documents:paper", args=[old.pk]) not in page


def test_ballots_of_another_round_are_another_rounds():
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    printed(world)
    other = world.elections[1].rounds.get()

    assert list(ballots.in_use(other)) == []
    assert list(ballots.out_of_use(other)) == []


@pytest.mark.parametrize("who", ["secretary", "clerk", "teller", "head_teller"])
def test_preparers_and_tellers_print(who):
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    page = signed_in(getattr(world, who)).get(address("ballots", world))

    assert page.status_code == 200
    assert printed(world, actor=getattr(world, who)).created_by == getattr(world, who)


@pytest.mark.parametrize("who", ["drafter", "member_user"])
def test_nobody_else_prints(who):
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    with pytest.raises(NotAllowed):
        printed(world, actor=getattr(world, who))
    assert signed_in(getattr(world, who)).get(address("ballots", world)).status_code == 403


def test_the_page_prints_and_leads_to_the_file():
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    client = signed_in(world.secretary)

    answer = client.post(address("ballots", world), {"reserve": "2", "large": "on"}, follow=True)

    paper = IssuedPaper.objects.get(code="F-09")
    assert paper.data["large"] is True
    assert "Phiếu bầu chi ủy, chữ to: 11 phiếu" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "hai", "-1", "2,5"])
def test_a_reserve_that_is_no_number_is_asked_for_again(typed):
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    answer = signed_in(world.secretary).post(address("ballots", world), {"reserve": typed})

    assert answer.status_code == 422
    assert not IssuedPaper.objects.filter(code="F-09").exists()


def test_the_page_draws_the_ballot_as_on_paper():
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    page = signed_in(world.teller).get(address("ballots", world)).content.decode()

    assert "PHIẾU BẦU CHI ỦY" in page
    assert "Dấu của Đảng ủy Sở Công Thương" in page
    assert "Số lượng bầu: 03 đồng chí" in page
    assert page.index("Lê Văn An") < page.index("Trần Thị Bình")


@pytest.mark.rule("E-43")
@pytest.mark.parametrize(("node_type", "between", "stamp"), [
    pytest.param(NodeType.BRANCH, None, "Đảng ủy Sở Công Thương", id="K-67 below a đảng ủy cơ sở"),
    pytest.param(NodeType.BRANCH, NodeType.SUBDIVISION, "Đảng ủy Sở Công Thương", id="below a đảng ủy bộ phận"),
    pytest.param(NodeType.GRASSROOTS_BRANCH, None, "Chi ủy Chi bộ cơ sở", id="a chi bộ cơ sở has its own"),
    pytest.param(NodeType.GRASSROOTS, None, "Đảng ủy Nhà máy", id="a đảng bộ cơ sở has its own"),
])  # fmt: skip
def test_whose_stamp_a_ballot_carries(node_type, between, stamp):
    parent = make_tree().committee
    if between:
        parent = make_organization(parent, node_type=between, name="Đảng bộ bộ phận", symbol="ĐUBP")
    names = {NodeType.GRASSROOTS_BRANCH: "Chi ủy Chi bộ cơ sở", NodeType.GRASSROOTS: "Đảng ủy Nhà máy"}
    one = make_organization(parent, node_type=node_type, committee_name=names.get(node_type, ""))

    assert printing.stamp_of(one) == stamp


@pytest.mark.parametrize(("names", "seats"), [(4, 3), (3, 3), (1, 1), (2, 1)])
def test_the_printed_sheet_has_the_boxes_of_the_screen_in_the_same_order(names, seats):
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 15, 30))
    ballot_round = world.round
    ballot_round.seats = seats
    Candidate.objects.filter(round=ballot_round, position__gt=names).delete()
    slate = [(one.member_id, one.shown_name) for one in ballot_round.candidates.order_by("position")]
    form = EntryForm(slate=slate, layout=layout_for(names, seats))

    sheet = printing.tally_sheet(ballot_round, world.congress, ballots=9)

    assert [f"{one.letter}. {one.label}" for one in sheet.boxes] == [field.label for field in form.ballot_fields]
    assert [(letter, name) for letter, name, _ in sheet.names] == [
        (f"L{number}", name) for number, name, _ in form.name_fields
    ]
    assert [len(kinds) for _, _, kinds in sheet.names] == [len(fields) for _, _, fields in form.name_fields]
    assert [one.label for one in sheet.reasons] == [field.label for field in form.reason_fields]
    assert sheet.by_agreement is (layout_for(names, seats) is Layout.AGREE_DISAGREE)


def test_the_tally_sheet_is_printed_from_the_same_page():
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    answer = signed_in(world.teller).post(address("print_tally_sheet", world), follow=True)

    assert "Phiếu kiểm bầu chi ủy" in answer.content.decode()
    assert IssuedPaper.objects.get(code="F-22").data["ballots"] == 9


def test_whoever_asks_for_the_file_again_stays_on_the_page():
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    paper, here = printed(world), address("ballots", world)

    answer = signed_in(world.secretary).post(
        reverse("documents:paper_retry", args=[paper.pk]), headers={"referer": f"http://testserver{here}"}
    )

    assert answer["Location"] == here


@pytest.mark.rule("E-38")
def test_opinion_slips_are_printed_only_when_there_are_too_many_names():
    world = congress_at("sitting", members=9, committee_seats=3)

    with pytest.raises(IllegalTransition, match="không phải lấy phiếu xin ý kiến"):
        ballots.print_opinion_slips(world.round.pk, reserve=2, actor=world.secretary, at=world.when(0, 15))


@pytest.mark.rule("E-38")
def test_opinion_slips_name_those_outside_the_committees_list():
    world = congress_at("sitting", members=12, committee_seats=3)
    world.round.candidates.last().delete()  # the committee leaves room for one of the two others
    stood, named = world.members[5], world.members[6]
    for member, source in ((stood, "stood"), (named, "nominated")):
        world.round.candidates.create(member=member, source=source, support=9, support_of=12)

    paper = ballots.print_opinion_slips(world.round.pk, reserve=2, actor=world.secretary, at=world.when(0, 15))
    page = signed_in(world.secretary).get(address("print_opinions", world)).content.decode()

    assert [one["name"] for one in paper.data["stood"]] == [stood.display_name]
    assert [one["name"] for one in paper.data["nominated"]] == [named.display_name]
    assert paper.data["copies"] == 14
    assert "PHIẾU XIN Ý KIẾN" in page


def test_namesakes_on_a_ballot_have_their_years_of_birth():
    people = [make_member(make_tree().branch, "Phạm Thị Ánh", born_on=date(year, 1, 1)) for year in (1979, 1988)]

    shown = printing.people_of([Candidate(member=one, member_id=one.pk) for one in people])

    assert [one.note for one in shown] == ["sinh năm 1979", "sinh năm 1988"]


@pytest.mark.rule("E-43")
def test_ballots_of_another_size_are_made_only_when_those_of_the_first_are_given_up():
    world = congress_at("slate_fixed", members=9, committee_seats=3)
    client, url = signed_in(world.secretary), address("ballots", world)
    large = {"reserve": "2", "large": "on"}
    alike = [client.post(url, {"reserve": "2"}) for _ in range(2)]

    asked = client.post(url, large)
    made_unasked = ballots.in_use(world.round).count()
    sure = client.post(url, large | {"other_size_void": "on"})

    assert [one.status_code for one in (*alike, asked, sure)] == [302, 302, 422, 302]
    assert "Mọi phiếu của một lần bỏ phiếu phải giống nhau" in asked.content.decode()
    assert (made_unasked, ballots.in_use(world.round).count()) == (1, 2)
    last = AuditEvent.objects.order_by("sequence").last()
    assert last.action == "election.ballots_printed_in_other_size"
    assert "phiếu cỡ kia đã in thì hủy" in audit.sentence(last)


def test_what_is_wrong_with_the_reserve_begins_with_a_capital():
    world = congress_at("slate_fixed", members=9, committee_seats=3)

    answer = signed_in(world.secretary).post(address("ballots", world), {"reserve": "hai"})

    assert answer.status_code == 422
    assert "Số phiếu dự phòng chỉ ghi bằng chữ số" in answer.content.decode()
