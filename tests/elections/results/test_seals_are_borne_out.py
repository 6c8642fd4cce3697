"""The rules are asked once more before a seal: what they say of the figures is what the head saw and what is sealed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import IllegalTransition, StaleVersion
from congress.models import Attendance
from elections.models import SealedResult, TallySheet
from elections.services import proposing, sealing
from tests.factories import World, congress_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return congress_at("counted", members=12, committee_seats=3)


def seal(world: World, *, seen: str | None = None) -> SealedResult:
    return sealing.seal(world.round.pk, sheet_number=1, seen=seen, actor=world.head_teller, at=world.when(0, 15, 20))


def swap_elected(sheet: TallySheet) -> None:
    sheet.result["elected"] = [*sheet.result["votes"]][1:4]


def reword_a_step(sheet: TallySheet) -> None:
    sheet.result["reasoning"][0]["text"] = "x"


def drop_a_finding(sheet: TallySheet) -> None:
    sheet.result["findings"] = [{"code": "W401"}]


def other_votes(sheet: TallySheet) -> None:
    first = next(iter(sheet.case["votes"]))
    sheet.case["votes"][first] = sheet.result["votes"][first] = 11


def another_ballot(sheet: TallySheet) -> None:
    sheet.case["ballot_round"] = 3


@pytest.mark.rule("E-63j")
@pytest.mark.parametrize("forge", [swap_elected, reword_a_step, drop_a_finding, other_votes, another_ballot])
def test_a_proposal_that_the_rules_do_not_give_is_not_sealed(world, monkeypatch, forge):
    """As if a row had come in beside every guard of the database."""
    sheet = TallySheet.objects.get()
    forge(sheet)
    monkeypatch.setattr(sealing, "newest_sheet", lambda ballot_round: sheet)

    with pytest.raises(IllegalTransition, match="Tính lại theo quy chế thì kết quả khác"):
        seal(world)

    assert not SealedResult.objects.exists()


def test_the_head_seals_what_his_page_showed(world):
    sheet = TallySheet.objects.get()
    client = Client()
    client.force_login(world.head_teller)
    page = client.get(reverse("elections:seal", args=[world.round.pk])).content.decode()
    assert f'name="seen" value="{proposing.digest_of(sheet)}"' in page

    with pytest.raises(StaleVersion, match="không còn như trang đã xem"):
        seal(world, seen="0" * 64)

    assert seal(world, seen=proposing.digest_of(sheet)).sheet == sheet


@pytest.mark.rule("E-63k")
@pytest.mark.rule("U-22")
def test_the_base_is_that_of_the_slate_whatever_becomes_of_the_roll():
    """A line changed past the freeze of the roll: neither what is typed afterwards nor the seal counts by it."""
    world = congress_at("counting", members=12, committee_seats=3)
    line = world.congress.attendances.get(member=world.members[5])
    Attendance.objects.filter(pk=line.pk).update(presence="excused")

    world.enter(world.figures(votes=[12, 12, 12, 0]) | {"returned": 12, "valid": 12})
    sealed = seal(world)

    assert (sealed.sheet.case["electorate"]["present"], sealed.sheet.result["base"]) == (12, 12)
