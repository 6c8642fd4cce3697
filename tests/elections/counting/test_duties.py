"""Việc cần làm of the board while it counts and of the branch after the seal: one button each, no figure."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from congress import duties
from elections.models import SealedResult
from elections.rules.signed_paper import key_figures
from elections.services import counting, sealing, signed_sheets, single_papers
from tests.factories import World, congress_at, make_user

pytestmark = pytest.mark.django_db


def told(user: User) -> list[tuple[str, str]]:
    """(button, address) of every duty."""
    return [(duty.button, duty.url) for duty in duties.of(User.objects.get(pk=user.pk))]


def on_round(name: str, world: World) -> str:
    return reverse(f"elections:{name}", args=[world.round.pk])


@pytest.fixture
def world() -> World:
    return congress_at("counting", members=12, committee_seats=3)


def send(world: World, person: User, votes: list[int]) -> None:
    figures = world.figures(votes=votes)
    counting.submit_entry(world.count.pk, figures=figures, actor=person, at=world.when(0, 15))


def test_a_free_seat_is_a_duty_until_it_is_taken(world):
    assert told(world.teller) == [("Nhận chỗ nhập", on_round("count", world))]

    counting.take_seat(world.count.pk, team=1, actor=world.teller, at=world.when(0, 14, 55))

    assert told(world.teller) == [("Nhập kết quả", on_round("count", world))]


def test_who_has_sent_waits_until_the_two_differ_and_no_figure_is_told(world):
    first, second = world.typists
    send(world, first, [12, 11, 10, 3])
    assert told(first) == []

    send(world, second, [12, 10, 10, 3])

    for person in (first, second):
        (duty,) = duties.of(User.objects.get(pk=person.pk))
        assert duty.button == "Nhập lại"
        assert not re.search(r"\d", duty.sentence.replace("lần bỏ phiếu thứ 1", ""))


def test_the_head_is_asked_to_rule_on_papers_in_doubt():
    world = congress_at("slate_fixed", members=12, committee_seats=3)
    world.close_ledger()
    counting.start_count(world.round.pk, method="papers", actor=world.teller, at=world.when(0, 14, 50))
    kept = [str(one.pk) for one in world.slate()[:3]]
    for person in world.typists:
        for slip in range(1, 13):
            reading = {"kept": kept, "flaws": ["unclear"] if slip == 4 else []}
            single_papers.write_paper(world.count.pk, slip=slip, reading=reading, actor=person, at=world.when(0, 15))
        single_papers.submit_papers(world.count.pk, actor=person, at=world.when(0, 15))

    assert told(world.head_teller) == [("Ghi kết luận", reverse("elections:rulings", args=[world.count.pk]))]
    assert told(world.teller) == []


def test_the_head_is_asked_to_drop_a_count_whose_teams_do_not_fit_the_ledger():
    world = congress_at("sitting", members=12, committee_seats=3)
    more = world.members[5:8]
    for member in more:
        member.user = make_user(Role.TELLER, world.branch, full_name=member.full_name)
        member.save(update_fields=["user"])
    board = [world.members[-2].pk, *(member.pk for member in more)]
    world._elect("tellers", {"head_teller": [world.members[-1].pk], "teller": board}, world.when(0, 14, 20))
    world.slate_fixed()
    world.close_ledger()
    counting.start_count(world.round.pk, teams=2, actor=world.teller, at=world.when(0, 14, 50))
    people = [world.teller, *(member.user for member in more)]
    for place, person in enumerate(people):
        figures = world.figures(votes=[5, 5, 5, 0]) | {"returned": 5, "valid": 5}
        counting.submit_entry(world.count.pk, team=place // 2 + 1, figures=figures, actor=person, at=world.when(0, 15))

    assert told(world.head_teller) == [("Bỏ lần kiểm này", on_round("reject_count", world))]


def test_a_recount_is_sealed_by_the_head_and_the_duty_says_again():
    world = congress_at("sealed")
    told_before = told(world.head_teller)
    counting.recount(
        world.round.pk,
        reasons="Có đồng chí đề nghị",
        method="totals",
        teams=1,
        actor=world.head_teller,
        at=world.when(0, 15, 30),
    )
    world.enter()

    (duty,) = [one for one in duties.of(User.objects.get(pk=world.head_teller.pk)) if one.button == "Xác nhận kết quả"]

    assert "Xác nhận, niêm phong lại kết quả" in duty.sentence
    assert told_before == []


def test_the_secretary_sends_the_signed_minutes_and_anybody_else_reads_it():
    world = congress_at("sealed")
    page = on_round("signed_sheets", world)
    assert ("Tải ảnh biên bản", page) in told(world.secretary)
    assert all(url != page for _, url in told(world.teller))
    seal = SealedResult.objects.get()

    world.upload_signed_sheet(seal)  # by the teller

    assert ("Đọc lại sáu số", page) in told(world.secretary)
    assert ("Đọc lại sáu số", page) in told(world.head_teller)
    assert all(url != page for _, url in told(world.teller))
    signed_sheets.read_signed_sheet(
        seal.round_id,
        edition=1,
        number=1,
        read=key_figures(seal.sheet.result),
        actor=world.head_teller,
        at=world.when(0, 16, 50),
    )
    assert all(url != page for who in (world.secretary, world.head_teller) for _, url in told(who))


def test_the_second_edition_asks_for_its_own_signed_minutes():
    world = congress_at("sealed")
    world.sign_minutes()
    page = on_round("signed_sheets", world)
    assert all(url != page for _, url in told(world.secretary))
    counting.recount(
        world.round.pk,
        reasons="Có đồng chí đề nghị",
        method="totals",
        teams=1,
        actor=world.head_teller,
        at=world.when(0, 15, 30),
    )
    world.enter()
    sealing.seal(world.round.pk, sheet_number=2, actor=world.head_teller, at=world.when(0, 15, 50))

    assert ("Tải ảnh biên bản", page) in told(world.secretary)
