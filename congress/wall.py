"""Bảng theo dõi: every branch of a term against the stations, exceptions first; who is stuck, late, never signed in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from accounts import wording
from accounts.roles import Role
from congress.lifecycle import CLOSED, COMPLETE
from congress.models import Congress
from congress.progress import Line, Overview
from congress.stations import BY_AUTHORITY, STATIONS
from organizations.models import Post, PostHolding, RoleAssignment
from organizations.queries import live
from organizations.rules.names import title_key

STUCK = 10
"""Working days in one station after which a branch counts as stuck, unless it waits for the day of its congress."""

COMMON = "Đảng bộ "
IN_ONE_PIECE = 30
"""Rows below one head of the matrix when they do not stand under their committees."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One station of one branch: done, now, late or next, with the sentence that a pointer or a reader gets."""

    shape: str
    words: str


@dataclass(frozen=True, slots=True)
class Contact:
    """The bí thư who answers for a branch: the account's last sign-in, and the telephone to call.

    Without an account it is the person who holds the post.
    """

    name: str
    phone: str
    last_login: datetime | None
    has_account: bool = True

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
    held = f", đã {days_of(line)} ngày làm việc" if line.holding else ""
    due = f", {wording.working_days(line.left)}" if line.left is not None else ""
    since = wording.day(line.since)
    return f"{line.branch}, {line.committee}: {line.label.lower()}, {line.holder} giữ từ {since}{held}{due}."


def days_of(line: Line) -> str:
    """Working days in this station; past a year the count says nothing any more."""
    return str(line.holding) if line.holding <= wording.WORKING_YEAR else f"{wording.WORKING_YEAR}+"


def short_holder(line: Line) -> str:
    """Who holds the ball in two letters, as the legend explains them: CB for the chi bộ, ĐU for its đảng ủy."""
    if line.state == COMPLETE:
        return "xong"
    return "".join(unicodedata.normalize("NFD", word)[0].upper() for word in line.holder.split()[:2])


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix ready to draw."""

    line: Line
    cells: list[Cell]
    sentence: str
    contact: Contact | None = None
    """Who is to be called, on a list of people to call."""

    @property
    def is_done(self) -> bool:
        return self.line.state == COMPLETE

    @property
    def short_holder(self) -> str:
        return short_holder(self.line)

    @property
    def since(self) -> str:
        """As narrow as a column of figures can be: the year, in two figures, only when it is not this one."""
        day = self.line.since
        year = "" if day.year == timezone.localdate().year else f"/{day.year % 100:02d}"
        return f"{day.day}/{day.month}{year}"

    @property
    def days(self) -> str:
        return days_of(self.line)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one committee, or all of them under no heading."""

    label: str
    rows: list[Row]
    held: int = 0

    @property
    def prefix(self) -> str:
        """The words with which nearly every label begins: a sheet of paper has no room for them thirty-six times."""
        return COMMON if self.label.startswith(COMMON) else ""

    @property
    def short(self) -> str:
        return self.label.removeprefix(COMMON)

    @property
    def late(self) -> int:
        return sum(row.line.is_late for row in self.rows)


def rows_of(lines: Iterable[Line], contacts: dict[int, Contact] | None = None) -> list[Row]:
    """``contacts``: when the rows are people to call."""
    known = contacts or {}
    return [Row(line, cells_of(line), sentence_of(line), known.get(line.branch_id)) for line in lines]


def groups_of(
    seen: Overview, lines: list[Line], *, by_committee: bool, contacts: dict[int, Contact] | None = None
) -> list[Group]:
    """One group per committee, else pieces without a name; exceptions first, inside as the lines come.

    Among committees the one with the most branches late stands first, then the one furthest from done, then by name.
    """
    if not by_committee:
        starts = range(0, len(lines), IN_ONE_PIECE)
        return [Group("", rows_of(lines[start : start + IN_ONE_PIECE], contacts)) for start in starts]
    mine: dict[int, list[Line]] = {}
    for line in lines:
        mine.setdefault(line.authority_id, []).append(line)
    groups = [
        Group(one.name, rows_of(mine[one.pk], contacts), sum(line.is_held for line in mine[one.pk]))
        for one, _, _ in seen.by_committee()
        if one.pk in mine
    ]
    return sorted(groups, key=lambda group: (-group.late, group.held - len(group.rows)))


def is_stuck(line: Line) -> bool:
    """Long in one station though something could be done there: by the branch, or by the committee that decides.

    A branch that has met is stuck until its committee is ratified; one cleared for a day to come only waits.
    """
    if line.holding < STUCK or line.is_ratified:
        return False
    if line.state in BY_AUTHORITY or line.state == CLOSED:
        return True
    return not line.is_held and (line.planned_on is None or line.is_late)


def has_no_account(line: Line, contacts: dict[int, Contact]) -> bool:
    """Nobody can sign in as its bí thư."""
    contact = contacts.get(line.branch_id)
    return contact is None or not contact.has_account


def has_not_signed_in(line: Line, contacts: dict[int, Contact]) -> bool:
    """Its bí thư has an account and has never used it."""
    contact = contacts.get(line.branch_id)
    return contact is not None and contact.has_account and not contact.has_signed_in


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What a superior looks at first: longest stuck, overdue, never signed in, not even able to sign in."""

    stuck: list[Line]
    late: list[Line]
    silent: list[Line]
    accountless: list[Line]


def exceptions_of(lines: list[Line], contacts: dict[int, Contact]) -> Exceptions:
    return Exceptions(
        stuck=sorted((line for line in lines if is_stuck(line)), key=lambda line: (-line.holding, *line.urgency)),
        late=sorted((line for line in lines if line.is_late), key=lambda line: (line.left or 0, *line.urgency)),
        silent=[line for line in lines if has_not_signed_in(line, contacts)],
        accountless=[line for line in lines if has_no_account(line, contacts)],
    )


def at_committees(lines: list[Line], *, worst: Callable[[Line], int]) -> list[list[Line]]:
    """The lines of each committee together, as they come; the committee with the worst line first, then with the most.

    Many branches share a day, so without this five of one committee would stand for all.
    """
    mine: dict[int, list[Line]] = {}
    for line in lines:
        mine.setdefault(line.authority_id, []).append(line)
    return sorted(
        mine.values(), key=lambda own: (-max(map(worst, own)), -len(own), title_key(own[0].committee), own[0].branch)
    )


def contacts_of(congresses: QuerySet[Congress], *, on: date) -> dict[int, Contact]:
    """Branch id → its bí thư: the account that holds the role, else the person who holds the post. Two queries."""
    branches = congresses.select_related(None).order_by().values("organization_id")
    found = {
        post.organization_id: Contact(post.member.display_name, post.member.phone, None, has_account=False)
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
