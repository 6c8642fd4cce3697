"""What falls due, for whom, and who hears of it when they are late: what reminders are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.roles import Role
from congress.lifecycle import COMPLETE
from congress.models import Congress
from congress.progress import Line, overview_of, terms_of
from congress.stations import BY_AUTHORITY, NEXT_STEP
from organizations.models import BRANCH_TYPES, DECIDING_TYPES, Organization

BRANCH_HANDS = (Role.SECRETARY, Role.CLERK)
COMMITTEE_HANDS = (Role.COMMITTEE_STAFF, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Hands:
    """Those who hold one of the roles at the place itself."""

    organization_id: int
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that somebody has to do by a day. ``key`` names the thing, since when it waits and the day due.

    Another day is another due, and so is the same step begun once more.

    ``left``: working days, negative when late. ``above``: who hears of it then; None where nobody is above.
    """

    key: str
    sentence: str
    url: str
    due_on: date
    left: int
    holder: Hands
    above: Hands | None = None


Source = Callable[[date], Iterable[Due]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """``source(today)`` yields what is due soon or late, in a constant number of queries."""
    if source not in _sources:
        _sources.append(source)


def all_on(today: date) -> Iterator[Due]:
    for source in _sources:
        yield from source(today)


def of_congresses(today: date) -> Iterator[Due]:
    """The step each branch congress is in, by the deadline in force."""
    congresses = Congress.objects.filter(organization__node_type__in=BRANCH_TYPES).exclude(state=COMPLETE)
    lines: list[Line] = []
    for term in terms_of(congresses):
        known = congresses.filter(term_label=term)
        lines += overview_of(known, Organization.objects.none(), term, as_of=today).lines
    superiors = superiors_of({line.authority_id for line in lines})
    for line in lines:
        if line.due is not None and line.left is not None:
            yield _due_of(line, superiors)


def _due_of(line: Line, superiors: dict[int, int]) -> Due:
    authority = Hands(line.authority_id, COMMITTEE_HANDS)
    is_above = line.state in BY_AUTHORITY
    superior = superiors.get(line.authority_id)
    return Due(
        key=f"congress:{line.congress_id}:{line.state}:{line.since}:{line.due}",
        sentence=f"{line.branch}, {line.committee}: {NEXT_STEP[line.state]}",
        url=reverse("congress:detail", args=[line.congress_id]),
        due_on=line.due or date.max,
        left=line.left or 0,
        holder=authority if is_above else Hands(line.branch_id, BRANCH_HANDS),
        above=(Hands(superior, COMMITTEE_HANDS) if superior else None) if is_above else authority,
    )


def superiors_of(committees: set[int]) -> dict[int, int]:
    """Committee id → the nearest deciding committee above it. Two queries for any number of them."""
    known = Organization.objects.in_bulk(committees)
    ancestors = {pk for one in known.values() for pk in one.ancestor_ids()}
    deciding = set(
        Organization.objects.filter(pk__in=ancestors, node_type__in=DECIDING_TYPES).values_list("pk", flat=True)
    )
    found = {}
    for pk, one in known.items():
        above = [ancestor for ancestor in reversed(one.ancestor_ids()) if ancestor in deciding]
        if above:
            found[pk] = above[0]
    return found
