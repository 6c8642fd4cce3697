"""The pages on which is written what the congress decides instead of voting: to stop, another round."""

from __future__ import annotations

import pytest
from django.urls import reverse

from elections.services import rounds, withdrawals
from tests.elections.results.test_recounts import count_again
from tests.elections.results.test_rounds import sealed, slate
from tests.elections.test_pages import signed_in
from tests.factories import World, congress_at
from tests.slates import leader_not_elected

pytestmark = pytest.mark.django_db

ANOTHER, STOP = "Mở lần bầu mới", "Dừng bầu"


def page_of(world: World, who: str = "secretary") -> str:
    answer = signed_in(getattr(world, who)).get(reverse("elections:round", args=[world.round.pk]))
    return answer.content.decode()


def cards(world: World, in_favour: int) -> dict[str, int]:
    return {"in_favour": in_favour, "against": world.present() - in_favour, "abstained": 0}


def short_revote() -> World:
    world = sealed([12, 8, 8, 8])
    act = {"actor": world.secretary, "at": world.when(0, 16)}
    revote = rounds.open_next_round(world.elections[0].pk, **act)
    asked = withdrawals.ask_to_withdraw(
        revote.pk, member_id=slate(revote)[0], reason="Sức khỏe", proposal="allow", **act
    )
    withdrawals.decide_withdrawal(asked.pk, in_favour=12, **act)
    return world


def test_a_shrunken_revote_says_what_the_congress_may_do_and_offers_both():
    world = short_revote()

    page = page_of(world)

    assert "Chỉ còn 2 đồng chí bằng phiếu cho 2 chỗ" in page
    assert ANOTHER in page
    assert STOP in page


def test_an_ordinary_slate_offers_only_to_stop_and_only_while_the_congress_sits():
    sitting, cleared = congress_at("sitting"), congress_at("sitting")
    cleared.congress.__class__.objects.filter(pk=cleared.congress_id).update(state="cleared", opened_at=None)

    assert (STOP in page_of(sitting), ANOTHER in page_of(sitting)) == (True, False)
    assert STOP not in page_of(cleared)
    assert STOP not in page_of(sitting, "teller")


def test_the_slate_of_a_leader_not_elected_says_to_stop_and_report():
    assert "dừng và báo cáo cấp trên" in page_of(leader_not_elected())


def test_the_new_round_is_opened_from_the_page():
    world = short_revote()
    election = world.elections[0]

    client, address = signed_in(world.secretary), reverse("elections:next_round", args=[election.pk])

    asked = client.get(address).content.decode()
    assert "cần ít nhất 7 thẻ tán thành, quá một nửa, thì mở lần bầu tiếp" in asked
    assert client.post(address, cards(world, 6)).status_code == 302
    assert election.rounds.count() == 2
    answer = client.post(address, cards(world, 7))

    following = election.rounds.get(number=3)
    assert answer["Location"] == reverse("elections:round", args=[following.pk])
    assert following.kind == "ordinary"


def test_stopping_leads_back_to_the_slate_and_the_round_without_a_vote_stays_readable():
    world = congress_at("sitting")
    ballot, client = world.round, signed_in(world.secretary)
    address = reverse("elections:conclude", args=[ballot.election_id])

    assert reverse("elections:round", args=[ballot.pk]) in client.get(address).content.decode()
    told = {"reasons": "Không có ai được giới thiệu."}
    assert client.post(address, told).status_code == 422
    assert client.post(address, told | cards(world, 0)).status_code == 302
    assert not world.elections[0].is_concluded
    assert client.post(address, told | cards(world, world.present())).status_code == 302

    page = page_of(world)
    assert "Đại hội quyết định không bỏ phiếu lần này" in page
    assert "Không có ai được giới thiệu." in page
    assert address not in page  # nothing is left to stop


def test_after_a_recount_the_way_on_is_on_the_last_result_though_a_round_was_set_aside():
    world = sealed([12, 11, 4, 3])
    first = world.elections[0].rounds.get()
    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 22)
    )
    rounds.conclude(
        world.elections[0].pk,
        reasons="Dừng.",
        in_favour=world.present(),
        actor=world.secretary,
        at=world.when(0, 15, 25),
    )
    assert world.elections[0].is_concluded

    count_again(world, first, [12, 5, 4, 3])

    answer = signed_in(world.secretary).get(reverse("elections:proposal", args=[first.pk]))
    assert "Mở lần bầu tiếp theo" in answer.content.decode()
