"""Mở lại danh sách: asked on a page of its own, and by the congress once anybody has got a ballot."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, InvalidInput
from accounts.models import AuditEvent, User
from congress.models import CardVote
from documents.models import IssuedPaper
from documents.papers import registry
from elections.models import BallotRound, SealedResult
from elections.services import counting, ledgers, sealing, slates
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

WHY = "Phiếu in thiếu một đồng chí"


def browser(world: World) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=world.secretary.pk))
    return client


def reopen(world: World, **cards: int | str) -> BallotRound:
    told = {"reasons": WHY, "in_favour": world.present()} | cards
    return slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 15, 10), **told)


def test_a_list_is_opened_again_only_after_a_look_at_what_is_given_up():
    world = congress_at("slate_fixed")
    client, url = browser(world), reverse("elections:reopen_slate", args=[world.round.pk])

    page = client.get(url).content.decode()
    sure = client.post(url, follow=True).content.decode()

    assert "phiếu đã in, đã phát không dùng nữa" in page
    assert "Biểu quyết chốt" in page
    assert "Sổ phiếu" in page
    assert "Đã mở lại danh sách" in sure
    assert client.get(url).status_code == 409


@pytest.mark.parametrize("close", [False, True])
def test_once_ballots_are_handed_out_the_congress_decides_by_cards_and_for_a_reason(close):
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    figures = world.ledger() if close else dict.fromkeys(world.ledger()) | {"issued": 1}
    ledgers.keep_ledger(world.round.pk, figures=figures, close=close, actor=world.teller, at=world.when(0, 15))

    for missing, field in (({"reasons": "  "}, "reasons"), ({"in_favour": None}, "in_favour")):
        with pytest.raises(InvalidInput) as refused:
            reopen(world, **missing)
        assert set(refused.value.fields) == {field}
    assert reopen(world, in_favour=6, against=6).state == "slate_fixed"
    assert world.round.ledgers.get().void_reason is None
    assert world.round.electorate is not None
    assert AuditEvent.objects.filter(action="election.reopening_not_adopted").count() == 1
    assert reopen(world).state == "slate_open"

    vote = CardVote.objects.order_by("-pk").first()
    assert WHY in vote.text and (vote.in_favour, vote.adopted) == (12, True)
    assert WHY in world.round.ledgers.get().void_reason
    assert AuditEvent.objects.get(action="election.slate_reopened_for").details["reasons"] == WHY


def test_an_empty_ledger_opens_the_list_as_before():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    figures = dict.fromkeys(world.ledger()) | {"printed": 14}
    ledgers.keep_ledger(world.round.pk, figures=figures, actor=world.teller, at=world.when(0, 15))

    slates.reopen_slate(world.round.pk, actor=world.secretary, at=world.when(0, 15, 10))

    assert world.round.state == "slate_open"


def test_the_page_asks_for_the_reason_and_the_cards_once_ballots_are_out():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    client, url = browser(world), reverse("elections:reopen_slate", args=[world.round.pk])

    page = client.get(url).content.decode()
    blank = client.post(url, {"in_favour": 12, "against": 0, "abstained": 0})
    lost = client.post(url, {"reasons": WHY, "in_favour": 6, "against": 6, "abstained": 0}, follow=True)
    won = client.post(url, {"reasons": WHY, "in_favour": 12, "against": 0, "abstained": 0}, follow=True)

    assert "cần ít nhất 7 thẻ tán thành" in page
    assert (blank.status_code, set(blank.context["form"].errors)) == (422, {"reasons"})
    assert "danh sách giữ nguyên" in lost.content.decode()
    assert "Đã mở lại danh sách" in won.content.decode()


@pytest.fixture
def voted_anew() -> World:
    """Counted alike and given up; the head voids the ballots, the congress opens the list, everybody votes again."""
    world = congress_at("counted", members=12, committee_seats=3)
    counting.drop_count(world.count.pk, reasons="Phải bỏ phiếu lại", actor=world.head_teller, at=world.when(0, 15, 5))
    with pytest.raises(IllegalTransition, match="trưởng ban kiểm phiếu hủy sổ phiếu"):
        reopen(world)
    assert browser(world).get(reverse("elections:reopen_slate", args=[world.round.pk])).status_code == 409
    ledgers.void_ledger(world.round.pk, reasons=WHY, actor=world.head_teller, at=world.when(0, 15, 6))
    with pytest.raises(InvalidInput):
        reopen(world, reasons="")
    reopen(world)
    world.slate_fixed()
    world.counting()
    world.counted()
    sealing.seal(world.round.pk, sheet_number=2, actor=world.head_teller, at=world.when(0, 16))
    return world


def test_ballots_that_were_given_up_are_told_as_another_vote_and_not_as_a_recount(voted_anew):
    seal = SealedResult.objects.get()
    told = json.loads(seal.content)
    annex = dict(registry.get("F-10").from_dict(IssuedPaper.objects.get(code="F-10").data).annex)
    page = browser(voted_anew).get(reverse("elections:proposal", args=[seal.round_id])).content.decode()

    (void,) = told["void_ledgers"]
    assert (void["number"], void["issued"], void["reason"]) == (1, 12, WHY)
    assert [one["handing_out"] for one in told["dropped"]] == [1]
    (sentence,) = annex["Các lần phát phiếu, sổ phiếu đã hủy"]
    assert sentence.startswith("Phát phiếu lần 1 (in ") and WHY in sentence
    assert sentence in page
    (dropped,) = annex["Các lần kiểm đã bỏ"]
    assert dropped.startswith("Kiểm lần 1 phiếu phát lần 1 (đã hủy) khớp")
    assert (told["ledger"]["number"], told["ledger"]["handing_out"]) == (2, 2)
    (kept,) = annex["Sổ phiếu"]
    assert kept.startswith("Phát phiếu lần 2: in ")
