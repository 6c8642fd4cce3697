"""Excel out: no text becomes a formula, and everything comes back as it went."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from accounts.cell_text import plain
from accounts.sheets import Column, Sheet, write_workbook, write_xlsx, xlsx_response

SIGNS = [*"=+-@\t\r\n＝＋－＠'\"|;,!&<>%_xX0041", *"aăâĐđÐệữ ỵ", "\x00", "\x07", "\x0b", "\x1f", "\x7f", "\u0301", "😀"]
SIGNS += ["\ud800", "\ufffe", "\u202e", "_x0041_", "_x005F_", "HYPERLINK(", "cmd|", "]]>", "&#9;"]


def rows_of(content: bytes, sheet: int = 0) -> list[list[object]]:
    found = load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows(values_only=True)
    return [[plain(one) if isinstance(one, str) else one for one in row] for row in found]


def test_ten_thousand_strings_give_no_formula_and_come_back_equal():
    chance = random.Random(15)  # noqa: S311  (repeatable, no secret)
    texts = ["".join(chance.choices(SIGNS, k=chance.randint(1, 12))) for _ in range(10_000)]

    content = write_xlsx("Thử", ["Chữ"] * 10, [texts[start : start + 10] for start in range(0, 10_000, 10)])

    found = [one for row in rows_of(content)[1:] for one in row]
    assert found == texts
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<f " not in sheet and "<f/" not in sheet
    assert sheet.count('t="inlineStr"') == 10_010


def test_numbers_days_and_moments_are_typed():
    moment = datetime(2025, 6, 28, 1, 30, tzinfo=UTC)
    row = [7, Decimal("18.5"), date(1980, 2, 1), moment, True, None, date(1890, 5, 19), 10**16]

    (back,) = rows_of(write_xlsx("Kiểu", ["a"] * 8, [row]))[1:]

    days = [str(back[2]), str(back[3])]
    assert days == ["1980-02-01 00:00:00", "2025-06-28 08:30:00"]
    assert [back[0], back[1], *back[4:]] == [7, 18.5, "có", None, "19/5/1890", str(10**16)]


def test_the_header_is_bold_stays_in_view_and_columns_are_wide_enough():
    content = write_xlsx("Danh sách", ["Họ và tên", Column("Ghi chú", 30)], [["Nguyễn Thị Minh Khai", ""]], above=["T"])

    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.font.bold for cell in sheet[2]] == [True, True]
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["A"].width >= len("Nguyễn Thị Minh Khai")
    assert sheet.column_dimensions["B"].width == 30
    assert sheet.print_title_rows == "$2:$2"


def test_sheets_get_names_that_excel_takes():
    sheets = [Sheet(name, ["a"], []) for name in ("Chi bộ [1]: a/b", "chi bộ  1    a b", "x" * 40, "X" * 40, "'")]

    names = load_workbook(io.BytesIO(write_workbook(sheets))).sheetnames

    assert len({name.casefold() for name in names}) == 5
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.parametrize("value", ["a" * 32_768, "\x01" * 5_000, float("nan"), object()])
def test_what_no_cell_can_hold_is_refused_and_never_cut(value):
    with pytest.raises(ValueError, match="cell holds|no cell|no column"):
        write_xlsx("Thử", ["a"], [[value]])


def test_a_download_is_an_attachment_under_its_vietnamese_name():
    answer = xlsx_response("Danh sách đảng viên", b"x")

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Danh%20s%C3%A1ch")
