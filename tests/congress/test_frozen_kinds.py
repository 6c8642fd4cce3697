"""What the migration of kinds added stands under the same triggers as before, on either database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from congress.models import CardVote, Congress, Coverage, Plan
from congress.services import sitting
from tests.assemblies import a_committee
from tests.factories import congress_at

pytestmark = pytest.mark.django_db


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_the_kind_of_an_issued_plan_is_not_changed_any_more():
    _, congress = a_committee()
    draft = Plan.objects.create(
        organization=congress.organization,
        subject="Nháp (bịa)",
        term_label="2030-2035",
        coverage=Coverage.OWN,
        created_by=congress.plan.created_by,
    )

    assert refused(f"UPDATE congress_plan SET kind = 'delegates' WHERE id = {congress.plan_id}")  # noqa: S608  (our own)
    assert not refused(f"UPDATE congress_plan SET kind = 'delegates' WHERE id = {draft.pk}")  # noqa: S608  (our own)
    draft.delete()


def test_the_people_behind_the_base_of_a_vote_are_not_changed_any_more():
    world = congress_at("sitting")
    vote = CardVote.objects.order_by("pk").last()

    assert vote.electorate["resolution_base"] == vote.base == 6
    assert refused("UPDATE congress_cardvote SET electorate = NULL")
    assert refused("DELETE FROM congress_cardvote")
    assert sitting.queries.electorate_snapshot(world.congress) == vote.electorate


def test_plans_clearances_and_votes_kept_their_triggers():
    """The table of congresses was made anew; nothing else lost what protects it."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'congress%'"
        expected = {
            "congress_cardvote_insert_only",
            "congress_clearancerequest_decided",
            "congress_clearancerequest_kept",
            "congress_plan_issued",
            "congress_plan_kept",
            "congress_plandeadline_issued",
        }
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'congress%'"
        expected = {
            "congress_cardvote_no_delete",
            "congress_cardvote_no_update",
            "congress_clearancerequest_decided",
            "congress_clearancerequest_kept",
            "congress_plan_issued",
            "congress_plan_kept",
            "congress_plandeadline_issued_delete",
            "congress_plandeadline_issued_insert",
            "congress_plandeadline_issued_update",
        }
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}

    assert expected <= found
    assert Congress.objects.count() == 0
