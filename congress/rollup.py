"""How far whole provinces and khối are: counted in the database, since nobody reads a hundred thousand lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from congress.lifecycle import COMPLETE, HELD, RATIFIED
from congress.models import Congress, CongressStep
from congress.progress import end_of
from organizations.models import BRANCH_TYPES, Organization

LINES = 3000
"""More branches than these are counted by what lies directly below, not listed."""

STATEMENT = """
    SELECT part.id, count(*), count(CASE WHEN {held} THEN 1 END), count(CASE WHEN {held} AND {ratified} THEN 1 END)
    FROM {organizations} part
    JOIN {organizations} branch
      ON branch.path >= part.path AND branch.path < substr(part.path, 1, length(part.path) - 1) || '0'
    JOIN {congresses} congress ON congress.organization_id = branch.id
    WHERE part.{where} = %(scope)s AND congress.term_label = %(term)s AND branch.node_type IN ({branches})
      AND (branch.closed_on IS NULL OR branch.closed_on > %(day)s OR congress.opened_at IS NOT NULL){begun}
    GROUP BY part.id
"""
NOW = {"held": "congress.state IN ({held})", "ratified": "congress.state IN ({ratified})", "begun": ""}
THEN = {
    "held": "congress.state IN ({held}) AND congress.closed_at < %(end)s",
    "ratified": "(congress.state IN ({ratified}) AND congress.state_since < %(end)s"
    " OR EXISTS (SELECT 1 FROM {steps} step WHERE step.congress_id = congress.id"
    " AND step.state IN ({ratified}) AND step.entered_at < %(end)s))",
    "begun": "\n      AND (NOT EXISTS (SELECT 1 FROM {steps} step WHERE step.congress_id = congress.id)"
    " OR EXISTS (SELECT 1 FROM {steps} step WHERE step.congress_id = congress.id AND step.entered_at < %(end)s)"
    " OR congress.closed_at < %(end)s)",
}
"""What has met and been ratified: as the rows are, or as they were at the end of a past day, from the steps taken."""


@dataclass(frozen=True, slots=True)
class Part:
    """One body directly below, with how many of its branches have met and been ratified."""

    organization: Organization
    total: int
    held: int
    ratified: int


def parts_of(scope: Organization, term_label: str, *, as_of: date | None = None) -> list[Part]:
    """The bodies directly below ``scope`` that have congresses of the term on that day, in tree order. Two queries.

    The same congresses as the list counts one level down: none that will never meet because its branch has ended.
    Of a scope that is itself a branch, that branch.
    """
    today = timezone.localdate()
    day = min(as_of or today, today)
    statement, values = _statement(scope, term_label, day, is_past=day < today)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        counts = {part: figures for part, *figures in cursor.fetchall()}
    return [Part(one, *counts[one.pk]) for one in Organization.objects.filter(pk__in=counts).order_by("path")]


def _statement(scope: Organization, term_label: str, day: date, *, is_past: bool) -> tuple[str, dict[str, Any]]:
    """Names of our own tables and columns are written in; every value is a parameter."""
    values: dict[str, Any] = {
        "scope": scope.pk,
        "term": term_label,
        "day": connection.ops.adapt_datefield_value(day),
        "end": connection.ops.adapt_datetimefield_value(end_of(day)),
    }
    names: dict[str, str] = {"steps": CongressStep._meta.db_table}
    for name, choices in (("held", HELD), ("ratified", (RATIFIED, COMPLETE)), ("branches", BRANCH_TYPES)):
        own = {f"{name}{number}": str(choice) for number, choice in enumerate(choices)}
        names[name] = ", ".join(f"%({key})s" for key in own)
        values |= own
    parts = {name: text.format(**names) for name, text in (THEN if is_past else NOW).items()}
    statement = STATEMENT.format(
        organizations=Organization._meta.db_table,
        congresses=Congress._meta.db_table,
        where="id" if scope.is_branch else "parent_id",
        branches=names["branches"],
        **parts,
    )
    return statement, values
