"""Two acts on the tree at once: whatever their order, every path says what the parents say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from time import sleep
from typing import Any

import pytest

from accounts.models import User
from congress.models import Congress
from congress.services import plans
from organizations import services
from organizations.models import NodeType, Organization
from organizations.services import Ground, tree
from tests.factories import at, make_organization, make_tree
from tests.races.conftest import PAUSE_SECONDS, Act, Outcome, Race, break_without_it, hold_always, lost_clearly, won
from tests.races.test_races import Planning, draft, fresh

pytestmark = pytest.mark.postgresql
DAY, NOW = date(2022, 3, 1), at(date(2022, 3, 2))


@dataclass
class Grove:
    """Two committees of one kind under a khối, a branch below the first."""

    admin: User
    bloc: Organization
    first: Organization
    second: Organization
    branch: Organization

    def move(self, what: Organization, to: Organization) -> Act:
        ground = Ground("118-QĐ/ĐUK", DAY, DAY, self.bloc.pk)
        return partial(services.move, what.pk, to.pk, ground=ground, actor=fresh(self.admin), at=NOW)

    def found(self, parent: Organization) -> Act:
        new = {"code": "MOI", "name": "Chi bộ mới", "symbol": "CB", "node_type": NodeType.BRANCH}
        return partial(services.found_organization, parent_id=parent.pk, actor=fresh(self.admin), at=NOW, **new)


def grove() -> Grove:
    planted = make_tree()
    second = make_organization(planted.bloc, node_type=NodeType.GRASSROOTS, committee_name="Đảng ủy Sở Y tế")
    return Grove(planted.admin, planted.bloc, planted.committee, second, planted.branch)


def each_below_the_other(world: Grove) -> list[Act]:
    return [world.move(world.first, world.second), world.move(world.second, world.first)]


def founded_below_what_moves(world: Grove) -> list[Act]:
    return [world.move(world.first, world.second), world.found(world.first)]


def moved_from_what_moves(world: Grove) -> list[Act]:
    return [world.move(world.first, world.second), world.move(world.branch, world.second)]


def paths_say_what_parents_say() -> bool:
    rows = Organization.objects.in_bulk()
    return all(
        one.path == (rows[one.parent_id].path if one.parent_id else "") + f"{one.pk}/"
        and one.depth == one.path.count("/") - 1
        for one in rows.values()
    )


def one_is_refused(world: Grove, outcomes: list[Outcome]) -> bool:
    return won(outcomes) == 1 and lost_clearly(outcomes) and paths_say_what_parents_say()


def both_happen(world: Grove, outcomes: list[Outcome]) -> bool:
    return won(outcomes) == 2 and paths_say_what_parents_say()


def planned() -> tuple[Grove, Planning]:
    world = grove()
    return world, Planning([draft(world.first)], world.first.pk)


def issued_while_a_branch_leaves(scene: tuple[Grove, Planning]) -> list[Act]:
    world, planning = scene
    pk, approver = planning.drafts[0]
    issue = partial(plans.issue_plan, pk, number=1, issued_on=DAY, actor=fresh(approver), at=at(date(2022, 3, 4)))
    return [issue, world.move(world.branch, world.second)]


def decided_by_the_present_superior(scene: Any, outcomes: list[Outcome]) -> bool:
    """Opened before it left: decided by the new one. Left before: this plan opens none for it."""
    found = Congress.objects.select_related("organization")
    return won(outcomes) == 2 and all(one.authority_id == one.organization.parent_id for one in found)


@pytest.fixture
def slow_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody takes a moment between reading where things stand and writing."""
    for name in ("relocate", "_store"):
        quick = getattr(tree, name)

        def slow(*args: Any, quick: Any = quick) -> None:
            sleep(PAUSE_SECONDS)
            quick(*args)

        monkeypatch.setattr(tree, name, slow)
    opening = plans._open_congresses

    def open_slowly(*args: Any, **kwargs: Any) -> int:
        opened = opening(*args, **kwargs)
        sleep(PAUSE_SECONDS * 4)
        return opened

    monkeypatch.setattr(plans, "_open_congresses", open_slowly)


SCENES = {"grove": (None, grove), "planned grove": (None, planned)}
TAKEN_AWAY = ("without_locks", "slow_tree")
RACES = {
    "each below the other": Race("grove", each_below_the_other, one_is_refused, TAKEN_AWAY),
    "founded below what moves": Race("grove", founded_below_what_moves, both_happen, TAKEN_AWAY),
    "moved from what moves": Race("grove", moved_from_what_moves, both_happen, TAKEN_AWAY),
    "a plan while a branch leaves": Race(
        "planned grove", issued_while_a_branch_leaves, decided_by_the_present_superior, TAKEN_AWAY
    ),
}


@pytest.mark.parametrize("name", RACES)
def test_the_tree_stays_whole(name, scenes, runners, record_property):
    hold_always(RACES[name], scenes, runners, record_property)


@pytest.mark.parametrize("name", RACES)
def test_without_locks_it_breaks(name, scenes, runners, record_property, request):
    break_without_it(RACES[name], scenes, runners, record_property, request)
