"""How far whole provinces and khối are: counted in the database, since nobody reads a hundred thousand lines."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from congress.lifecycle import COMPLETE, HELD, RATIFIED
from congress.models import Congress
from organizations.models import BRANCH_TYPES, Organization

LINES = 3000
"""More branches than these are counted by what lies directly below, not listed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One body directly below, with how many of its branches have met and been ratified."""

    organization: Organization
    total: int
    held: int
    ratified: int


def parts_of(scope: Organization, term_label: str) -> list[Part]:
    """The living bodies directly below ``scope`` that have congresses of the term, in tree order. Two queries."""
    table, organizations = Congress._meta.db_table, Organization._meta.db_table
    branches = ", ".join(["%s"] * len(BRANCH_TYPES))
    statement = f"""
        SELECT part.id, held.state, count(*)
        FROM {organizations} part
        JOIN {organizations} branch
          ON branch.path >= part.path AND branch.path < substr(part.path, 1, length(part.path) - 1) || '0'
        JOIN {table} held ON held.organization_id = branch.id
        WHERE part.parent_id = %s AND held.term_label = %s AND branch.node_type IN ({branches})
        GROUP BY part.id, held.state
    """  # noqa: S608  (names of our own tables)
    with connection.cursor() as cursor:
        cursor.execute(statement, [scope.pk, term_label, *BRANCH_TYPES])
        rows = cursor.fetchall()
    counts: dict[int, dict[str, int]] = {}
    for part, state, count in rows:
        counts.setdefault(part, {})[state] = count
    places = Organization.objects.filter(pk__in=counts).order_by("path")
    return [
        Part(
            one,
            total=sum(counts[one.pk].values()),
            held=sum(counts[one.pk].get(state, 0) for state in HELD),
            ratified=sum(counts[one.pk].get(state, 0) for state in (RATIFIED, COMPLETE)),
        )
        for one in places
    ]
