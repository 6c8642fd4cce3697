"""F-24 Biên bản kiểm phiếu xin ý kiến (E-38): Mẫu 5 of Hướng dẫn 04 of the Central Committee, on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, ClassVar, Literal

from documents.papers.base import Paper, Signature
from documents.papers.numbering import long_date
from documents.papers.registry import register
from documents.papers.wording import capital, clock, comrades, count, percent
from elections.papers.minutes_parts import presiding
from elections.papers.offices import OFFICES, OfficeCode, which_round

SOURCES = {"nominated": "được đề cử", "stood": "ứng cử"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionLine:
    """One name outside the committee's list, in slip order; ``joins`` and ``tied`` are what the rule says."""

    name: Annotated[str, "Họ và tên"]
    note: Annotated[str, "Ghi chú về người"] = ""
    source: Annotated[Literal["nominated", "stood"], "Nguồn giới thiệu"]
    support: Annotated[int, "Số phiếu đồng ý đưa vào danh sách"]
    joins: Annotated[bool, "Vào danh sách bầu cử"] = False
    tied: Annotated[bool, "Bằng phiếu ở chỗ cuối"] = False

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionMinutes(Paper):
    """Biên bản kiểm phiếu xin ý kiến of one opinion ballot."""

    code: ClassVar[str] = "F-24"
    title: ClassVar[str] = "BIÊN BẢN KIỂM PHIẾU XIN Ý KIẾN"
    listed_as: ClassVar[str] = "Biên bản kiểm phiếu xin ý kiến"
    template: ClassVar[str] = "opinion_minutes"

    organization_name: Annotated[str, "Tên tổ chức đảng"]
    term: Annotated[str, "Nhiệm kỳ"]
    congress_name: Annotated[str, "Tên đại hội"]
    held_on: Annotated[date, "Ngày lấy phiếu"]
    finished_at: Annotated[time | None, "Giờ kết thúc kiểm phiếu"] = None
    office: Annotated[OfficeCode, "Chức danh bầu"]
    number: Annotated[int, "Lần lấy ý kiến"] = 1
    seats: Annotated[int, "Số lượng cần bầu"]
    regulation: Annotated[str, "Quy chế bầu cử được áp dụng"] = ""

    issued: Annotated[int, "Số phiếu phát ra"]
    returned: Annotated[int, "Số phiếu thu về"]
    valid: Annotated[int, "Số phiếu hợp lệ"]
    invalid: Annotated[int, "Số phiếu không hợp lệ"]
    lines: Annotated[tuple[OpinionLine, ...], "Những người được xin ý kiến"]
    entered_by: Annotated[str, "Người nhập kết quả"] = ""
    confirmed_by: Annotated[str, "Người xác nhận kết quả"] = ""
    signatures: Annotated[tuple[Signature, ...], "Người ký"]
    assembly: Annotated[str, "Đại hội hay Hội nghị"] = "Đại hội"

    @property
    def post(self) -> str:
        return f"{OFFICES[self.office].body} {self.organization_name}"

    @property
    def subject_parts(self) -> tuple[str, ...]:
        return (
            "về việc đưa người ứng cử, được đề cử vào danh sách",
            f"bầu {self.post},",
            f"nhiệm kỳ {self.term}{which_round(self.number)}",
        )

    @property
    def opening(self) -> str:
        under = f" theo {self.regulation}" if self.regulation else ""
        return (
            f"{capital(long_date(self.held_on))}, {self.congress_name} đã lấy phiếu xin ý kiến về "
            f"{count(len(self.lines))} đồng chí ngoài danh sách do cấp ủy chuẩn bị để bầu {self.post}{under}; "
            f"số lượng cần bầu là {count(self.seats)} đồng chí. Kết quả kiểm phiếu như sau:"
        )

    @property
    def papers_counted(self) -> str:
        return (
            f"Số phiếu phát ra: {count(self.issued)}; thu về: {count(self.returned)}; "
            f"hợp lệ: {count(self.valid)}; không hợp lệ: {count(self.invalid)}."
        )

    @property
    def rows(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """STT, name, how named, votes, share of the valid papers."""
        return tuple(
            (
                f"{index}",
                one.shown,
                capital(SOURCES[one.source]),
                count(one.support),
                percent(one.support, self.valid) if self.valid else "–",
            )
            for index, one in enumerate(self.lines, start=1)
        )

    @property
    def outcome(self) -> tuple[str, ...]:
        """Who joins, who waits for the congress, who does not join."""
        joining = [one.shown for one in self._ranked if one.joins]
        tied = [one.shown for one in self._ranked if one.tied]
        leaving = [one.shown for one in self._ranked if not one.joins and not one.tied]
        said = []
        if joining:
            said.append(f"Vào danh sách bầu cử, theo số phiếu từ cao xuống thấp: {comrades(joining)}.")
        if tied:
            said.append(
                f"Cùng số phiếu ở chỗ cuối của danh sách: {comrades(tied)}. "
                f"{capital(presiding(self.signatures))} báo cáo để {self.assembly} quyết định."
            )
        if leaving:
            said.append(f"Không vào danh sách bầu cử: {comrades(leaving)}.")
        return tuple(said)

    @property
    def _ranked(self) -> list[OpinionLine]:
        return sorted(self.lines, key=lambda one: -one.support)

    @property
    def ending(self) -> str:
        done = f"Việc kiểm phiếu kết thúc hồi {clock(self.finished_at)} cùng ngày. " if self.finished_at else ""
        if self.entered_by and self.confirmed_by:
            done += f"Đồng chí {self.entered_by} nhập số liệu, đồng chí {self.confirmed_by} xác nhận. "
        return f"{done}Biên bản này đã được đọc trước {self.assembly}."

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.returned > self.issued:
            yield "returned", f"Thu về {self.returned} phiếu nhưng chỉ phát ra {self.issued} phiếu."
        if self.valid + self.invalid != self.returned:
            yield (
                "valid",
                f"Hợp lệ {self.valid} cộng không hợp lệ {self.invalid} không bằng {self.returned} phiếu thu về.",
            )
        for index, line in enumerate(self.lines):
            if line.support > self.valid:
                yield f"lines[{index}].support", f"{line.name} có nhiều phiếu hơn {self.valid} phiếu hợp lệ."
            if line.joins and line.tied:
                yield f"lines[{index}].tied", f"{line.name} không thể vừa vào danh sách vừa chờ Đại hội quyết định."
        if len(self.signatures) != 2:
            yield "signatures", "Biên bản có đúng 02 chữ ký: người phụ trách kiểm phiếu và Đoàn Chủ tịch."
