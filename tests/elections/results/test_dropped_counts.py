"""A count that two people had typed alike and the head gave up is told where everybody reads the result."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import IssuedPaper
from documents.papers import registry
from elections.models import SealedResult
from elections.services import counting, sealing
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

FIRST, SECOND = [12, 11, 9, 3], [12, 3, 9, 11]
WHY = "Một xấp phiếu chưa kiểm."


def dropped(world: World, *, minute: int) -> None:
    counting.drop_count(world.count.pk, reasons=WHY, actor=world.head_teller, at=world.when(0, 15, minute))
    counting.start_count(world.round.pk, actor=world.teller, at=world.when(0, 15, minute + 1))


@pytest.fixture
def world() -> World:
    """Agreed and dropped, dropped again before anybody typed, then counted otherwise and sealed."""
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=FIRST))
    dropped(world, minute=5)
    dropped(world, minute=7)
    world.enter(world.figures(votes=SECOND))
    sealing.seal(world.round.pk, sheet_number=2, actor=world.head_teller, at=world.when(0, 15, 20))
    return world


def sentences(seal: SealedResult) -> list[str]:
    a, b, c, d = (one.shown_name for one in seal.round.candidates.order_by("position"))
    return [
        f"Kiểm lần 1 khớp, số liệu không dùng: thu về 12, hợp lệ 12, không hợp lệ 0; "
        f"{a} 12 phiếu, {b} 11 phiếu, {c} 9 phiếu, {d} 3 phiếu; "
        "bỏ vì: Một xấp phiếu chưa kiểm.",
        "Kiểm lần 2 chưa khớp; bỏ vì: Một xấp phiếu chưa kiểm.",
    ]


def test_the_sealed_text_keeps_the_figures_that_were_dropped(world):
    seal = SealedResult.objects.get()

    agreed, untyped = json.loads(seal.content)["dropped"]

    assert (agreed["number"], agreed["reason"]) == (1, WHY)
    assert sorted(agreed["votes"].values()) == sorted(FIRST)  # keys are ids as text: their order tells nothing
    assert len(agreed["elected"]) == 3 and agreed["elected"] != seal.sheet.result["elected"]
    assert untyped == {"number": 2, "reason": WHY}


def test_the_annex_of_the_minutes_says_what_was_dropped_and_why(world):
    paper = registry.get("F-10").from_dict(IssuedPaper.objects.get(code="F-10").data)

    assert dict(paper.annex)["Các lần kiểm đã bỏ"] == tuple(sentences(SealedResult.objects.get()))


def test_the_result_page_tells_everybody_after_the_seal(world):
    client, seal = Client(), SealedResult.objects.get()
    client.force_login(User.objects.get(pk=world.secretary.pk))

    shown = client.get(reverse("elections:proposal", args=[seal.round_id])).content.decode()

    assert all(one in shown for one in sentences(seal))


def test_a_recount_given_up_is_told_but_not_while_it_is_counted_again(world):
    client, seal = Client(), SealedResult.objects.get()
    client.force_login(User.objects.get(pk=world.secretary.pk))
    page = reverse("elections:proposal", args=[seal.round_id])
    for minute in (30, 40):
        again = counting.recount(
            seal.round_id, reasons="Có khiếu nại", actor=world.head_teller, at=world.when(0, 15, minute)
        )
        if minute == 30:
            figures = {"returned": 12, "valid": 12, "invalid": 0} | {
                "votes": dict(zip(seal.sheet.case["slate"], [10, 9, 8, 7], strict=True))
            }
            for person in world.typists:
                counting.submit_entry(again.pk, figures=figures, actor=person, at=world.when(0, 15, minute + 1))
            counting.drop_count(again.pk, reasons=WHY, actor=world.head_teller, at=world.when(0, 15, minute + 2))
            assert "Kiểm lần 4 khớp" in client.get(page).content.decode()

    shown = client.get(page).content.decode()

    assert "Kiểm lần 1 khớp" in shown
    assert "Kiểm lần 4 khớp" not in shown
