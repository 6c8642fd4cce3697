"""Workbooks with a broken part are refused in words, whatever the library makes of them."""

from __future__ import annotations

import io
import os
import random
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from accounts.archives import accept_workbook
from accounts.errors import InvalidInput
from organizations.importing import workbook
from organizations.importing.cells import Reading
from organizations.importing.rolls import ROLL, entry
from organizations.importing.rows import sort_out

MUTATIONS = int(os.environ.get("UPLOAD_MUTATIONS", "150"))


def whole() -> dict[str, bytes]:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Họ và tên", "Ngày sinh", "Chức vụ"])
    book.active.append(["Lê Văn An", date(1980, 2, 1), "=1+1"])
    book.active.merge_cells("A3:B3")
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def turned(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, dropped, or written twice."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[place] = chance.choice(b'0123456789<>/"=aAz&;')
            case 1:
                del changed[place : place + chance.randint(1, 30)]
            case _:
                changed[place:place] = changed[place : place + chance.randint(1, 30)]
    return bytes(changed)


def test_a_part_that_was_tampered_with_never_breaks_the_reader():
    chance, parts, refused = random.Random(37), whole(), 0  # noqa: S311  (repeatable, no secret)
    for _ in range(MUTATIONS):
        name = chance.choice(sorted(parts))
        content = zipped(parts | {name: turned(parts[name], chance)})
        try:
            accept_workbook("a.xlsx", content)
            found = sort_out(workbook.read(content), ROLL, key="full_name")
            for listed in found.lists:
                for raw in listed.entries:
                    entry(raw, listed.header, Reading(date(2025, 6, 1)), {})
        except InvalidInput:
            refused += 1

    assert 0 < refused < MUTATIONS


def test_a_sheet_that_breaks_off_is_refused_in_words():
    parts = whole() | {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}

    with pytest.raises(InvalidInput, match="không đúng chuẩn Excel"):
        workbook.read(zipped(parts))


def test_too_many_rows_are_refused_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)

    with pytest.raises(InvalidInput, match="Chia thành nhiều tệp"):
        workbook.read(zipped(whole()))


@pytest.mark.parametrize("dressed", [b"", b"\xef\xbb\xbf", b" " * 20])
def test_xml_under_another_name_is_not_let_past(dressed):
    parts = whole()
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"sheet1.xml", b"sheet1.dat")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"sheet1.xml", b"sheet1.dat")
    unsafe = sheet.replace(b"<worksheet", b"<!DOCTYPE a><worksheet")
    parts["xl/worksheets/sheet1.dat"] = dressed + unsafe

    with pytest.raises(InvalidInput, match="mang tên lạ"):
        accept_workbook("so.xlsx", zipped(parts))
