"""F-22 Phiếu kiểm: what one teller writes while counting, box by box as the page that takes the figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from documents.papers.base import Paper, Person
from documents.papers.registry import register
from documents.papers.wording import count
from elections.papers.offices import OFFICES, OfficeCode, which_handing_out, which_round
from elections.rules.layout import Layout, layout_for

STROKES = 5
"""Strokes that fill one square of the tick marks."""
MOST_SQUARES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBox:
    """One box to write a figure in, with its letter on the screen."""

    letter: Annotated[str, "Ký hiệu ô"]
    label: Annotated[str, "Nội dung ô"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReason:
    """One legal reason of invalid papers."""

    label: Annotated[str, "Lý do phiếu không hợp lệ"]


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class TallySheetPaper(Paper):
    """Phiếu kiểm of one round; each teller of a team writes a sheet alone."""

    code: ClassVar[str] = "F-22"
    title: ClassVar[str] = "PHIẾU KIỂM"
    template: ClassVar[str] = "tally_sheet"

    organization_name: Annotated[str, "Tên tổ chức đảng"]
    term: Annotated[str, "Nhiệm kỳ"]
    office: Annotated[OfficeCode, "Chức danh bầu"]
    kind: Annotated[Literal["ordinary", "tie_revote"], "Loại cuộc bầu"] = "ordinary"
    ballot_round: Annotated[int, "Lần bầu"] = 1
    handing_out: Annotated[int, "Lần phát phiếu"] = 1
    seats: Annotated[int, "Số lượng cần bầu"]
    ballots: Annotated[int, "Số phiếu nhiều nhất phải kiểm"]
    boxes: Annotated[tuple[SheetBox, ...], "Các ô về phiếu"]
    lines: Annotated[tuple[Person, ...], "Danh sách bầu cử"]
    reasons: Annotated[tuple[SheetReason, ...], "Các lý do phiếu không hợp lệ"]

    @property
    def subject_parts(self) -> tuple[str, ...]:
        again = ("(bầu lại giữa những người có số phiếu bằng nhau)",) if self.kind == "tie_revote" else ()
        post = f"{OFFICES[self.office].body} {self.organization_name}"
        of_this_vote = which_handing_out(self.handing_out)
        return (f"bầu {post},", f"nhiệm kỳ {self.term}{which_round(self.ballot_round)}", *again, *of_this_vote)

    @property
    def listing(self) -> str:
        return f"Phiếu kiểm bầu {OFFICES[self.office].head}"

    @property
    def by_agreement(self) -> bool:
        return layout_for(len(self.lines), self.seats) is Layout.AGREE_DISAGREE

    @property
    def names(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """(letter, name, what is counted of it)."""
        kinds = ("Đồng ý", "Không đồng ý") if self.by_agreement else ("",)
        return tuple((f"L{number}", one.shown, kinds) for number, one in enumerate(self.lines, start=1))

    @property
    def squares(self) -> tuple[int, ...]:
        """One for every five papers that may come; none where that many would fill the sheet."""
        needed = -(-self.ballots // STROKES)
        return tuple(range(needed if needed <= MOST_SQUARES else 0))

    @property
    def number_to_elect(self) -> str:
        return f"Số lượng cần bầu: {count(self.seats)} đồng chí"

    @property
    def how(self) -> str:
        return (
            "Mỗi phiếu một vạch; đủ năm vạch là một hình vuông có gạch chéo. Kiểm xong, cộng vạch rồi ghi số vào ô "
            "bên phải. Ô có ký hiệu mà không có phiếu nào thì ghi 0; riêng lý do nào không có phiếu thì để trống. "
            "Mỗi người ghi một tờ, không xem tờ của người kia."
        )

    def faults(self) -> Iterator[tuple[str, str]]:
        if layout_for(len(self.lines), self.seats) is None:
            yield "seats", f"Danh sách có {len(self.lines)} người, ít hơn {self.seats} người cần bầu."
