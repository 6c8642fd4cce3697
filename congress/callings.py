"""Who is called: every member, the elected delegates with the convening committee, or the committee just elected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from congress.electorates import standing_in
from congress.models import OWN_KINDS, AssemblyKind, Attendance, Congress
from congress.rules.rights import is_summoned
from organizations.models import Member
from organizations.queries import members_on_roll, posts_on, standings_on

Mandate = Attendance.Mandate

Committee = Callable[[Congress], Iterable[int]]
_committees: list[Committee] = []


def register_committee(committee: Committee) -> None:
    """``committee(congress)`` gives the ids of the members whom this congress elected into its committee."""
    if committee not in _committees:
        _committees.append(committee)


def elected_committee(congress: Congress) -> list[int]:
    """Ids of the members of the committee that this congress has elected so far."""
    return list(dict.fromkeys(pk for committee in _committees for pk in committee(congress)))


def electing_congress(meeting: Congress) -> Congress | None:
    """The congress of the same term that elected the committee which meets here."""
    held = Congress.objects.filter(
        organization=meeting.organization_id, term_label=meeting.term_label, kind__in=OWN_KINDS
    )
    return held.select_related("organization").order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Called:
    """One person to be called, as on the day of the congress."""

    member: Member
    is_official: bool
    standing: str
    mandate: str | None = None


def calling_day(congress: Congress) -> date:
    """The planned day, else today: whose member is official then, and of what standing."""
    return timezone.localdate(congress.planned_for)


def members_in_reach(congress: Congress) -> QuerySet[Member]:
    """The members who may come to it at all: of the branch itself, or of every branch below the committee."""
    organization = congress.organization
    return members_on_roll(organization, on=calling_day(congress), whole_tree=not organization.is_branch)


def as_called(congress: Congress, members: Iterable[Member], *, mandate: str | None = None) -> list[Called]:
    """With their standing of the day; who is suspended or prosecuted is not called (E-09)."""
    day = calling_day(congress)
    standings = standings_on(congress.organization, on=day, whole_tree=not congress.organization.is_branch)
    return [
        Called(member, member.is_official(day), standings.get(member.pk, ""), mandate)
        for member in members
        if is_summoned(standing_in(standings.get(member.pk, "")))
    ]


def called_to(congress: Congress) -> list[Called]:
    """Whom the roll of this congress has to hold (E-08, E-09).

    A delegate congress: the convening committee and the delegates recorded already, who were chosen below.
    """
    if congress.is_meeting:
        held = electing_congress(congress)
        elected = Member.objects.filter(pk__in=elected_committee(held)) if held else Member.objects.none()
        return as_called(congress, elected.order_by("sort_name"))
    if congress.is_of_delegates:
        return _delegates(congress)
    return as_called(congress, members_in_reach(congress))


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Names that the roll lacks, and names on it of people who would not be called any more.

    ``day_is_over``: the planned day is past, so a roll made again still calls the people of that day.
    """

    missing: tuple[str, ...]
    gone: tuple[str, ...]
    day_is_over: bool = False

    @property
    def sentence(self) -> str:
        parts = [(self.missing, "chưa có tên"), (self.gone, "không còn được triệu tập")]
        return "; ".join(f"{_first(names)} {words}" for names, words in parts if names)


def _first(names: Sequence[str]) -> str:
    more = f" và {len(names) - 3} đồng chí nữa" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def mismatch_of(congress: Congress) -> Mismatch | None:
    """Where the roll is not that of the branch any more; None where it is, and where not every member is called."""
    on_it = {line.member_id: line.member.display_name for line in congress.attendances.select_related("member")}
    if congress.kind != AssemblyKind.MEMBERS or not on_it:
        return None
    found = _mismatch(on_it, called_to(congress))
    if found is None and calling_day(congress) < timezone.localdate():
        now = as_called(congress, members_on_roll(congress.organization, on=timezone.localdate()))
        found = _mismatch(on_it, now, day_is_over=True)
    return found


def _mismatch(on_it: Mapping[int, str], called: Iterable[Called], *, day_is_over: bool = False) -> Mismatch | None:
    names = {one.member.pk: one.member.display_name for one in called}
    missing = tuple(name for pk, name in names.items() if pk not in on_it)
    gone = tuple(name for pk, name in on_it.items() if pk not in names)
    return Mismatch(missing, gone, day_is_over) if missing or gone else None


def _delegates(congress: Congress) -> list[Called]:
    committee = {row.member_id: row.member for row in posts_on(congress.organization, on=calling_day(congress))}
    known = {line.member_id: line for line in congress.attendances.select_related("member")}
    chosen = [line for pk, line in known.items() if pk not in committee and line.mandate != Mandate.EX_OFFICIO]
    found = as_called(congress, committee.values(), mandate=Mandate.EX_OFFICIO)
    for line in chosen:
        found += as_called(congress, [line.member], mandate=line.mandate or Mandate.OFFICIAL)
    return found
