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
from documents.papers.wording import capital, count, paragraphs, percent


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
    """A branch that is behind, by name, with what it is behind with; or those of one đảng bộ, the worst named first."""

    branch: Annotated[str, "Chi bộ"]
    committee: Annotated[str, "Đảng bộ"]
    state: Annotated[str, "Tình hình"]
    count: Annotated[int, "Số chi bộ"] = 1

    @property
    def sentence(self) -> str:
        if self.count == 1:
            return f"{self.branch}, {self.committee}: {self.state}."
        return f"{self.committee}: {count(self.count)} chi bộ ({self.branch}); chậm nhất: {self.state}."


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """By the end of that day so many branches had met."""

    on: Annotated[date, "Ngày"]
    held: Annotated[int, "Số chi bộ đã đại hội"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureLine:
    """One line of the structure of those elected; the lines of one group add up to all of them."""

    group: Annotated[str, "Phân theo"] = ""
    label: Annotated[str, "Cơ cấu"]
    count: Annotated[int, "Số đồng chí"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchLine:
    """One branch on the list that goes with the report."""

    branch: Annotated[str, "Chi bộ"]
    committee: Annotated[str, "Đảng bộ"]
    state: Annotated[str, "Bước"]
    holder: Annotated[str, "Ai đang giữ việc"] = ""
    since: Annotated[date, "Từ ngày"]
    days: Annotated[int, "Số ngày làm việc ở bước này"] = 0
    day: Annotated[date | None, "Ngày đại hội"] = None
    due: Annotated[date | None, "Hạn của bước này"] = None
    is_pilot: Annotated[bool, "Đại hội điểm"] = False


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
    branches: Annotated[tuple[BranchLine, ...], "Từng chi bộ"] = ()
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
        if len(self.branches) > self.total:
            yield "branches", "Danh sách kèm theo nhiều hơn tổng số chi bộ. Lập lại báo cáo."
        for title, lines in self.structure_groups:
            if title and sum(one.count for one in lines) != self.elected:
                yield "structure", f"Cộng cơ cấu theo {title.lower()} không bằng số cấp ủy viên. Lập lại báo cáo."

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
        rest = self.late - sum(one.count for one in self.exceptions)
        return f"và {count(rest)} chi bộ khác (có danh sách kèm theo)." if rest > 0 else ""

    @property
    def judgements(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(heading, paragraphs) of what the committee adds in its own words."""
        parts = (("Nhận xét, đánh giá", self.assessment), ("Kiến nghị, đề xuất", self.proposals))
        said = [(label, paragraphs(text)) for label, text in parts if text.strip()]
        return tuple((f"{number}. {label}", lines) for number, (label, lines) in zip(("III", "IV"), said, strict=False))

    @property
    def closing(self) -> str:
        return f"{self.committee_name} báo cáo để cấp trên theo dõi, chỉ đạo."

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
            actual=sorted({**{one.on: one.held for one in self.days}, self.as_of: self.held}.items()),
            deadline=self.deadline,
            starts_on=self.starts_on,
            as_of=self.as_of,
            height=280,
        )

    @property
    def structure_title(self) -> str:
        return f"Cơ cấu {count(self.elected)} cấp ủy viên đã được chuẩn y"

    @property
    def structure_groups(self) -> tuple[tuple[str, tuple[StructureLine, ...]], ...]:
        """(title, lines), in the order written down; reports of the first months have one group without a title."""
        titles = dict.fromkeys(one.group for one in self.structure)
        return tuple((title, tuple(one for one in self.structure if one.group == title)) for title in titles)

    @property
    def structure_rows(self) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
        """(title, (class, how many, share)) as a table says it."""
        return tuple(
            (title, tuple((one.label, count(one.count), percent(one.count, self.elected)) for one in lines))
            for title, lines in self.structure_groups
            if self.elected
        )

    def pictures(self) -> list[Bars]:
        """One for each classification of those elected; none before anybody is ratified."""
        return [
            charts.bars(
                title=title or self.structure_title,
                items=[(one.label, one.count) for one in lines],
                base=self.elected,
                unit="đồng chí",
            )
            for title, lines in self.structure_groups
            if self.elected
        ]
