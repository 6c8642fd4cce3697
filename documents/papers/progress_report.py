"""F-26 Báo cáo tiến độ đại hội: what a committee reports every week of the branches below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from accounts import charts
from accounts.charts import Bars, Curve
from documents.papers.base import Paper, Signature
from documents.papers.numbering import long_date
from documents.papers.registry import register
from documents.papers.wording import capital, count, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeLine:
    """One đảng bộ: how many of its branches, how many have met, been ratified, are late."""

    name: Annotated[str, "Đảng bộ"]
    total: Annotated[int, "Số chi bộ"]
    held: Annotated[int, "Đã đại hội"]
    ratified: Annotated[int, "Đã chuẩn y"]
    late: Annotated[int, "Quá hạn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedException:
    """A branch that is behind, by name, with what it is behind with."""

    branch: Annotated[str, "Chi bộ"]
    committee: Annotated[str, "Đảng bộ"]
    state: Annotated[str, "Tình hình"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """By the end of that day so many branches had met."""

    on: Annotated[date, "Ngày"]
    held: Annotated[int, "Số chi bộ đã đại hội"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureLine:
    """One line of the structure of those elected."""

    label: Annotated[str, "Cơ cấu"]
    count: Annotated[int, "Số đồng chí"]


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressReport(Paper):
    """Báo cáo tiến độ as of one day; every figure is of that day."""

    code: ClassVar[str] = "F-26"
    title: ClassVar[str] = "BÁO CÁO"
    listed_as: ClassVar[str] = "Báo cáo tiến độ đại hội chi bộ"
    template: ClassVar[str] = "progress_report"

    addressee: Annotated[str, "Nơi kính gửi"] = ""
    organization_name: Annotated[str, "Tên đảng bộ"]
    committee_name: Annotated[str, "Tên cấp ủy"]
    term: Annotated[str, "Nhiệm kỳ"]
    as_of: Annotated[date, "Tính đến ngày"]
    plans: Annotated[tuple[str, ...], "Căn cứ"] = ()
    total: Annotated[int, "Tổng số chi bộ"]
    held: Annotated[int, "Số chi bộ đã đại hội"]
    ratified: Annotated[int, "Số chi bộ đã được chuẩn y"]
    sitting: Annotated[int, "Số chi bộ đang đại hội"] = 0
    cleared: Annotated[int, "Số chi bộ đã được duyệt, chờ đại hội"] = 0
    submitted: Annotated[int, "Số chi bộ đã trình duyệt"] = 0
    preparing: Annotated[int, "Số chi bộ đang chuẩn bị"] = 0
    late: Annotated[int, "Số chi bộ quá hạn"] = 0
    deadline: Annotated[date | None, "Ngày đại hội chậm nhất"] = None
    starts_on: Annotated[date | None, "Ngày bắt đầu"] = None
    outlook: Annotated[str, "Dự báo"] = ""
    committees: Annotated[tuple[CommitteeLine, ...], "Từng đảng bộ"] = ()
    days: Annotated[tuple[DayCount, ...], "Diễn biến theo ngày"] = ()
    exceptions: Annotated[tuple[NamedException, ...], "Chi bộ chậm"] = ()
    elected: Annotated[int, "Số cấp ủy viên đã được chuẩn y"] = 0
    structure: Annotated[tuple[StructureLine, ...], "Cơ cấu cấp ủy"] = ()
    assessment: Annotated[str, "Nhận xét, đánh giá"] = ""
    proposals: Annotated[str, "Kiến nghị, đề xuất"] = ""
    recipients: Annotated[tuple[str, ...], "Nơi nhận"]
    signature: Annotated[Signature, "Người ký"]

    def faults(self) -> Iterator[tuple[str, str]]:
        steps = self.held + self.sitting + self.cleared + self.submitted + self.preparing
        if steps != self.total:
            yield "total", f"Tổng số chi bộ ({self.total}) không bằng tổng các bước ({steps}). Lập lại báo cáo."
        if self.ratified > self.held:
            yield "ratified", "Số chi bộ đã được chuẩn y không thể nhiều hơn số chi bộ đã đại hội."
        if self.committees and sum(one.total for one in self.committees) != self.total:
            yield "committees", "Cộng các đảng bộ không bằng tổng số chi bộ. Lập lại báo cáo."

    @property
    def subject_parts(self) -> tuple[str, ...]:
        return (
            f"tiến độ tổ chức đại hội chi bộ nhiệm kỳ {self.term}",
            f"(tính đến {long_date(self.as_of)})",
        )

    @property
    def opening(self) -> str:
        grounds = f"Thực hiện {'; '.join(self.plans)}, " if self.plans else ""
        return capital(
            f"{grounds}{self.committee_name} báo cáo tiến độ tổ chức đại hội các chi bộ nhiệm kỳ {self.term}, "
            f"tính đến {long_date(self.as_of)}, như sau:"
        )

    @property
    def result(self) -> str:
        share = f", đạt {percent(self.held, self.total)}" if self.total else ""
        return (
            f"Đến nay có {count(self.held)}/{count(self.total)} chi bộ đã tổ chức đại hội{share}; "
            f"{count(self.ratified)} chi bộ đã được chuẩn y kết quả bầu cử."
        )

    @property
    def steps(self) -> tuple[tuple[str, str, str], ...]:
        """(step, how many, share) of those still to meet and those who have."""
        rows = (
            ("Đang chuẩn bị", self.preparing),
            ("Đã trình duyệt", self.submitted),
            ("Đã được duyệt, chờ đại hội", self.cleared),
            ("Đang đại hội", self.sitting),
            ("Đã đại hội", self.held),
        )
        return tuple(
            (label, count(number), percent(number, self.total) if self.total else "") for label, number in rows
        )

    @property
    def committee_rows(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (str(number), one.name, count(one.total), count(one.held), count(one.ratified), count(one.late))
            for number, one in enumerate(self.committees, start=1)
        )

    @property
    def late_sentence(self) -> str:
        if not self.late:
            return "Không có chi bộ nào quá hạn ở bước đang làm."
        return f"Có {count(self.late)} chi bộ quá hạn ở bước đang làm, gồm:"

    @property
    def unnamed(self) -> str:
        """The sentence about late branches beyond those named; "" when all are."""
        rest = self.late - len(self.exceptions)
        return f"và {count(rest)} chi bộ khác (có danh sách kèm theo)." if rest > 0 else ""

    @property
    def status_line(self) -> str:
        """The one line that is typed into other systems."""
        share = f" ({percent(self.held, self.total)})" if self.total else ""
        return (
            f"Tính đến ngày {self.as_of.day}/{self.as_of.month}/{self.as_of.year}: {self.held}/{self.total} chi bộ "
            f"đã đại hội{share}; {self.ratified} chi bộ đã được chuẩn y; {self.late} chi bộ quá hạn."
        )

    def curve(self) -> Curve | None:
        """Held so far against the plan, as the page draws it; None without a deadline."""
        if self.deadline is None or not self.total or not self.days:
            return None
        return charts.curve(
            title=self.status_line,
            total=self.total,
            actual=[(one.on, one.held) for one in self.days],
            deadline=self.deadline,
            starts_on=self.starts_on,
            height=260,
        )

    def bars(self) -> Bars | None:
        """The structure of those elected; None before anybody is ratified."""
        if not self.structure or not self.elected:
            return None
        return charts.bars(
            title=f"Cơ cấu {self.elected} cấp ủy viên đã được chuẩn y",
            items=[(one.label, one.count) for one in self.structure],
            base=self.elected,
            unit="đồng chí",
        )
