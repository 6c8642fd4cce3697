"""The pages of situation cards: read by everybody, found while typing, with a button that leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from elections.rules import situations
from elections.views.situation_places import landing_of
from elections.views.situations import situations_for
from tests.factories import congress_at, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def screen() -> str:
    """Every text that a template or the code gives to a page."""
    files = [*(ROOT / "templates").rglob("*.html")]
    files += [path for app in ("congress", "elections") for path in (ROOT / app).rglob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in files if "situation" not in path.name)


def test_everybody_with_an_account_reads_every_card():
    client = signed_in(make_user())

    answers = {one.slug: client.get(reverse("elections:situation", args=[one.slug])) for one in situations.every()}

    assert {slug: answer.status_code for slug, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert client.get(reverse("elections:situations")).context["every"] == len(answers)


def test_a_card_that_does_not_exist_is_not_found():
    assert signed_in(make_user()).get(reverse("elections:situation", args=["khong-co"])).status_code == 404


def test_the_list_is_filtered_without_a_script_and_in_part_while_typing():
    client = signed_in(make_user())

    page = client.get(reverse("elections:situations"), {"tim": "thieu dau"})
    part = client.get(reverse("elections:situations"), {"tim": "thieu dau"}, headers={"HX-Request": "true"})

    assert [card.slug for group in page.context["groups"] for card in group["cards"]] == ["phieu-thieu-dau"]
    assert "<html" in page.content.decode() and "<html" not in part.content.decode()
    assert "Phiếu thiếu dấu" in part.content.decode()


def test_what_is_typed_is_shown_as_text():
    page = signed_in(make_user()).get(reverse("elections:situations"), {"tim": "<b>phiếu"})

    assert "<b>phiếu" not in page.content.decode()
    assert "Không có tình huống nào như vậy" in page.content.decode()


@pytest.mark.parametrize(
    ("stage", "pressed_now"),
    [
        pytest.param("preparing", {"clerk": {"set_up"}}, id="preparing"),
        pytest.param("sitting", {"clerk": {"roll", "sitting", "overview", "round"}}, id="sitting"),
        pytest.param("slate_fixed", {"clerk": {"roll", "sitting"}, "teller": {"ledger"}}, id="fixed"),
        pytest.param("counting", {"clerk": {"roll", "sitting"}, "teller": {"entry"}}, id="counting"),
        pytest.param("sealed", {"head_teller": {"recount"}}, id="sealed"),
    ],
)
def test_a_card_leads_to_the_page_with_its_button_or_says_who_presses_it_and_when(stage, pressed_now):
    """Asked by three people from the list of the congress: whoever is led somewhere finds the button there."""
    world = congress_at(stage)
    for who in ("clerk", "teller", "head_teller"):
        client, found = signed_in(getattr(world, who)), set()
        for card in situations.every():
            page = client.get(reverse("elections:congress_situation", args=[world.congress_id, card.slug]))
            landing = page.context["landing"]
            there = client.get(landing.url)
            assert there.status_code == 200, (who, card.slug, landing)
            assert card.sentence in page.content.decode().replace("&quot;", '"')
            assert f"{landing.who} bấm" in page.content.decode()
            if landing.why_not:
                continue
            found.add(card.place)
            assert card.appears or landing.button in there.content.decode(), (who, card.slug, landing)
        assert found >= pressed_now.get(who, set()), (who, found)


def test_from_the_list_of_a_congress_a_card_leads_to_the_round_at_its_step():
    """The first round has its slate fixed, the next one is open: each card goes where its button is."""
    world = congress_at("slate_fixed", members=12, committee_seats=3)

    ledger = landing_of(world.teller, situations.by_slug("mat-phieu"), world.congress)
    slate = landing_of(world.secretary, situations.by_slug("de-cu-them-tai-dai-hoi"), world.congress)

    assert ledger.url == reverse("elections:ledger", args=[world.round.pk])
    assert slate.url != reverse("elections:round", args=[world.round.pk])
    assert not ledger.why_not and not slate.why_not


def test_every_button_is_named_as_on_the_screen():
    words = screen()

    assert [
        one.slug for one in situations.every() if not re.search(rf"[\"}}>]{re.escape(one.button)}[\"<{{]", words)
    ] == []


def test_beside_a_round_the_button_leads_to_that_round():
    world = congress_at("sitting")
    address = reverse("elections:round_situation", args=[world.round.pk, "qua-nhieu-nguoi-trong-danh-sach"])

    page = signed_in(world.secretary).get(address)

    assert page.context["landing"].url == reverse("elections:round", args=[world.round.pk])


def test_every_card_beside_a_round_leads_to_the_list_of_cards():
    world = congress_at("sitting")
    address = reverse("elections:round_situation", args=[world.round.pk, "qua-nhieu-nguoi-trong-danh-sach"])

    page = signed_in(world.secretary).get(address).content.decode()

    cards = reverse("elections:congress_situations", args=[world.congress_id])
    assert f'href="{cards}">Tất cả tình huống</a>' in page


def test_a_result_is_offered_its_cards_first():
    world = congress_at("sitting")

    cards = situations_for(world.round, {"status": "tie", "findings": []})

    assert cards[0]["title"] == "Hai đồng chí bằng phiếu"
    assert signed_in(world.clerk).get(cards[0]["url"]).status_code == 200


def test_the_pages_of_a_round_and_of_its_result_offer_their_cards():
    world = congress_at("sealed")
    client = signed_in(world.clerk)

    for name in ("round", "proposal"):
        page = client.get(reverse(f"elections:{name}", args=[world.round.pk])).content.decode()
        assert reverse("elections:round_situation", args=[world.round.pk, "khieu-nai-trong-dai-hoi"]) in page


def test_a_stranger_does_not_see_the_cards_of_a_congress():
    world = congress_at("preparing")

    address = reverse("elections:congress_situation", args=[world.congress_id, "mat-phieu"])
    assert signed_in(world.outsider).get(address).status_code == 404


def test_the_election_pages_lead_to_the_cards():
    world = congress_at("sitting")
    client = signed_in(world.clerk)

    overview = client.get(reverse("elections:overview", args=[world.congress_id])).content.decode()

    assert reverse("elections:congress_situations", args=[world.congress_id]) in overview
    assert reverse("elections:situations") in client.get(reverse("elections:all")).content.decode()


def test_a_card_read_beforehand_leads_to_the_congress_of_the_reader():
    world = congress_at("sitting")

    page = signed_in(world.clerk).get(reverse("elections:situation", args=["mat-phieu"]))

    assert reverse("elections:congress_situation", args=[world.congress_id, "mat-phieu"]) in page.content.decode()
