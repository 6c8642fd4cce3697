"""U-22: who comes after a sealed vote changes nothing of it; people are told where the result would differ."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from congress import alerts
from congress.services import sitting
from elections.services import slates
from tests.factories import World, congress_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("U-22"), pytest.mark.rule("E-63k")]


def line(world: World, number: int):
    return world.congress.attendances.get(member=world.members[number])


def sealed_with(votes: int, *, away: int = 1) -> World:
    """Ten called, ``away`` of them excused from the fifth on; the first name of two for one seat gets ``votes``."""
    world = congress_at("sitting", members=10)
    for number in range(4, 4 + away):
        sitting.excuse_absence(
            line(world, number).pk, reason="Công tác (bịa)", actor=world.secretary, at=world.when(0, 14, 12)
        )
    slates.nominate(
        world.round.pk,
        member_id=world.members[1].pk,
        source="stood",
        actor=world.secretary,
        at=world.when(0, 14, 15),
    )
    world.slate_fixed()
    world.counting()
    slate = [one.pk for one in world.slate()]
    given = [votes if pk == world.members[0].pk else 10 - away - votes for pk in slate]
    world.enter(world.figures(votes=given))
    world.sealed()
    return world


def arrive(world: World, number: int, minute: int = 40) -> None:
    marks = {line(world, number).pk: "present"}
    sitting.take_roll(world.congress_id, marks, actor=world.secretary, at=world.when(0, 15, minute))


def test_nobody_is_alarmed_while_the_result_would_stay():
    """Nine counted, six votes; of ten six are needed, too."""
    world = sealed_with(6)
    arrive(world, 4)

    assert alerts.of(world.congress) == []
    assert not AuditEvent.objects.filter(action="congress.alerted").exists()


def test_the_alert_names_who_came_and_both_bases_and_leaves_the_seal_alone():
    """Nine counted, five votes were enough; of ten six are needed."""
    world = sealed_with(5)
    seal = world.round.seals.get()
    arrive(world, 4)

    (alert,) = alerts.of(world.congress)

    assert "cơ sở tính là 9, cần 5 phiếu" in alert.text
    assert world.members[4].display_name in alert.text
    assert "tính trên 10 thì cần 6 phiếu" in alert.text
    assert "chưa kiểm chứng (U-22)" in alert.text and "báo cáo cấp ủy cấp trên" in alert.text
    assert world.round.electorate["election_base"] == 9
    assert (world.round.seals.get().pk, world.round.seals.get().sha256) == (seal.pk, seal.sha256)


def test_the_alert_is_recorded_once_and_again_when_the_next_one_comes():
    world = sealed_with(4, away=3)
    arrive(world, 4)
    arrive(world, 5, 41)
    sitting.take_roll(
        world.congress_id, {line(world, 5).pk: "present"}, actor=world.secretary, at=world.when(0, 15, 42)
    )

    events = [one.details["about"] for one in AuditEvent.objects.filter(action="congress.alerted").order_by("sequence")]
    assert len(events) == 2
    assert ["tính trên 8" in events[0], "tính trên 9" in events[1]] == [True, True]


@pytest.mark.parametrize("name", ["congress:sitting", "congress:roll", "elections:round", "elections:proposal"])
def test_the_alert_stands_on_the_pages_of_sitting_round_and_result(name):
    world = sealed_with(5)
    arrive(world, 4)
    client = Client()
    client.force_login(User.objects.get(pk=world.secretary.pk))
    of_round = name.startswith("elections:")

    text = client.get(reverse(name, args=[world.round.pk if of_round else world.congress_id])).content.decode()

    assert "có đồng chí đến sau, kết quả sẽ khác nếu tính lại" in text


def test_a_round_shows_the_base_that_was_frozen_with_it():
    world = sealed_with(5)
    arrive(world, 4)
    client = Client()
    client.force_login(User.objects.get(pk=world.secretary.pk))

    text = client.get(reverse("elections:round", args=[world.round.pk])).content.decode()

    assert "Cơ sở tính đã chốt" in text
    assert "vắng có lý do được chấp nhận <b>1</b>" in text
