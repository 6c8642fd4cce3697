"""A re-vote among the tied asks for more votes, not for more than half, wherever it is told (E-53)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.models import IssuedPaper
from documents.papers import registry
from elections.models import BallotRound
from elections.services import rounds
from elections.views.results import why
from tests.factories import World, congress_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("E-53")]

NEEDED = re.compile(r"cần (<b[^>]*>)?7(</b>)? phiếu|ít nhất 7 phiếu|quá một nửa của 12|[Qq]uá một nửa: 7|Vì sao cần")
SAID = "ai nhiều phiếu hơn thì trúng cử, không cần quá một nửa"


@pytest.fixture
def world() -> World:
    """Two are elected, two tied for the third seat; the re-vote is being prepared."""
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=[11, 9, 8, 8]))
    world.sealed()
    rounds.open_next_round(
        world.elections[0].pk, in_favour=world.present(), actor=world.secretary, at=world.when(0, 15, 25)
    )
    return world


def revote(world: World) -> BallotRound:
    return world.elections[0].rounds.get(number=2)


def page(world: World, name: str, number: int = 2) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=world.secretary.pk))
    ballot = world.elections[0].rounds.get(number=number)
    return client.get(reverse(f"elections:{name}", args=[ballot.pk])).content.decode()


def main(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def test_the_slate_says_what_the_revote_asks_for_with_its_doubt(world):
    for _ in range(2):
        shown = main(page(world, "round"))
        assert SAID in shown and "chưa kiểm chứng (U-12)" in shown
        assert not NEEDED.search(shown)
        if revote(world).state == "slate_open":
            world.slate_fixed()


def test_the_result_and_the_minutes_ask_for_no_seven_votes(world):
    world.slate_fixed()
    world.counting()
    world.enter(world.figures(votes=[5, 4], invalid=3))
    world.sealed()

    for name in ("proposal", "wall"):
        assert not NEEDED.search(main(page(world, name)))
    assert "Vì sao lấy người nhiều phiếu hơn" in page(world, "proposal")
    paper = registry.get("F-10").from_dict(
        IssuedPaper.objects.filter(code="F-10", about=f"round:{revote(world).pk}").get().data
    )
    told = [f"{one.text} {one.basis}" for one in paper.reasoning]
    assert not any(NEEDED.search(one) for one in told)
    assert [one.count("chưa kiểm chứng") for one in told if "không cần quá một nửa" in one] == [1]


def test_the_button_of_the_revote_stands_under_the_rule_with_its_doubt():
    world = congress_at("counting", members=12, committee_seats=3)
    world.enter(world.figures(votes=[11, 9, 8, 8]))
    world.sealed()

    shown = page(world, "proposal", number=1)
    following = shown[shown.index('id="tiep-theo"') :]

    assert SAID in following and "chưa kiểm chứng (U-12)" in following


def test_each_name_has_its_own_reason_whatever_the_sentence_says(world):
    result = world.elections[0].rounds.get(number=1).seals.get().sheet.result
    keys = list(result["votes"])
    told = {key: why(key, result)[0] for key in keys}
    assert [told[key]["about"] for key in keys] == keys

    other = [{**one, "text": "Câu khác."} for one in reversed(result["reasoning"])]
    assert [why(key, result | {"reasoning": other})[0]["about"] for key in keys] == keys

    old = [{name: text for name, text in one.items() if name != "about"} for one in result["reasoning"]]
    assert [why(key, result | {"reasoning": old})[0]["text"] for key in keys] == [told[key]["text"] for key in keys]
