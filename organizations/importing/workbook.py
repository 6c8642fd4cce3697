"""The cells of a workbook as a person sees them: values instead of formulas, merged cells filled downwards."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.cell_text import plain
from accounts.errors import InvalidInput

MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_MERGED = 200_000
"""Rows over which merged cells are filled downwards, all ranges together."""
REPORT_EVERY = 500
UNREADABLE = "Tệp có phần không đúng chuẩn Excel nên không đọc được. Mở bằng Excel, lưu lại dạng .xlsx rồi tải lên."

Progress = Callable[[int, int | None], None]


class Uncomputed:
    """A formula whose result the file does not hold: it was never opened in Excel."""

    def __init__(self, formula: str) -> None:
        self.formula = formula

    def __str__(self) -> str:
        return f"={self.formula}"


@dataclass(slots=True)
class Page:
    """One sheet: its rows by their number in Excel, and its merged ranges (first row, first column, last row, last)."""

    name: str
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def read(content: bytes, progress: Progress | None = None) -> list[Page]:
    """The visible sheets of a workbook that ``accounts.archives`` has let pass.

    Raises InvalidInput past the limits, and for what only looks like a workbook.
    """
    try:
        return _read(content, progress)
    except InvalidInput:
        raise
    except Exception as broken:  # the library meets a broken part with any error there is
        raise InvalidInput(UNREADABLE) from broken


def _read(content: bytes, progress: Progress | None) -> list[Page]:
    from openpyxl import load_workbook  # local: loaded by the process that reads one

    tell = progress or (lambda read, whole: None)
    with warnings.catch_warnings():  # about validations and dates out of range, which are judged below
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [one for one in workbook.worksheets if one.sheet_state == "visible"]
            whole = sum(one.max_row or 0 for one in sheets) if all(one.max_row for one in sheets) else None
            tell(0, min(whole, MOST_ROWS) if whole else None)
            pages: list[Page] = []
            read_before = 0
            for sheet in sheets:
                page = _page(
                    sheet, lambda rows, before=read_before: tell(before + rows, whole), MOST_ROWS - read_before
                )
                read_before += len(page.rows)
                pages.append(page)
        finally:
            workbook.close()
    return pages


def _page(sheet: Any, tell: Callable[[int], None], most: int) -> Page:
    parser_class = _parser_class()
    page = Page(sheet.title)
    workbook = sheet.parent
    with sheet._get_source() as source:  # as the read-only sheet itself does, which forgets merged cells
        parser = parser_class(
            source, sheet._shared_strings, data_only=True, epoch=workbook.epoch,
            date_formats=workbook._date_formats, timedelta_formats=workbook._timedelta_formats,
        )  # fmt: skip
        for number, cells in parser.parse():
            values = _values(cells)
            if not values:
                continue
            page.rows.append((number, values))
            if len(page.rows) > most:
                raise InvalidInput(f"Tệp có hơn {MOST_ROWS} dòng. Chia thành nhiều tệp rồi tải lên từng tệp.")
            if len(page.rows) % REPORT_EVERY == 0:
                tell(len(page.rows))
        for one in parser.merged_cells.mergeCell if parser.merged_cells else ():
            page.merged.append((one.min_row, one.min_col - 1, one.max_row, one.max_col - 1))
    tell(len(page.rows))
    _fill_downwards(page)
    return page


def _values(cells: list[dict[str, Any]]) -> list[Any]:
    """The row up to its last value; nothing for a row without any."""
    values: list[Any] = []
    for cell in cells:
        value = cell["value"]
        if isinstance(value, str):
            value = plain(value)
            value = value if value.strip() else None
        if value is not None and cell["column"] <= MOST_COLUMNS:
            values += [None] * (cell["column"] - 1 - len(values)) + [value]
    return values


def _fill_downwards(page: Page) -> None:
    """A value merged over several rows belongs to each; merged over several columns it stays where it stands."""
    by_number, filled = dict(page.rows), 0
    for first, column, last, _ in page.merged:
        above = by_number.get(first, [])
        value = above[column] if column < len(above) else None
        if value is None or last == first:
            continue
        filled += min(last - first, MOST_ROWS)
        if filled > MOST_MERGED:
            raise InvalidInput("Tệp có quá nhiều ô gộp chồng lên nhau. Bỏ gộp ô, mỗi dòng ghi đủ rồi tải lên.")
        for number in range(first + 1, min(last, first + MOST_ROWS) + 1):
            row = by_number.get(number)
            if row:
                row += [None] * (column + 1 - len(row))
                row[column] = value if row[column] is None else row[column]


def _parser_class() -> Any:
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):  # type: ignore[misc]  # the library has no types
        """Tells a formula without a kept result from an empty cell."""

        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["value"] is None and len(element):
                formula = element.find(FORMULA_TAG)
                if formula is not None and element.get("t") != "str":  # an empty text is a result
                    cell["value"] = Uncomputed(formula.text or "…")
            return cell

        def parse_formatting(self, element: Any) -> None:
            """Colours tell nothing here, and half of them fail to load."""

        def parse_extensions(self, element: Any) -> None:
            """Of other programs."""

    return Parser
