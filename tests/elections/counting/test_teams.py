"""Several teams count one box: each of two people, the sheets are added by the rules against the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.models import User
from accounts.roles import Role
from elections.models import Count, CountEntry
from elections.services import agreement, counting
from tests.factories import World, congress_at, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Sitting, four tellers beside the head elected and able to sign in, the ledger of twelve papers closed."""
    world = congress_at("sitting", members=12, committee_seats=3)
    more = world.members[5:8]
    for member in more:
        member.user = make_user(Role.TELLER, world.branch, full_name=member.full_name)
        member.save(update_fields=["user"])
    board = [world.members[-2], *more]
    world._elect(
        "tellers",
        {"head_teller": [world.members[-1].pk], "teller": [one.pk for one in board]},
        world.when(0, 14, 20),
    )
    world.slate_fixed()
    world.close_ledger()
    return world


def tellers(world: World) -> list[User]:
    return [world.teller, *(member.user for member in world.members[5:8])]


def part(world: World, returned: int, votes: list[int]) -> dict[str, Any]:
    return world.figures(votes=votes) | {"returned": returned, "valid": returned}


def start(world: World, teams: int) -> Count:
    return counting.start_count(world.round.pk, teams=teams, actor=world.teller, at=world.when(0, 14, 50))


def send(world: World, person: User, team: int, figures: dict[str, Any]) -> CountEntry:
    return counting.submit_entry(world.count.pk, team=team, figures=figures, actor=person, at=world.when(0, 15))


def test_the_sheets_of_two_teams_are_added_up(world):
    start(world, 2)
    one, two = part(world, 7, [7, 6, 5, 3]), part(world, 5, [5, 4, 5, 1])
    first, second, third, fourth = tellers(world)
    for person, team, figures in ((first, 1, one), (second, 1, one), (third, 2, two), (fourth, 2, two)):
        send(world, person, team, figures)

    sheet = world.round.sheets.get()
    assert sheet.case["ballots"] == {"issued": 12, "returned": 12, "valid": 12, "invalid": 0}
    assert list(sheet.case["votes"].values()) == [12, 10, 10, 4]


def test_one_team_alone_makes_no_proposal(world):
    start(world, 2)
    figures = part(world, 12, [12, 12, 12, 0])
    for person in tellers(world)[:2]:
        send(world, person, 1, figures)

    assert world.round.state == "counting"


def test_sums_that_do_not_fit_the_ledger_make_no_proposal_and_the_head_drops_the_count(world):
    start(world, 2)
    one, two = part(world, 7, [7, 6, 5, 3]), part(world, 4, [4, 4, 4, 0])
    first, second, third, fourth = tellers(world)
    for person, team, figures in ((first, 1, one), (second, 1, one), (third, 2, two), (fourth, 2, two)):
        send(world, person, team, figures)

    assert world.round.state == "counting"
    sums = agreement.sums_of(world.count, world.round, world.congress)
    assert [one["field"] for one in sums.problems] == ["G"]
    counting.drop_count(world.count.pk, reasons="Thiếu một phiếu", actor=world.head_teller, at=world.when(0, 15, 9))
    assert CountEntry.objects.count() == 4


def test_nobody_types_for_two_teams(world):
    start(world, 2)
    first, *_ = tellers(world)
    send(world, first, 1, part(world, 7, [7, 6, 5, 3]))

    with pytest.raises(IllegalTransition):
        send(world, first, 2, part(world, 5, [5, 4, 5, 1]))


def test_a_third_person_finds_the_team_full(world):
    start(world, 1)
    figures = world.figures()
    first, second, third, _ = tellers(world)
    send(world, first, 1, figures | {"votes": world.figures(votes=[12, 12, 11, 1])["votes"]})
    send(world, second, 1, figures)

    with pytest.raises(IllegalTransition, match="đủ hai người"):
        send(world, third, 1, figures)


@pytest.mark.parametrize("teams", [0, 3, -1])
def test_more_teams_than_pairs_of_people_are_refused(world, teams):
    with pytest.raises(InvalidInput) as refused:
        start(world, teams)

    assert "teams" in refused.value.fields


@pytest.mark.parametrize("team", [0, 3])
def test_a_team_that_is_not_there_is_refused(world, team):
    start(world, 2)

    with pytest.raises(InvalidInput):
        send(world, world.teller, team, part(world, 7, [7, 6, 5, 3]))


def test_the_head_does_not_type_where_two_others_can(world):
    start(world, 1)

    with pytest.raises(NotAllowed, match="Trưởng ban"):
        send(world, world.head_teller, 1, world.figures())
