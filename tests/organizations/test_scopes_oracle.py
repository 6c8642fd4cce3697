"""Who reaches what, against an oracle that knows nothing of paths: it walks from child to parent in dictionaries.

``TREE_ORACLE`` trees (300; ``make oracle``: 5,000), each with roles of several people, some ended, withdrawn or still
to come, and moves of whole subtrees. Compared after each round of moves: ``visible_to``, ``holds``, paths and depths.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from organizations import authority, queries
from organizations.models import NodeType, Organization, RoleAssignment
from organizations.services import tree as tree_services

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TREES = int(os.environ.get("TREE_ORACLE", "300"))
TOGETHER = 100
"""Trees that stand in the database at once: a row of another tree must never be reached."""
SEED = 190
ROLES = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, Role.APPROVER, Role.SECRETARY, Role.MEMBER)


@dataclass
class World:
    """A tree as children → parents, and who holds what where. No path, no depth, no query."""

    parents: dict[int, int | None]
    assignments: dict[int, list[RoleAssignment]] = field(default_factory=dict)

    def line(self, node: int) -> list[int]:
        found, here = [node], self.parents[node]
        while here is not None:
            found.append(here)
            here = self.parents[here]
        return found

    def covers(self, place: int, node: int) -> bool:
        return place in self.line(node)

    def live(self, user: int, today: date) -> list[RoleAssignment]:
        return [
            one
            for one in self.assignments[user]
            if one.revoked_at is None and one.starts_on <= today and (one.ends_on is None or one.ends_on >= today)
        ]

    def visible(self, user: int, today: date, acting: RoleAssignment | None) -> set[int]:
        places = [one.organization_id for one in ([acting] if acting else self.live(user, today))]
        return {node for node in self.parents if any(self.covers(place, node) for place in places)}

    def holds(self, user: int, role: Role, node: int, today: date, *, exactly: bool) -> bool:
        return any(
            one.role == role and (one.organization_id == node if exactly else self.covers(one.organization_id, node))
            for one in self.live(user, today)
        )


def planted(ids: list[int], chance: random.Random) -> World:
    """A random shape over ids that begin alike (7, 70, 71, 700): the first is the root."""
    world = World({ids[0]: None})
    for pk in ids[1:]:
        known = list(world.parents)
        world.parents[pk] = chance.choice(known[-4:] if chance.random() < 0.5 else known)
    return world


def stored(worlds: list[World]) -> None:
    """Rows with the paths that founding gives, in one statement."""
    rows = []
    for world in worlds:
        for pk, parent in world.parents.items():
            line = world.line(pk)[::-1]
            path = "".join(f"{one}/" for one in line)
            rows.append(
                Organization(
                    pk=pk,
                    code=str(pk),
                    name=f"Tổ chức {pk}",
                    symbol="CB",
                    node_type=NodeType.UPPER,
                    parent_id=parent,
                    path=path,
                    depth=len(line) - 1,
                )
            )
    Organization.objects.bulk_create(rows, batch_size=2000)


def people(worlds: list[World], chance: random.Random, today: date) -> list[User]:
    """Two of each tree; some roles are over, withdrawn or begin later."""
    users = User.objects.bulk_create(
        User(username=f"nguoi-{number}", full_name="Người", password="-") for number in range(2 * len(worlds))
    )
    rows = []
    for number, user in enumerate(users):
        world = worlds[number // 2]
        for _ in range(chance.randint(1, 3)):
            begins = today + timedelta(days=chance.choice((-400, -30, 0, 1)))
            lasts = chance.choice((None, None, 0, 20, 500))
            rows.append(
                RoleAssignment(
                    user=user,
                    role=chance.choice(ROLES),
                    organization_id=chance.choice(list(world.parents)),
                    starts_on=begins,
                    ends_on=None if lasts is None else begins + timedelta(days=lasts),
                    revoked_at=timezone.now() if chance.random() < 0.15 else None,
                )
            )
            if _is_repeated(rows):
                rows.pop()
    for row in RoleAssignment.objects.bulk_create(rows):
        worlds[(row.user_id - users[0].pk) // 2].assignments.setdefault(row.user_id, []).append(row)
    return users


def _is_repeated(rows: list[RoleAssignment]) -> bool:
    """The database keeps one open assignment per person, role and place."""
    last = rows[-1]
    same = (last.user_id, last.role, last.organization_id)
    return any((one.user_id, one.role, one.organization_id) == same for one in rows[:-1])


def shaken(world: World, chance: random.Random) -> None:
    """One subtree goes elsewhere, in both worlds."""
    node = chance.choice([one for one, parent in world.parents.items() if parent is not None])
    elsewhere = [one for one in world.parents if not world.covers(node, one) and one != world.parents[node]]
    if elsewhere:
        target = chance.choice(elsewhere)
        rows = Organization.objects.in_bulk([node, target])
        tree_services.relocate(rows[node], rows[target])
        world.parents[node] = target


def disagreements(worlds: list[World], users: list[User], chance: random.Random, today: date) -> Iterator[str]:
    rows = Organization.objects.in_bulk()
    for world in worlds:
        for pk in world.parents:
            line = world.line(pk)
            if rows[pk].path != "".join(f"{one}/" for one in line[::-1]) or rows[pk].depth != len(line) - 1:
                yield f"path of {pk}: {rows[pk].path}"
            if rows[pk].parent_id != world.parents[pk]:
                yield f"parent of {pk}"
    for number, user in enumerate(users):
        world = worlds[number // 2]
        asks = User(pk=user.pk, is_active=True)
        live = queries.load_assignments(asks)
        asks.__dict__["_live_assignments"] = live
        yield from _compared(world, asks, rows, chance, today)
        if len(live) > 1:
            asks.acting = chance.choice(live)
            yield from _compared(world, asks, rows, chance, today)


def _compared(
    world: World, user: User, rows: dict[int, Organization], chance: random.Random, today: date
) -> Iterator[str]:
    acting: Any = user.acting
    seen = set(queries.visible_to(user).values_list("pk", flat=True))
    expected = world.visible(user.pk, today, acting)
    if seen != expected:
        yield f"user {user.pk} sees {sorted(seen ^ expected)} differently"
    if acting is not None:
        return
    for node in chance.sample(list(world.parents), min(4, len(world.parents))):
        for role in ROLES:
            for exactly in (False, True):
                if authority.holds(user, [role], rows[node], exactly) != world.holds(
                    user.pk, role, node, today, exactly=exactly
                ):
                    yield f"user {user.pk} holds {role} at {node}, exactly={exactly}"


def forest(chance: random.Random, trees: int) -> tuple[list[World], list[User], date]:
    today = timezone.localdate()
    stems = chance.sample(range(100, 1000), trees)
    worlds = []
    for pair in zip(stems[::2], stems[1::2], strict=True):
        ids = [
            pk for stem in pair for pk in (stem, *range(stem * 10, stem * 10 + 10), *range(stem * 100, stem * 100 + 3))
        ]
        chance.shuffle(ids)  # what begins alike stands in one tree, and in two
        for _ in pair:
            worlds.append(planted([ids.pop() for _ in range(chance.randint(3, 14))], chance))
    stored(worlds)
    return worlds, people(worlds, chance, today), today


def compared(chance: random.Random, trees: int, *, before: bool = True) -> list[str]:
    """A forest, asked, each tree shaken twice, asked again; its rows are left for the caller to remove."""
    worlds, users, today = forest(chance, trees)
    found = list(disagreements(worlds, users, chance, today)) if before else []
    for world in worlds:
        for _ in range(2):
            shaken(world, chance)
    return found + list(disagreements(worlds, users, chance, today))


def cleared() -> None:
    Organization.objects.update(parent=None)
    for model in (RoleAssignment, User, Organization):
        model.objects.all()._raw_delete("default")


def test_no_tree_disagrees_with_the_oracle():
    chance = random.Random(SEED)  # noqa: S311  (shapes of trees, no secret)

    for start in range(0, TREES, TOGETHER):
        found = compared(chance, min(TOGETHER, TREES - start), before=start % (5 * TOGETHER) == 0)
        cleared()

        assert found == [], f"forest from tree {start}"


def test_a_comparison_without_the_last_slash_would_be_noticed(monkeypatch):
    """The control: 1/7 is a beginning of 1/70/, and only the slash keeps them apart."""
    exact = authority._any_covers

    def without_slash(assignments: Any, user: User, roles: Any, organization: Organization, *, exactly: bool) -> bool:
        return exact(assignments, user, roles, organization, exactly=exactly) or any(
            not exactly and one.role in set(roles) and organization.path.startswith(one.organization.path[:-1])
            for one in assignments
        )

    monkeypatch.setattr(authority, "_any_covers", without_slash)

    assert compared(random.Random(SEED), 20) != []  # noqa: S311  (shapes of trees, no secret)


def test_a_range_without_the_last_slash_would_be_noticed(monkeypatch):
    monkeypatch.setattr(queries, "below", lambda path, prefix="": Q(**{f"{prefix}path__startswith": path[:-1]}))

    assert compared(random.Random(SEED), 20) != []  # noqa: S311  (shapes of trees, no secret)


def test_a_move_that_forgets_the_depth_would_be_noticed(monkeypatch):
    def only_the_path(organization: Organization, parent: Organization) -> None:
        new = f"{parent.path}{organization.pk}/"
        for one in Organization.objects.filter(queries.below(organization.path)):
            one.path = new + one.path.removeprefix(organization.path)
            one.save(update_fields=["path"])
        Organization.objects.filter(pk=organization.pk).update(parent=parent)

    monkeypatch.setattr(tree_services, "relocate", only_the_path)

    assert compared(random.Random(SEED), 20) != []  # noqa: S311  (shapes of trees, no secret)
