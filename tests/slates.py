"""Slates that are not ready yet, for tests of pages: names of the floor, an opinion ballot, a leader not elected."""

from __future__ import annotations

from datetime import date

from elections.models import Candidate, OpinionBallot
from elections.services import leaders, nominations, opinions, slates, withdrawals
from organizations.models import Post, PostHolding
from tests.factories import World, congress_at

UNDER_190 = date(2025, 3, 12)


def committee() -> World:
    """Twelve members, three seats, four names of the committee; the congress sits."""
    return congress_at("sitting", members=12, committee_seats=3, held_on=UNDER_190)


def nominated(world: World, number: int, support: int | None = 12) -> Candidate:
    """A floor nomination of that member, with its support unless None."""
    candidate = nominations.nominate(
        world.round.pk,
        member_id=world.members[number].pk,
        source="nominated",
        nominator_id=world.members[9].pk,
        actor=world.secretary,
        at=world.when(0, 14, 15),
    )
    if support is not None:
        nominations.record_support(candidate.pk, support=support, actor=world.secretary, at=world.when(0, 14, 16))
    return candidate


def convenes(world: World, number: int) -> None:
    """That member belongs to the committee that convenes the congress."""
    PostHolding.objects.create(
        member=world.members[number],
        organization=world.branch,
        post=Post.COMMITTEE_MEMBER,
        starts_on=date(2020, 1, 1),
        decision="Quyết định 01-QĐ/ĐU",
    )


def asked(world: World) -> int:
    """The first of the slate asks to withdraw."""
    return withdrawals.ask_to_withdraw(
        world.round.pk,
        member_id=world.members[0].pk,
        reason="Sức khỏe yếu",
        proposal="allow",
        actor=world.secretary,
        at=world.when(0, 14, 20),
    ).pk


def too_many(world: World) -> None:
    """One place for two names of the floor."""
    Candidate.objects.filter(round=world.round, member=world.members[3]).delete()
    for number in (5, 6):
        nominated(world, number)


def opinions_entered(world: World) -> OpinionBallot:
    """Both names of the floor have eight marks; nobody has confirmed."""
    too_many(world)
    return opinions.enter_opinions(
        world.round.pk,
        figures={"issued": 12, "returned": 12, "valid": 12, "invalid": 0},
        support={str(world.members[number].pk): 8 for number in (5, 6)},
        actor=world.clerk,
        at=world.when(0, 14, 22),
    )


def opinions_tied(world: World) -> None:
    opinions.confirm_opinions(opinions_entered(world).pk, actor=world.secretary, at=world.when(0, 14, 23))


def with_conflicts() -> World:
    """Somebody must withdraw, somebody has asked to, support is missing and too small, a teller stands."""
    world = committee()
    convenes(world, 5)
    nominated(world, 5, None)
    nominated(world, 6, 2)
    nominated(world, 11, None)
    asked(world)
    return world


def prepared() -> World:
    """Cleared, the elections set up, no names yet."""
    world = congress_at("cleared", members=12, committee_seats=3, held_on=UNDER_190)
    slates.set_up_elections(world.congress_id, actor=world.secretary, at=world.when(-9))
    return world


def leader_not_elected(planned: int = 3) -> World:
    """The chi ủy is elected; that member was planned as bí thư (the fourth of the slate is not elected)."""
    world = prepared()
    leader = world.members[planned].pk
    leaders.plan_leader(world.elections[1].pk, member_id=leader, actor=world.secretary, at=world.when(-9))
    for step in ("sitting", "slate_fixed", "counting", "counted", "sealed"):
        getattr(world, step)()
    return world
