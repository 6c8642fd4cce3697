"""Bảng theo dõi: every branch of a term against the stations, exceptions first; who is stuck, late, never signed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts import wording
from accounts.roles import Role
from congress.lifecycle import COMPLETE
from congress.models import Congress
from congress.progress import Line, Overview
from congress.stations import STATIONS
from organizations.models import Post, PostHolding, RoleAssignment
from organizations.queries import live

STUCK = 10
"""Working days in one station after which a branch counts as stuck, unless it waits for the day of its congress."""

SHAPES = {"done": "đã xong", "now": "đang làm", "late": "quá hạn", "next": "chưa tới"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One station of one branch: done, now, late or next, with the sentence that a pointer or a reader gets."""

    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class Contact:
    """The bí thư who answers for a branch: the account's last sign-in, and the telephone to call."""

    name: str
    phone: str
    last_login: datetime | None

    @property
    def has_signed_in(self) -> bool:
        return self.last_login is not None

    @property
    def dial(self) -> str:
        """The number as a telephone takes it; "" when there is none."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def cells_of(line: Line) -> list[Cell]:
    """In the order of the stations."""
    reached = next(number for number, (_, states) in enumerate(STATIONS) if line.state in states)
    return [_cell(line, number, reached) for number in range(len(STATIONS))]


def _cell(line: Line, number: int, reached: int) -> Cell:
    label, states = STATIONS[number]
    days = [line.entered[state] for state in states if state in line.entered]
    if number < reached or line.state == COMPLETE:
        day = f" ngày {wording.day(days[-1])}" if days else ""
        return Cell("done", f"{label}: đã qua{day}" if day else f"{label}: đã qua")
    if number > reached:
        return Cell("next", f"{label}: chưa tới")
    shape = "late" if line.is_late else "now"
    late = f", {wording.working_days(line.left or 0)}" if line.is_late else ""
    return Cell(shape, f"{label}: {line.holder} giữ từ {wording.day(line.since)}{late}")


def sentence_of(line: Line) -> str:
    """What the row says to somebody who does not see it."""
    if line.state == COMPLETE:
        return f"{line.branch}, {line.committee}: đã hoàn tất hồ sơ từ {wording.day(line.since)}."
    due = f", {wording.working_days(line.left)}" if line.left is not None else ""
    return (
        f"{line.branch}, {line.committee}: {line.label.lower()}, {line.holder} giữ từ {wording.day(line.since)}{due}."
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix ready to draw."""

    line: Line
    cells: list[Cell]
    sentence: str

    @property
    def days(self) -> str:
        """Working days in this station; past a year the count says nothing any more."""
        return str(self.line.holding) if self.line.holding <= wording.WORKING_YEAR else f"{wording.WORKING_YEAR}+"


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one committee, or all of them under no heading."""

    label: str
    rows: list[Row]
    held: int = 0

    @property
    def late(self) -> int:
        return sum(row.line.is_late for row in self.rows)


def rows_of(lines: Iterable[Line]) -> list[Row]:
    return [Row(line, cells_of(line), sentence_of(line)) for line in lines]


def groups_of(seen: Overview, lines: list[Line], *, by_committee: bool) -> list[Group]:
    """One group per committee, else a single one; exceptions first, inside as the lines come.

    Among committees the one with the most branches late stands first, then the one furthest from done, then by name.
    """
    if not by_committee:
        return [Group("", rows_of(lines))] if lines else []
    mine: dict[int, list[Line]] = {}
    for line in lines:
        mine.setdefault(line.authority_id, []).append(line)
    groups = [
        Group(one.name, rows_of(mine[one.pk]), sum(line.is_held for line in mine[one.pk]))
        for one, _, _ in seen.by_committee()
        if one.pk in mine
    ]
    return sorted(groups, key=lambda group: (-group.late, group.held - len(group.rows)))


def is_stuck(line: Line) -> bool:
    """Long in one station though something could be done there."""
    return line.holding >= STUCK and not line.is_held and (line.planned_on is None or line.is_late)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What a superior looks at first: longest stuck, overdue, and those nobody has signed in for."""

    stuck: list[Line]
    late: list[Line]
    silent: list[tuple[Line, Contact | None]]


def exceptions_of(lines: list[Line], contacts: dict[int, Contact]) -> Exceptions:
    stuck = sorted((line for line in lines if is_stuck(line)), key=lambda line: (-line.holding, *line.urgency))
    late = sorted((line for line in lines if line.is_late), key=lambda line: (line.left or 0, *line.urgency))
    silent = [(line, contacts.get(line.branch_id)) for line in lines if not _signed_in(contacts, line)]
    return Exceptions(stuck, late, silent)


def _signed_in(contacts: dict[int, Contact], line: Line) -> bool:
    contact = contacts.get(line.branch_id)
    return contact is not None and contact.has_signed_in


def contacts_of(congresses: QuerySet[Congress], *, on: date) -> dict[int, Contact]:
    """Branch id → its bí thư: the account that holds the role, else the person who holds the post. Two queries."""
    branches = congresses.select_related(None).order_by().values("organization_id")
    found = {
        post.organization_id: Contact(post.member.display_name, post.member.phone, None)
        for post in PostHolding.objects.filter(
            organization__in=branches, post=Post.SECRETARY, starts_on__lte=on, ends_on__isnull=True
        ).select_related("member")
    }
    holders = RoleAssignment.objects.filter(role=Role.SECRETARY, organization__in=branches)
    for held in live(holders, on=on).select_related("user").order_by("user__last_login", "pk"):
        known = found.get(held.organization_id)
        phone = held.user.phone or (known.phone if known else "")
        found[held.organization_id] = Contact(held.user.full_name, phone, held.user.last_login)
    return found
