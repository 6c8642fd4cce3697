"""Excel out: the only place that writes a workbook, so that no text of ours ever becomes a formula (T15).

Text stays text whatever it begins with; days, times and numbers are typed. What XML cannot hold is written the way
the format provides (``_x0007_``), and ``cell_text.plain`` reads it back: nothing is lost and nothing is changed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header

from accounts import wording
from accounts.cell_text import escaped

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY, MOMENT = "dd/mm/yyyy", "hh:mm dd/mm/yyyy"
FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a day that never was
MOST_SIGNS = 32_767  # of one cell; openpyxl would cut the rest off without a word
EXACT_NUMBERS = 10**15  # beyond, Excel rounds
A4 = 9
NARROW, WIDE = 6, 48
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

Value = str | int | float | Decimal | date | datetime | bool | Promise | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its title; ``width`` in signs, by default what its values need."""

    title: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``above`` are lines over the header, such as the title of the list and its day."""

    name: str
    columns: Sequence[Column | str]
    rows: Iterable[Sequence[Value]]
    above: Sequence[str] = ()


def write_xlsx(
    sheet_name: str, columns: Sequence[Column | str], rows: Iterable[Sequence[Value]], *, above: Sequence[str] = ()
) -> bytes:
    """A workbook of one sheet: bold header that stays in view, one row per item."""
    return write_workbook([Sheet(sheet_name, columns, rows, above)])


def xlsx_response(name: str, content: bytes) -> HttpResponse:
    """The workbook as a download called ``name`` (without its ending)."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response["Content-Length"] = str(len(content))
    response._csp_config = {"default-src": ["'none'"], "sandbox": [""]}  # type: ignore[attr-defined]  # read by django-csp
    return response


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Raises ValueError for what no cell can hold (text of over 32,767 signs, an unknown kind of value)."""
    from openpyxl import Workbook  # local: loaded by the process that writes one

    typed = [[[_typed(value) for value in row] for row in sheet.rows] for sheet in sheets]  # may refuse
    workbook = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet, rows in zip(sheets, typed, strict=True):
        _write_sheet(workbook.create_sheet(_sheet_name(sheet.name, taken)), sheet, rows)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """At most 31 signs, none of those that Excel refuses, and used once."""
    stem = NOT_IN_A_SHEET_NAME.sub(" ", wanted).strip(" '") or "Trang"
    name, number = stem[:31], 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem[:27]} {number}"
    taken.add(name.casefold())
    return name


def _write_sheet(worksheet: Any, sheet: Sheet, rows: list[list[Any]]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    columns = [Column(one) if isinstance(one, str) else one for one in sheet.columns]
    head = len(sheet.above) + 1
    for number, column in enumerate(columns):
        letter = get_column_letter(number + 1)
        worksheet.column_dimensions[letter].width = column.width or _width(column.title, rows, number)
    worksheet.freeze_panes = f"A{head + 1}"
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", A4
    worksheet.page_setup.fitToHeight, worksheet.sheet_properties.pageSetUpPr = 0, _fit_to_page()
    worksheet.print_title_rows = f"{head}:{head}"
    for line in sheet.above:
        worksheet.append([_cell(worksheet, _text(line), font=Font(bold=True))])
    look = {
        "font": Font(bold=True),
        "alignment": Alignment(wrap_text=True, vertical="center"),
        "fill": PatternFill("solid", fgColor="EDEAE4"),
        "border": Border(bottom=Side(style="thin")),
    }
    worksheet.append([_cell(worksheet, _text(column.title), **look) for column in columns])
    for row in rows:
        worksheet.append([_cell(worksheet, value) for value in row])


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _typed(value: Value) -> str | int | float | date | datetime | None:
    """What a cell will hold; moments in local time."""
    match value:
        case None | "":
            return None
        case bool():
            return "có" if value else "không"
        case int():
            return value if abs(value) < EXACT_NUMBERS else str(value)
        case float() | Decimal():
            if value != value or abs(value) == float("inf"):
                raise ValueError(f"no cell can hold {value}")
            return float(value)
        case datetime():
            local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
            return local if local.date() >= FIRST_DAY else wording.day(local)
        case date():
            return value if value >= FIRST_DAY else wording.day(value)
        case str() | Promise():
            return _text(str(value))
    raise ValueError(f"no column of ours holds {type(value).__name__}")


def _text(value: str) -> str:
    text = escaped(value)
    if len(text) > MOST_SIGNS:
        raise ValueError(f"a cell holds {MOST_SIGNS} signs, this text has {len(text)}")
    return text


def _width(title: str, rows: list[list[Any]], number: int) -> int:
    longest = max((_signs(row[number]) for row in rows if number < len(row)), default=0)
    words = max((len(word) for word in title.split()), default=0)
    return min(max(NARROW, words + 2, min(len(title), 16), longest + 2), WIDE)


def _signs(value: Any) -> int:
    if isinstance(value, date):
        return 16 if isinstance(value, datetime) else 10
    return 0 if value is None else max(len(line) for line in str(value).split("\n"))


def _cell(worksheet: Any, value: Any, **look: Any) -> Any:
    """A cell that knows its kind; openpyxl alone would take a text that begins with "=" for a formula."""
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if not isinstance(value, str):
        cell = WriteOnlyCell(worksheet, value=value)
        if isinstance(value, date):
            cell.number_format = MOMENT if isinstance(value, datetime) else DAY
        return cell
    cell = WriteOnlyCell(worksheet)
    cell._value, cell.data_type = value, "s"  # set past the property, which would guess a formula
    cell.quotePrefix = value.startswith(STARTS_FORMULA)  # stays text when somebody edits it in Excel
    for name, style in look.items():
        setattr(cell, name, style)
    return cell
