"""F-25 Biên bản đính chính: what a recount changed, old beside new, on one page (E-28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from documents.papers.base import Paper, Signature
from documents.papers.numbering import long_date
from documents.papers.registry import register
from documents.papers.wording import capital, comrades
from elections.papers.minutes_parts import CitedMinutes
from elections.papers.offices import OFFICES, OfficeCode, which_round

SHORT = 16
"""Signs of a SHA-256 that are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFigure:
    """One figure that is not what it was."""

    label: Annotated[str, "Nội dung"]
    old: Annotated[str, "Đã công bố"]
    new: Annotated[str, "Sau kiểm đếm lại"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealShown:
    """One sealed edition: who entered and confirmed it, when, under which SHA-256."""

    edition: Annotated[int, "Bản niêm phong"]
    sealed_on: Annotated[date, "Ngày niêm phong"]
    entered_by: Annotated[tuple[str, ...], "Những người nhập"]
    confirmed_by: Annotated[str, "Người xác nhận"]
    sha256: Annotated[str, "Mã băm SHA-256"]

    @property
    def sentence(self) -> str:
        return (
            f"Bản {self.edition}, niêm phong {long_date(self.sealed_on)}: {comrades(self.entered_by)} nhập số liệu, "
            f"đồng chí {self.confirmed_by} xác nhận; mã băm SHA-256 bắt đầu bằng {self.sha256[:SHORT]}."
        )


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class Corrigendum(Paper):
    """Biên bản đính chính of one sealed result by the next."""

    code: ClassVar[str] = "F-25"
    title: ClassVar[str] = "BIÊN BẢN ĐÍNH CHÍNH"
    listed_as: ClassVar[str] = "Biên bản đính chính kết quả kiểm phiếu"
    template: ClassVar[str] = "corrigendum"

    organization_name: Annotated[str, "Tên tổ chức đảng"]
    term: Annotated[str, "Nhiệm kỳ"]
    congress_name: Annotated[str, "Tên đại hội"]
    recounted_on: Annotated[date, "Ngày kiểm đếm lại"]
    office: Annotated[OfficeCode, "Chức danh bầu"]
    ballot_round: Annotated[int, "Lần bầu"] = 1
    reason: Annotated[str, "Lý do kiểm đếm lại"]
    changes: Annotated[tuple[ChangedFigure, ...], "Số liệu thay đổi"] = ()
    old: Annotated[SealShown, "Bản niêm phong trước"]
    new: Annotated[SealShown, "Bản niêm phong sau"]
    corrected: Annotated[CitedMinutes | None, "Biên bản được đính chính"] = None
    replacing: Annotated[CitedMinutes | None, "Biên bản thay"] = None
    signatures: Annotated[tuple[Signature, ...], "Người ký"]

    @property
    def post(self) -> str:
        return f"{OFFICES[self.office].body} {self.organization_name}"

    @property
    def subject_parts(self) -> tuple[str, ...]:
        return (
            "kết quả kiểm phiếu",
            f"bầu {self.post},",
            f"nhiệm kỳ {self.term}{which_round(self.ballot_round)}",
        )

    @property
    def opening(self) -> str:
        return (
            f"{capital(long_date(self.recounted_on))}, Ban kiểm phiếu {self.congress_name} đã kiểm đếm lại phiếu bầu "
            f"{self.post}. Lý do: {self.reason.rstrip('.')}."
        )

    @property
    def outcome(self) -> str:
        told = f"của {self.corrected.shown}" if self.corrected else "đã công bố"
        if not self.changes:
            return f"Kết quả kiểm đếm lại không làm thay đổi số liệu nào {told}."
        return f"Số liệu {told} nay đính chính như sau; các số liệu khác giữ nguyên:"

    @property
    def standing(self) -> str:
        new = f"bản {self.new.edition}" + (f", {self.replacing.shown}" if self.replacing else "")
        return f"Từ nay lấy kết quả theo {new}; bản {self.old.edition} giữ nguyên trong hồ sơ."

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.new.edition <= self.old.edition:
            yield "new.edition", f"Bản {self.new.edition} phải sau bản {self.old.edition}."
        for index, one in enumerate(self.changes):
            if one.old == one.new:
                yield f"changes[{index}].new", f"“{one.label}” không thay đổi nên không ghi vào đính chính."
        if len(self.signatures) != 2:
            yield "signatures", "Biên bản đính chính có đúng 02 chữ ký: Trưởng ban kiểm phiếu và Chủ tịch Đại hội."
