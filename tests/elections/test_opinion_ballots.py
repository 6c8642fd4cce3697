"""The opinion ballot in its order: support first, a second person of the place, a list that has not changed since."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import User
from congress import duties
from elections.conflicts import Slate
from elections.models import Candidate, OpinionBallot
from elections.services import ballots, nominations, opinions, slates, withdrawals
from elections.views.slate_steps import tasks_of
from tests.factories import World
from tests.slates import committee, nominated, opinions_entered, opinions_tied, too_many

pytestmark = pytest.mark.django_db
FIGURES = {"issued": 12, "returned": 12, "valid": 12, "invalid": 0}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def page(user: User, world: World, name: str = "opinions") -> str:
    return signed_in(user).get(reverse(f"elections:{name}", args=[world.round.pk])).content.decode()


def short_list(*support: int | None) -> World:
    """The committee names as many as are elected, the floor one for each of ``support``."""
    world = committee()
    Candidate.objects.filter(round=world.round, member=world.members[3]).delete()
    for number, figure in enumerate(support, start=5):
        nominated(world, number, figure)
    return world


def support_of(world: World, votes: int = 8) -> dict[str, int]:
    return {str(one.member_id): votes for one in Slate(world.round).others}


def task(world: World, title: str) -> tuple[str, bool]:
    found = next(one for one in tasks_of(Slate(world.round)) if title in one.title)
    return found.state, found.open


# ---- support comes first (E-37) ----


@pytest.mark.rule("E-37")
@pytest.mark.parametrize(
    ("support", "why"),
    [(None, "Chưa ghi số người ủng hộ: {name}. Lấy ý kiến ủng hộ trước"), (3, "Chưa có quá 30 % .*: {name}. Bỏ tên")],
    ids=["not counted", "too little"],
)
def test_the_opinion_ballot_waits_until_every_name_has_its_support(support, why):
    world = short_list(12, support)
    said = why.format(name=re.escape(world.members[6].display_name))
    act = {"actor": world.secretary, "at": world.when(0, 14, 22)}

    with pytest.raises(IllegalTransition, match=said):
        opinions.enter_opinions(world.round.pk, figures=FIGURES, support=support_of(world), **act)
    with pytest.raises(IllegalTransition, match=said):
        ballots.print_opinion_slips(world.round.pk, reserve=2, **act)

    assert task(world, "Lấy phiếu xin ý kiến") == ("Chưa lấy", False)
    assert any(one.open and "ủng hộ" in one.title for one in tasks_of(Slate(world.round)))


@pytest.mark.rule("E-37")
def test_a_congress_that_says_itself_who_joins_waits_for_the_support_too():
    world = committee()
    nominated(world, 5, None)
    act = {"actor": world.secretary, "at": world.when(0, 14, 24)}

    with pytest.raises(IllegalTransition, match="Chưa ghi số người ủng hộ"):
        opinions.decide_joining(world.round.pk, joining=[world.members[5].pk], in_favour=12, **act)

    assert task(world, "Quyết định ai vào danh sách") == ("Chưa đến", False)


@pytest.mark.rule("E-38")
def test_support_counted_late_keeps_the_figures_from_being_confirmed():
    """A name put forward after the count was typed has to be supported before anything is confirmed."""
    world = short_list(12, 12)
    opinion = opinions.enter_opinions(
        world.round.pk, figures=FIGURES, support=support_of(world), actor=world.clerk, at=world.when(0, 14, 22)
    )
    nominated(world, 7, None)

    with pytest.raises(IllegalTransition, match="Lấy ý kiến ủng hộ trước"):
        opinions.confirm_opinions(opinion.pk, actor=world.secretary, at=world.when(0, 14, 23))


@pytest.mark.rule("E-34")
def test_whom_the_congress_put_off_the_list_comes_back_only_by_its_cards():
    world = committee()
    opinions_tied(world)
    kept, left = world.members[5], world.members[6]
    act = {"actor": world.secretary, "at": world.when(0, 14, 25)}
    opinions.decide_joining(world.round.pk, joining=[kept.pk], in_favour=9, against=3, **act)
    client, url = signed_in(world.secretary), reverse("elections:nominate", args=[world.round.pk])
    asked = {"member": left.pk, "source": "nominated", "nominated_by": world.members[9].pk}

    refused = client.post(url, asked)
    against = client.post(url, asked | {"in_favour": "6", "against": "6"}, follow=True).content.decode()
    nobody = Slate(world.round).others
    again = client.post(url, asked | {"in_favour": "7", "against": "5"}, follow=True).content.decode()

    decided = f"Đại hội đã quyết định không đưa đồng chí {left.display_name} vào danh sách (tán thành 9/12, "
    assert refused.status_code == 422
    assert decided in refused.content.decode()
    assert "chưa quá một nửa tán thành nên đồng chí này không vào lại" in against
    assert [one.member_id for one in nobody] == [kept.pk]
    assert f"Đã đưa đồng chí {left.display_name} vào danh sách." in again
    assert [one.member_id for one in Slate(world.round).others] == [kept.pk, left.pk]
    votes = world.congress.card_votes.filter(
        text__endswith=f"cho đồng chí {left.display_name} vào lại danh sách bầu cử"
    )
    assert list(votes.values_list("in_favour", "adopted")) == [(6, False), (7, True)]
    assert Slate(world.round).put_off == {}


@pytest.mark.rule("E-34")
def test_whom_the_congress_let_withdraw_comes_back_only_by_its_cards():
    world = committee()
    act = {"actor": world.secretary, "at": world.when(0, 14, 25)}
    member = world.members[0]
    asked = withdrawals.ask_to_withdraw(
        world.round.pk, member_id=member.pk, reason="Sức khỏe yếu", proposal="allow", **act
    )
    withdrawals.decide_withdrawal(asked.pk, in_favour=12, **act)
    again = {"member_id": member.pk, "source": "nominated", "nominator_id": world.members[9].pk}

    with pytest.raises(InvalidInput, match=r"đã đồng ý cho đồng chí .* rút .*tán thành 12/12, 14:25 ngày"):
        nominations.nominate(world.round.pk, **again, **act)
    with pytest.raises(InvalidInput, match="chưa quyết định gì về đồng chí"):
        nominations.nominate_again(world.round.pk, **again | {"member_id": world.members[6].pk}, in_favour=12, **act)
    assert nominations.nominate_again(world.round.pk, **again, in_favour=12, **act).joined_vote.adopted


def test_a_request_that_the_congress_refused_puts_nobody_off():
    world = committee()
    act = {"actor": world.secretary, "at": world.when(0, 14, 25)}
    asked = withdrawals.ask_to_withdraw(
        world.round.pk, member_id=world.members[0].pk, reason="Sức khỏe yếu", proposal="refuse", **act
    )
    withdrawals.decide_withdrawal(asked.pk, in_favour=6, against=6, **act)

    assert Slate(world.round).put_off == {}


@pytest.mark.rule("E-37")
def test_support_stands_once_the_opinion_ballot_on_it_is_confirmed():
    world = committee()
    opinion = opinions_entered(world)
    name = Candidate.objects.get(round=world.round, member=world.members[5])
    act = {"actor": world.secretary, "at": world.when(0, 14, 23)}
    nominations.record_support(name.pk, support=11, **act)
    opinions.confirm_opinions(opinion.pk, **act)

    with pytest.raises(IllegalTransition, match="số người ủng hộ 11/12 không sửa được nữa"):
        nominations.record_support(name.pk, support=3, **act)
    assert signed_in(world.secretary).get(reverse("elections:support", args=[name.pk])).status_code == 409
    assert reverse("elections:support", args=[name.pk]) not in page(world.secretary, world, "round")
    name.refresh_from_db()
    assert name.support == 11


@pytest.mark.rule("E-37")
def test_the_support_of_a_name_that_the_ballot_left_out_is_counted_anew():
    world = short_list(12, 12)
    few, more = world.members[5], world.members[6]
    opinion = opinions.enter_opinions(
        world.round.pk,
        figures=FIGURES,
        support={str(few.pk): 4, str(more.pk): 9},
        actor=world.clerk,
        at=world.when(0, 14, 22),
    )
    opinions.confirm_opinions(opinion.pk, actor=world.secretary, at=world.when(0, 14, 23))

    again = nominated(world, 5, 7)
    nominations.record_support(again.pk, support=8, actor=world.secretary, at=world.when(0, 14, 24))

    assert Candidate.objects.get(pk=again.pk).support == 8


@pytest.mark.rule("E-63i")
def test_a_teller_who_is_nominated_is_told_in_the_message_itself():
    world = committee()
    teller = world.members[11]
    client, url = signed_in(world.secretary), reverse("elections:nominate", args=[world.round.pk])
    asked = {"source": "nominated", "nominated_by": world.members[9].pk}

    said = client.post(url, asked | {"member": teller.pk}, follow=True).context["messages"]
    other = client.post(url, asked | {"member": world.members[6].pk}, follow=True).context["messages"]

    assert [
        f"“{teller.display_name}” có trong danh sách bầu cử nên không thể kiểm phiếu" in str(one) for one in said
    ] == [True]
    assert ["không thể kiểm phiếu" in str(one) for one in other] == [False]


@pytest.mark.rule("E-38")
def test_a_name_with_too_few_marks_was_left_out_by_the_ballot_and_who_is_tied_not_yet():
    world = short_list(12, 12)
    few, more = (str(world.members[number].pk) for number in (5, 6))
    opinion = opinions.enter_opinions(
        world.round.pk, figures=FIGURES, support={few: 4, more: 9}, actor=world.clerk, at=world.when(0, 14, 22)
    )
    opinions.confirm_opinions(opinion.pk, actor=world.secretary, at=world.when(0, 14, 23))
    tied = committee()
    opinions_tied(tied)

    said = "Xin ý kiến lần trước được 4 phiếu, không đủ phiếu để đưa vào danh sách"
    assert Slate(world.round).left_out == {world.members[5].pk: said}
    assert Slate(tied.round).left_out == {}


@pytest.mark.rule("E-34")
def test_who_withdrew_after_the_ballot_was_not_left_out_and_the_other_tied_name_stays():
    world = committee()
    opinions_tied(world)
    act = {"actor": world.secretary, "at": world.when(0, 14, 25)}
    asked = withdrawals.ask_to_withdraw(
        world.round.pk, member_id=world.members[5].pk, reason="Sức khỏe yếu", proposal="allow", **act
    )

    withdrawals.decide_withdrawal(asked.pk, in_favour=12, **act)

    assert [one.member_id for one in Slate(world.round).others] == [world.members[6].pk]
    assert Slate(world.round).left_out == {}


# ---- who confirms ----


def test_the_page_names_who_may_confirm_and_the_task_comes_to_them_alone():
    world = committee()
    opinions_entered(world)

    assert opinions.confirmers(world.congress, besides=world.clerk.pk) == [world.secretary]
    assert f"Người xác nhận được: đồng chí {world.secretary}." in page(world.clerk, world)
    url = reverse("elections:opinions", args=[world.round.pk])
    assert url in [one.url for one in duties.of(User.objects.get(pk=world.secretary.pk))]
    assert url not in [one.url for one in duties.of(User.objects.get(pk=world.clerk.pk))]


def test_where_nobody_else_may_confirm_the_page_says_so_before_anything_is_typed():
    world = committee()
    too_many(world)
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)

    seen = page(world.secretary, world)

    assert "Chưa có người xác nhận" in seen
    assert "giao vai trò thư ký cho một đồng chí" in seen


# ---- a list that changed since ----


def test_a_name_taken_off_since_is_still_named_and_the_figures_are_offered_to_nobody():
    world = committee()
    too_many(world)
    nominated(world, 7)
    opinion: OpinionBallot = opinions.enter_opinions(
        world.round.pk, figures=FIGURES, support=support_of(world), actor=world.clerk, at=world.when(0, 14, 22)
    )
    gone = world.members[7]
    Candidate.objects.filter(round=world.round, member=gone).delete()
    said = (
        f"đã thay đổi từ khi nhập: không còn đồng chí {gone.display_name}. "
        "Lấy phiếu xin ý kiến lại về danh sách hiện có, rồi nhập lại."
    )

    seen = page(world.secretary, world)

    assert said in seen
    assert f'<th scope="row">{gone.display_name}</th>' in seen
    assert "Đã ra khỏi danh sách" in seen
    assert reverse("elections:confirm_opinions", args=[opinion.pk]) not in seen
    with pytest.raises(IllegalTransition, match=re.escape(said)):
        opinions.confirm_opinions(opinion.pk, actor=world.secretary, at=world.when(0, 14, 23))
    assert task(world, "Lấy phiếu xin ý kiến") == ("Lấy lại, nhập lại", True)


def test_a_name_added_since_is_named_too():
    world = committee()
    opinions_entered(world)
    nominated(world, 7)

    assert f"thêm đồng chí {world.members[7].display_name}" in page(world.secretary, world)


# ---- errors ----


def test_what_is_unreadable_and_what_does_not_add_up_come_at_once():
    world = committee()
    too_many(world)
    first, second = (f"support_{world.members[number].pk}" for number in (5, 6))
    typed = {"issued": "14", "returned": "12", "valid": "12", "invalid": "0", first: "13", second: "x"}

    answer = signed_in(world.secretary).post(reverse("elections:opinions", args=[world.round.pk]), typed)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"issued", first, second}
    assert not OpinionBallot.objects.exists()


# ---- what the page says was decided ----


def test_the_page_of_the_round_leaves_no_decision_out():
    world = committee()
    act = {"actor": world.secretary, "at": world.when(0, 14, 17)}
    slates.fix_seats(world.round.pk, seats=3, in_favour=6, against=6, **act)
    weak = nominated(world, 7, 2)
    nominations.strike(weak.pk, **act)
    nominations.strike(nominated(world, 8, None).pk, reasons="Ghi nhầm người (bịa)", **act)
    asked = withdrawals.ask_to_withdraw(
        world.round.pk, member_id=world.members[0].pk, reason="Sức khỏe yếu", proposal="refuse", **act
    )
    withdrawals.decide_withdrawal(asked.pk, in_favour=6, against=6, form="ballot", **act)
    opinions_tied(world)
    act = {"actor": world.secretary, "at": world.when(0, 14, 25)}
    opinions.decide_joining(world.round.pk, joining=[world.members[5].pk], in_favour=6, against=6, **act)
    opinions.decide_joining(world.round.pk, joining=[world.members[5].pk], in_favour=9, against=3, **act)

    seen = page(world.secretary, world, "round")
    decided = " ".join(re.sub(r"<[^>]+>", " ", seen[seen.index('id="da-quyet-dinh"') :]).split())

    joins = f"Vào danh sách: {world.members[5].display_name}; không vào danh sách: {world.members[6].display_name}"
    assert (
        "Số lượng cần bầu 3: tán thành 6, không tán thành 6, ý kiến khác 0; tính trên 12, không được thông" in decided
    )
    assert f"{joins}: tán thành 6, không tán thành 6, ý kiến khác 0; tính trên 12, không được thông qua" in decided
    assert f"{joins}: tán thành 9, không tán thành 3, ý kiến khác 0; tính trên 12, được thông qua" in decided
    assert "(6/12, bỏ phiếu kín, 14:17" in decided
    assert f"Đồng chí {weak.member.full_name} không còn trong danh sách" in decided
    assert "được 2/12 người dự ủng hộ, chưa quá 30 %" in decided
    assert "Ghi nhầm người (bịa)" in decided


@pytest.mark.rule("E-38")
def test_whom_the_opinion_ballot_left_out_is_named_with_the_marks():
    world = short_list(12, 12)
    few, more = world.members[5], world.members[6]
    support = {str(few.pk): 4, str(more.pk): 9}
    opinion = opinions.enter_opinions(
        world.round.pk, figures=FIGURES, support=support, actor=world.clerk, at=world.when(0, 14, 22)
    )
    opinions.confirm_opinions(opinion.pk, actor=world.secretary, at=world.when(0, 14, 23))

    assert f"Không vào danh sách: {few.display_name} (4 phiếu)." in page(world.secretary, world, "round")
