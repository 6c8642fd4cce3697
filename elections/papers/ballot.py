"""F-09 Phiếu bầu and F-23 phiếu xin ý kiến: slips that are all alike, two to a sheet of A4 or one in large print.

A slip carries no number and nothing else that tells it from the next one: the ballot is secret (E-19).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from documents.papers.base import Paper, Person
from documents.papers.registry import register
from documents.papers.wording import balanced, count
from elections.papers.offices import OFFICES, Office, OfficeCode, which_handing_out, which_round
from elections.rules.layout import Layout, layout_for

MOST_COPIES = 500
"""In one file: what a worker prints well within the time of a job."""
NAME_LETTERS = {True: 30, False: 46}
"""Letters of a name on one line of a small slip: with two boxes beside it, without."""
HIGH, USUAL, SMALL, WHOLE = 5, 8, 11, 17
"""Lines of names up to which rows are high, of the usual height, fit on half a sheet at all, and on a whole one."""
CONGRESS_LETTERS = 26
"""Capitals on a line beside the stamp."""
NOTHING_ELSE = "Không viết thêm, không ký tên và không đánh dấu nào khác lên phiếu."


@dataclass(frozen=True, slots=True)
class Group:
    """Names of one heading; numbers go on through the groups."""

    heading: str
    rows: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip(Paper):
    """What both kinds of slips have: whose stamp, what it is about, how many and how big."""

    stamp: Annotated[str, "Cấp ủy đóng dấu"]
    organization_name: Annotated[str, "Tên tổ chức đảng"]
    term: Annotated[str, "Nhiệm kỳ"]
    office: Annotated[OfficeCode, "Chức danh bầu"]
    copies: Annotated[int, "Số phiếu in"]
    large: Annotated[bool, "Chữ to, mỗi phiếu một tờ A4"] = False

    @property
    def named_office(self) -> Office:
        return OFFICES[self.office]

    @property
    def heading(self) -> str:
        raise NotImplementedError

    @property
    def with_boxes(self) -> bool:
        """Two boxes beside each name instead of striking out."""
        raise NotImplementedError

    @property
    def instructions(self) -> tuple[str, ...]:
        raise NotImplementedError

    @property
    def groups(self) -> tuple[Group, ...]:
        raise NotImplementedError

    @property
    def listing(self) -> str:
        kind = ", chữ to" if self.large else ""
        return f"{self.heading}{kind}: {self.copies} phiếu"

    @property
    def _lines_of_names(self) -> int:
        letters = NAME_LETTERS[self.with_boxes]
        headings = sum(bool(group.heading) for group in self.groups)
        return headings + sum(-(-len(name) // letters) for group in self.groups for _, name in group.rows)

    @property
    def two_up(self) -> bool:
        """Half a sheet each; a list too long for that gets a sheet of its own."""
        return not self.large and self._lines_of_names <= SMALL

    @property
    def size(self) -> str:
        """Class of the slip in the stylesheet."""
        if self.large:
            return "large"
        if not self.two_up:
            return "usual" if self._lines_of_names <= WHOLE else "dense"
        heights = ((HIGH, "high"), (USUAL, "usual"))
        return next((name for most, name in heights if self._lines_of_names <= most), "close")

    @property
    def sheets(self) -> tuple[tuple[int, ...], ...]:
        """Places of the slips on each sheet: as many places over all sheets as ``copies``."""
        if not self.two_up:
            return ((0,),) * self.copies
        return ((0, 1),) * (self.copies // 2) + ((0,),) * (self.copies % 2)

    @property
    def congress_lines(self) -> tuple[str, ...]:
        lines = self.letterhead.issuer_lines
        return tuple(part for line in lines for part in balanced(line.upper(), CONGRESS_LETTERS))

    def faults(self) -> Iterator[tuple[str, str]]:
        if not 1 <= self.copies <= MOST_COPIES:
            yield "copies", f"Số phiếu in phải từ 1 đến {MOST_COPIES}, đang là {self.copies}."


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot(Slip):
    """Phiếu bầu of one round: strike-out with surplus (E-44), four columns without (E-45)."""

    code: ClassVar[str] = "F-09"
    title: ClassVar[str] = "PHIẾU BẦU"
    template: ClassVar[str] = "ballot"

    kind: Annotated[Literal["ordinary", "tie_revote"], "Loại cuộc bầu"] = "ordinary"
    ballot_round: Annotated[int, "Lần bầu"] = 1
    handing_out: Annotated[int, "Lần phát phiếu"] = 1
    seats: Annotated[int, "Số lượng cần bầu"]
    lines: Annotated[tuple[Person, ...], "Danh sách bầu cử"]

    @property
    def heading(self) -> str:
        return f"{self.title} {self.named_office.head.upper()}"

    @property
    def subject_parts(self) -> tuple[str, ...]:
        again = ("(bầu lại giữa những người có số phiếu bằng nhau)",) if self.kind == "tie_revote" else ()
        body = f"{self.named_office.rest} {self.organization_name}".strip()
        of_this_vote = which_handing_out(self.handing_out)
        return (f"{body},", f"nhiệm kỳ {self.term}{which_round(self.ballot_round)}", *again, *of_this_vote)

    @property
    def listing(self) -> str:
        kind = ", chữ to" if self.large else ""
        again = f", phát lần {self.handing_out}" if self.handing_out > 1 else ""
        return f"Phiếu bầu {self.named_office.head}{kind}{again}: {self.copies} phiếu"

    @property
    def number_to_elect(self) -> str:
        return f"Số lượng bầu: {count(self.seats)} đồng chí"

    @property
    def with_boxes(self) -> bool:
        return layout_for(len(self.lines), self.seats) is Layout.AGREE_DISAGREE

    @property
    def instructions(self) -> tuple[str, ...]:
        if not self.with_boxes:
            left = "01 đồng chí" if self.seats == 1 else f"ít nhất 01, nhiều nhất {count(self.seats)} đồng chí"
            return (
                f"Gạch ngang giữa cả họ và tên những đồng chí mình không bầu; để lại {left}.",
                NOTHING_ELSE,
            )
        row = " ở hàng của từng đồng chí" if len(self.lines) > 1 else ""
        return (f"Đánh dấu X vào một trong hai ô “Đồng ý” hoặc “Không đồng ý”{row}.", NOTHING_ELSE)

    @property
    def groups(self) -> tuple[Group, ...]:
        return (Group("", tuple((number, one.shown) for number, one in enumerate(self.lines, start=1))),)

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from Slip.faults(self)
        if layout_for(len(self.lines), self.seats) is None:
            yield "seats", f"Danh sách có {len(self.lines)} người, ít hơn {self.seats} người cần bầu."
        shown = [one.shown for one in self.lines]
        if len(set(shown)) < len(shown):
            yield "lines", "Hai người trùng họ và tên trên phiếu: ghi năm sinh để phân biệt."


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSlip(Slip):
    """Phiếu xin ý kiến on names outside the committee's list (E-38): forms 4A (stood) and 4B (nominated) of HD 04."""

    code: ClassVar[str] = "F-23"
    title: ClassVar[str] = "PHIẾU XIN Ý KIẾN"
    template: ClassVar[str] = "opinion_ballot"

    number: Annotated[int, "Lần lấy ý kiến"] = 1
    stood: Annotated[tuple[Person, ...], "Những người ứng cử"] = ()
    nominated: Annotated[tuple[Person, ...], "Những người được đề cử"] = ()

    @property
    def heading(self) -> str:
        return self.title

    @property
    def people(self) -> str:
        """ "đồng chí ứng cử, được đề cử"."""
        how = ["ứng cử"] * bool(self.stood) + ["được đề cử"] * bool(self.nominated)
        return f"đồng chí {', '.join(how)}"

    @property
    def subject_parts(self) -> tuple[str, ...]:
        post = f"{self.named_office.body} {self.organization_name}"
        return (
            f"về việc đưa {self.people} vào danh sách",
            f"bầu {post},",
            f"nhiệm kỳ {self.term}{which_round(self.number)}",
        )

    @property
    def listing(self) -> str:
        kind = ", chữ to" if self.large else ""
        return f"Phiếu xin ý kiến{kind}: {self.copies} phiếu"

    @property
    def number_to_elect(self) -> str:
        return ""

    @property
    def with_boxes(self) -> bool:
        return True

    @property
    def instructions(self) -> tuple[str, ...]:
        return (
            "Đánh dấu X vào một trong hai ô “Đồng ý” hoặc “Không đồng ý” đưa vào danh sách bầu cử, ở hàng của từng "
            "đồng chí.",
            NOTHING_ELSE,
        )

    @property
    def groups(self) -> tuple[Group, ...]:
        found, number = [], 0
        named = (("Ứng cử", self.stood), ("Được đề cử", self.nominated))
        for heading, people in named:
            if people:
                rows = tuple((number + place, one.shown) for place, one in enumerate(people, start=1))
                number += len(people)
                found.append(Group(heading if self.stood and self.nominated else "", rows))
        return tuple(found)

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from Slip.faults(self)
        if not (self.stood or self.nominated):
            yield "nominated", "Chưa có đồng chí nào ngoài danh sách của cấp ủy để xin ý kiến."
