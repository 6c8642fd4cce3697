"""How far whole provinces and khối are: counted in the database, since nobody reads a hundred thousand lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone

from congress import queries
from congress.lifecycle import COMPLETE, HELD, RATIFIED, STATE_NAMES
from congress.models import Congress, CongressStep
from congress.progress import end_of
from organizations.models import Organization

LINES = 3000
"""More branches than these are counted by what lies directly below, not listed."""

CONFIRMED = (RATIFIED, COMPLETE)
MET = tuple(state for state in HELD if state not in CONFIRMED)
TO_MEET = tuple(state for state in STATE_NAMES if state not in HELD)

COUNT = Func(template="COUNT(*)", output_field=IntegerField())
"""Without the GROUP BY that ``Count`` asks for, which would compare every row."""


@dataclass(frozen=True, slots=True)
class Part:
    """One body directly below, with how many of its branches have met and been ratified."""

    organization: Organization
    total: int
    held: int
    ratified: int


def parts_of(scope: Organization, term_label: str, *, as_of: date | None = None) -> list[Part]:
    """The bodies directly below ``scope`` that have congresses of the term on that day, in tree order. One query.

    The same congresses as the list counts one level down: none that will never meet because its branch has ended.
    Of a scope that is itself a branch, that branch.
    """
    today = timezone.localdate()
    day = min(as_of or today, today)
    congresses = Congress.objects.filter(term_label=term_label).exclude(branch_closed_on__lte=day, opened_at=None)
    to_meet, met, ratified = _then(congresses, day) if day < today else _now(congresses)
    parts = Organization.objects.filter(pk=scope.pk) if scope.is_branch else scope.children.all()
    counted = parts.annotate(to_meet=_count(to_meet), met=_count(met), ratified=_count(ratified)).order_by("path")
    return [
        Part(part, part.to_meet + part.met + part.ratified, part.met + part.ratified, part.ratified)
        for part in counted
        if part.to_meet + part.met + part.ratified
    ]


def _now(congresses: QuerySet[Congress]) -> tuple[QuerySet[Congress], QuerySet[Congress], QuerySet[Congress]]:
    """Those still to meet, those that met, those ratified: no congress in two of them, each a range of one index."""
    return (
        congresses.filter(state__in=TO_MEET),
        congresses.filter(state__in=MET),
        congresses.filter(state__in=CONFIRMED),
    )


def _then(
    congresses: QuerySet[Congress], day: date
) -> tuple[QuerySet[Congress], QuerySet[Congress], QuerySet[Congress]]:
    """The same as they were at the end of a past day, from the steps taken. Naming every state opens the index."""
    end = end_of(day)
    there = queries.begun_by(congresses.filter(state__in=STATE_NAMES), end)
    confirmed = CongressStep.objects.filter(congress=OuterRef("pk"), state__in=CONFIRMED, entered_at__lt=end)
    met = Q(state__in=HELD, closed_at__lt=end)
    ratified = Q(state__in=CONFIRMED, state_since__lt=end) | Exists(confirmed)
    return there.exclude(met), there.filter(met).exclude(ratified), there.filter(met & ratified)


def _count(congresses: QuerySet[Congress]) -> Subquery:
    """How many of them lie at or below each organization asked for."""
    after = Concat(Substr(OuterRef("path"), 1, Length(OuterRef("path")) - 1), Value("0"))
    below = congresses.filter(branch_path__gte=OuterRef("path"), branch_path__lt=after)
    return Subquery(below.order_by().values(n=COUNT))
