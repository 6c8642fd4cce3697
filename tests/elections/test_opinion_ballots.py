"""The opinion ballot in its order: support first, a second person of the place, a list that has not changed since."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition
from accounts.models import User
from congress import duties
from elections.conflicts import Slate
from elections.models import Candidate, OpinionBallot
from elections.services import ballots, opinions, withdrawals
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


@pytest.mark.rule("E-38")
def test_a_name_that_the_congress_left_out_is_told_as_such_when_it_is_nominated_again():
    world = committee()
    opinions_tied(world)
    kept, left = world.members[5], world.members[6]
    act = {"actor": world.secretary, "at": world.when(0, 14, 25)}
    opinions.decide_joining(world.round.pk, joining=[kept.pk], in_favour=12, **act)
    client = signed_in(world.secretary)

    answer = client.post(
        reverse("elections:nominate", args=[world.round.pk]),
        {"member": left.pk, "source": "nominated", "nominated_by": world.members[9].pk},
        follow=True,
    ).content.decode()

    said = "Xin ý kiến lần trước được 8 phiếu, đại hội quyết định không đưa vào danh sách"
    assert f"Đã đề cử lại đồng chí {left.display_name}. {said}." in answer
    assert answer.count(said) == 2, "once when it is done, once in the line of that name"
    assert list(Slate(world.round).left_out) == [left.pk]


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
