"""Situation cards as data: complete, resting on existing rules, found as people speak."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from congress.rules.regimes import in_force
from elections.rules import situations
from elections.rules.catalogue import CATALOGUE

ROOT = Path(__file__).parents[3]
RULEBOOK = (ROOT / "docs/rulebook/rules.md").read_text(encoding="utf-8")
KNOWN_RULES = set(re.findall(r"\bE-\d\d[a-k]?\b", RULEBOOK))
OPEN_QUESTIONS = set(re.findall(r"\bU-\d\d\b", RULEBOOK))
REGIMES = {code: in_force(on) for code, on in {"244": date(2022, 8, 10), "190": date(2025, 7, 20)}.items()}
CARDS = situations.every()


def each_card(test):
    return pytest.mark.parametrize("card", CARDS, ids=lambda card: card.slug)(test)


def test_there_are_cards_for_the_common_situations():
    assert len(CARDS) >= 18
    assert len({card.slug for card in CARDS}) == len({card.title for card in CARDS}) == len(CARDS)


@each_card
def test_a_card_says_what_who_and_aloud(card):
    assert card.says and card.decides and card.reader
    assert len(card.sentence) > 40
    assert not re.search(r"!|\bU-\d\d\b", " ".join((card.title, card.sentence, card.decides)))


@each_card
def test_a_card_rests_on_rules_of_the_rulebook(card):
    assert card.rules
    assert set(card.rules) - KNOWN_RULES == set()
    assert set(re.findall(r"U-\d\d", card.doubt)) - OPEN_QUESTIONS == set()


@pytest.mark.parametrize("regime", REGIMES.values(), ids=REGIMES)
@each_card
def test_a_card_cites_an_article_of_each_regime_with_the_date_of_the_document(card, regime):
    places = card.citations(regime)

    assert any(
        re.search(r"ngày \d+/\d+/\d{4}, (?:Điều|điểm|mục|Mẫu)|\(Đại hội XI, 2011\), Điều", one) for one in places
    )


@each_card
def test_findings_that_call_for_a_card_are_in_the_catalogue(card):
    assert card.when.findings - set(CATALOGUE) == set()


def test_what_only_one_regulation_says_is_said_under_that_one_alone():
    card = situations.by_slug("de-cu-them-tai-dai-hoi")

    assert "30 %" in card.text(REGIMES["190"])[-1]
    assert card.text(REGIMES["244"])[-1] == "Quy chế 244 không có điều kiện trên 30 % ủng hộ."


@pytest.mark.parametrize(
    ("slug", "certain"),
    [
        pytest.param("thu-ve-nhieu-hon-phat-ra", False, id="an open question"),
        pytest.param("hai-dong-chi-bang-phieu", False, id="an article recalled from memory"),
        pytest.param("phieu-khong-ro-bau-cho-ai", True, id="every place was read"),
    ],
)
def test_a_card_knows_whether_it_was_verified(slug, certain):
    assert situations.by_slug(slug).is_certain(REGIMES["190"]) is certain


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("thua phieu", "thu-ve-nhieu-hon-phat-ra"),
        ("BẰNG PHIẾU NHAU", "hai-dong-chi-bang-phieu"),
        ("qua ban", "khong-ai-qua-nua"),
        ("xăng dầu", ""),
        ("  đến   muộn ", "dang-vien-den-muon"),
    ],
)
def test_a_card_is_found_by_the_words_people_use(typed, slug):
    assert [card.slug for card in situations.found(typed)][:1] == ([slug] if slug else [])


def test_nothing_typed_finds_every_card():
    assert sorted(card.slug for card in situations.found(" ")) == sorted(card.slug for card in CARDS)


def fitting(**given):
    round_ = {"state": "sealed", "office": "branch_committee", "number": 1} | given
    return [card.slug for card in situations.fitting(**round_)]


def test_what_the_result_calls_for_comes_first():
    assert fitting(status="tie")[0] == "hai-dong-chi-bang-phieu"
    assert fitting(state="counting", findings=["F402"])[0] == "thu-ve-nhieu-hon-phat-ra"
    assert fitting(office="secretary", status="superior_appoints")[0] == "ba-lan-khong-bau-duoc-bi-thu"


def test_cards_about_one_office_stay_with_it():
    assert "khong-bau-duoc-pho-bi-thu" not in fitting(office="secretary", status="short")
    assert "bi-thu-ngoai-chi-uy" in fitting(office="secretary", state="slate_open")


def test_a_later_round_is_told_that_the_majority_stays():
    assert "bau-tiep-co-ha-muc-khong" not in fitting(state="slate_open")
    assert "bau-tiep-co-ha-muc-khong" in fitting(state="slate_open", number=2)
