"""The place of its branch that the database keeps on each congress: whole provinces are counted by it."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.models import F

from congress import rollup
from congress.models import AssemblyKind, Congress
from organizations.models import NodeType, Organization
from organizations.services import tree as trees
from tests.factories import make_organization, make_plan, make_tree
from tests.flushing.management.commands.flush import triggers_asleep

pytestmark = pytest.mark.django_db

ENDED = date(2022, 6, 1)


@pytest.fixture
def tree():
    tree = make_tree(branches=3)
    make_plan(tree.bloc)
    return tree


def places() -> list[tuple[str | None, date | None]]:
    return list(Congress.objects.order_by("pk").values_list("branch_path", "branch_closed_on"))


def wanted() -> list[tuple[str | None, date | None]]:
    rows = Congress.objects.order_by("pk").select_related("organization")
    return [
        (one.organization.path, one.organization.closed_on) if one.organization.is_branch else (None, None)
        for one in rows
    ]


def test_a_new_congress_knows_the_place_of_its_branch_and_of_no_other_body(tree):
    above = Congress.objects.get(organization=tree.branch)
    above.pk, above.organization, above.kind = None, tree.committee, AssemblyKind.MEETING
    above.save(force_insert=True)

    assert len(places()) == 4
    assert places() == wanted()
    assert places()[-1] == (None, None)


def test_the_place_follows_every_act_on_the_branch_or_above_it(tree):
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng (bịa)", symbol="ĐU")
    first, second, third = Congress.objects.order_by("pk")

    trees.relocate(tree.committee, other)
    moved = places()
    Organization.objects.filter(pk=first.organization_id).update(closed_on=ENDED)
    Organization.objects.filter(pk=second.organization_id).update(node_type=NodeType.SUBDIVISION)
    Organization.objects.filter(pk=third.organization_id).update(name="Chi bộ đổi tên (bịa)")

    assert all(path.startswith(other.path) for path, _ in moved)
    assert places() == wanted()
    assert [closed for _, closed in places()] == [ENDED, None, None]
    assert [path is None for path, _ in places()] == [False, True, False]


def test_nobody_writes_a_place_that_the_branch_does_not_have(tree):
    stale = Congress.objects.order_by("pk")[0]
    trees.relocate(tree.committee, make_organization(tree.bloc, node_type="grassroots", symbol="ĐU"))

    stale.place = "Hội trường (bịa)"
    stale.save()
    Congress.objects.filter(pk__gt=stale.pk).update(branch_path="1/", branch_closed_on=ENDED)

    assert places() == wanted()
    assert Congress.objects.get(pk=stale.pk).place == "Hội trường (bịa)"


def test_another_organization_brings_its_own_place(tree):
    one = Congress.objects.order_by("pk")[0]
    Congress.objects.filter(pk=one.pk).update(organization=tree.committee, version=F("version") + 1)

    assert places() == wanted()
    assert [path is None for path, _ in places()] == [True, False, False]


def test_without_the_triggers_the_place_stays_behind_and_the_migration_fills_it(tree):
    """The control: it is the database that keeps the place; what was there before it is filled in once."""
    filling = import_module("congress.migrations.0011_branches_of_congresses").FILL
    other = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ Sở Xây dựng", symbol="ĐU")
    with triggers_asleep(connection):
        Congress.objects.update(branch_path=None)
        Organization.objects.filter(pk=tree.branch.pk).update(closed_on=ENDED)
        trees.relocate(tree.committee, other)
        assert [path for path, _ in places()] == [None] * 3 != [path for path, _ in wanted()]
        with connection.cursor() as cursor:
            cursor.execute(filling)

    assert places() == wanted()


def test_the_bodies_of_a_nation_are_counted_in_one_query(tree, django_assert_num_queries):
    empty = make_organization(tree.bloc, node_type="grassroots", name="Đảng bộ chưa có chi bộ (bịa)", symbol="ĐU")
    Congress.objects.filter(organization=tree.branch).update(state="ratified")

    with django_assert_num_queries(1):
        parts = rollup.parts_of(tree.bloc, "2022-2025")

    assert [(one.organization, one.total, one.held, one.ratified) for one in parts] == [(tree.committee, 3, 1, 1)]
    assert empty not in [one.organization for one in parts]
    (own,) = rollup.parts_of(tree.branch, "2022-2025")
    assert (own.organization, own.total, own.ratified) == (tree.branch, 1, 1)
