"""Days that the regulations set around a congress, where people see them, and boards that there are none of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidInput
from congress.clocks import clocks_of
from congress.models import Congress
from congress.services import preparing, sitting
from congress.timing import timing_of
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db

UNDER_190 = date(2025, 3, 12)


def stored(world: World, **changes: Any) -> Congress:
    Congress.objects.filter(pk=world.congress_id).update(**changes)
    return world.congress


def seen(world: World, name: str) -> str:
    client = Client()
    client.force_login(world.secretary)
    return client.get(reverse(f"congress:{name}", args=[world.congress_id])).content.decode()


@pytest.mark.rule("E-64")
@pytest.mark.rule("E-67")
@pytest.mark.rule("E-61")
def test_after_the_closing_the_days_to_report_to_complain_and_to_keep_the_ballots_are_seen():
    world = congress_at("closed", held_on=UNDER_190)

    report, complain, keep = clocks_of(world.congress)

    assert (report.on, complain.on, keep.on) == (date(2025, 3, 21), date(2025, 4, 2), date(2025, 9, 12))
    assert report.note.startswith("Điều lệ Đảng")
    assert keep.note == "Quyết định 190-QĐ/TW ngày 10/10/2024, Điều 35"
    page = seen(world, "dossier")
    assert all(one.label in page and f"{one.on.day}/{one.on.month}/{one.on.year}" in page for one in (report, keep))


@pytest.mark.rule("E-67")
def test_under_244_no_day_for_complaints_is_made_up():
    world = congress_at("closed", held_on=date(2022, 6, 29))

    complain = clocks_of(world.congress)[1]

    assert complain.on is None
    assert complain.unset in seen(world, "dossier")


@pytest.mark.rule("E-07")
def test_before_the_opening_the_last_day_to_announce_it_is_seen():
    world = congress_at("preparing", held_on=UNDER_190)
    world.fill_details()

    (notice,) = clocks_of(world.congress)

    assert notice.on == date(2025, 1, 22)
    assert "U-14" in notice.note
    assert notice.label in seen(world, "details")


@pytest.mark.rule("E-07")
def test_a_deadline_over_days_off_that_nobody_announced_says_so():
    world = congress_at("preparing", held_on=UNDER_190)
    congress = stored(world, planned_for=world.when(3650))

    (notice,) = clocks_of(congress)

    assert "chưa công bố" in notice.note


@pytest.mark.rule("E-06")
@pytest.mark.parametrize(
    ("late", "state", "codes"),
    [
        pytest.param(0, "preparing", [], id="on the day"),
        pytest.param(10, "preparing", ["W203"], id="nobody has agreed yet"),
        pytest.param(10, "cleared", [], id="cleared: agreed"),
        pytest.param(200, "cleared", ["W202"], id="more than six months"),
    ],
)
def test_another_day_than_the_end_of_the_term_asks_for_the_superior(late, state, codes):
    world = congress_at("preparing", held_on=UNDER_190)
    world.fill_details()
    congress = stored(world, term_ends_on=UNDER_190 - timedelta(days=late), state=state)

    found = timing_of(congress)

    assert [one.code for one in found] == codes
    assert all(one.message.split(" Quy định")[0] in seen(world, "details") for one in found)
    assert all(one.next in seen(world, "clearance") for one in found)


@pytest.mark.rule("E-06")
def test_without_the_end_of_the_term_nothing_is_said():
    world = congress_at("preparing", held_on=UNDER_190)

    assert timing_of(world.congress) == []
    preparing.set_details(
        world.congress_id,
        version=world.congress.version,
        term_ends_on=UNDER_190,
        actor=world.secretary,
        at=world.when(-30),
    )
    assert world.congress.term_ends_on == UNDER_190


@pytest.mark.rule("E-26")
@pytest.mark.rule("E-18")
@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Bầu Ban thẩm tra tư cách đại biểu", "không bầu ban thẩm tra"),
        ("Bầu Ủy ban kiểm tra chi bộ", "không có ủy ban kiểm tra"),
        ("Không bầu ban thẩm tra tư cách", ""),
        ("Thông qua chương trình", ""),
    ],
)
def test_a_branch_elects_no_credentials_board_and_no_inspection_committee(text, refused):
    world = congress_at("sitting")
    cards = {"in_favour": 6, "actor": world.secretary, "at": world.when(0, 14, 10)}

    if not refused:
        assert sitting.record_card_vote(world.congress_id, subject="programme", text=text, **cards).adopted
        return
    with pytest.raises(InvalidInput, match=refused) as refusal:
        sitting.record_card_vote(world.congress_id, subject="programme", text=text, **cards)
    assert set(refusal.value.fields) == {"text"}


@pytest.mark.rule("E-27")
def test_a_board_of_two_is_pointed_at_on_the_page_of_the_day():
    world = congress_at("sitting", members=9, held_on=UNDER_190)

    assert "Ban kiểm phiếu có 2 người, thường có từ 3 người." in seen(world, "sitting")
