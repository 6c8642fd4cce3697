"""A progress report as a workbook: every branch of that day and the structure of those elected, of the paper's data."""

from __future__ import annotations

from typing import Any

from accounts.sheets import Column, Sheet, write_workbook
from documents.papers.progress_report import ProgressReport

COLUMNS = (
    Column("STT"),
    Column("Chi bộ"),
    Column("Đảng bộ"),
    Column("Bước"),
    Column("Ai đang giữ việc"),
    Column("Từ ngày"),
    Column("Số ngày làm việc ở bước này"),
    Column("Ngày đại hội"),
    Column("Hạn của bước này"),
    Column("Đại hội điểm"),
)
STRUCTURE = (Column("Phân theo"), Column("Cơ cấu"), Column("Số đồng chí"), Column("Tỷ lệ"))


def workbook_of(paper: ProgressReport) -> bytes:
    """The .xlsx of a report."""
    title = f"TIẾN ĐỘ ĐẠI HỘI CHI BỘ, {paper.organization_name}, nhiệm kỳ {paper.term}"
    sheets = [Sheet("Tiến độ", COLUMNS, _branches(paper), above=(title, paper.status_line))]
    if paper.structure_rows:
        sheets.append(Sheet("Cơ cấu", STRUCTURE, _structure(paper), above=(paper.structure_title,)))
    return write_workbook(sheets)


def _branches(paper: ProgressReport) -> list[tuple[Any, ...]]:
    return [
        (
            number,
            one.branch,
            one.committee,
            one.state,
            one.holder,
            one.since,
            one.days,
            one.day,
            one.due,
            "có" if one.is_pilot else "",
        )
        for number, one in enumerate(paper.branches, start=1)
    ]


def _structure(paper: ProgressReport) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for (title, lines), (_, shown) in zip(paper.structure_groups, paper.structure_rows, strict=True):
        rows += [(title, one.label, one.count, share) for one, (*_, share) in zip(lines, shown, strict=True)]
        rows.append((title, "Cộng", sum(one.count for one in lines), ""))
    return rows
