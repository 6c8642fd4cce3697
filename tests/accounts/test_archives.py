"""Workbooks that people bring, judged before they are read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from accounts.archives import accept_workbook
from accounts.errors import InvalidInput
from accounts.sheets import write_xlsx


def saved() -> bytes:
    file, workbook = io.BytesIO(), Workbook()
    workbook.active.append(["Họ và tên", "Ngày sinh"])
    workbook.save(file)
    return file.getvalue()


def changed(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """The workbook with every part put through ``change``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved())) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
        for name, content in (extra or {}).items():
            after.writestr(name, content)
    return out.getvalue()


def in_part(part: str, old: bytes, new: bytes) -> bytes:
    return changed(lambda name, content: content.replace(old, new) if name == part else content)


SHEET = "xl/worksheets/sheet1.xml"
SAME = changed(lambda name, content: content)
REFUSED = {
    "an old workbook": ("roll.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "không phải .xlsx"),
    "an old workbook with a new name": ("roll.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "không mở được"),
    "nothing": ("roll.xlsx", b"", "rỗng"),
    "a text": ("roll.xlsx", "STT;Họ và tên".encode(), "không mở được"),
    "the first half": ("roll.xlsx", saved()[: len(saved()) // 2], "không mở được"),
    "another program behind it": ("roll.xlsx", saved() + b"MZ", "mang thêm dữ liệu"),
    "a bomb": ("roll.xlsx", changed(lambda n, c: c, {"xl/a.xml": b"<a>" + b" " * 40_000_000 + b"</a>"}), "bất thường"),
    "a DTD": ("roll.xlsx", in_part(SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'), "DTD"),
    "a macro": ("roll.xlsx", changed(lambda n, c: c, {"xl/vbaProject.bin": b"x"}), "macro"),
    "a workbook of macros": (
        "roll.xlsx",
        in_part("[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "macro",
    ),
    "a way out": ("roll.xlsx", changed(lambda n, c: c, {"../../x.xml": b"<a/>"}), "đường dẫn không an toàn"),
    "a Word file": ("roll.xlsx", in_part("[Content_Types].xml", b"spreadsheetml.sheet", b"wordprocessingml"), "thường"),
}


@pytest.mark.parametrize(("name", "content", "what"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_plain_workbook_is_refused_with_the_next_step(name, content, what):
    with pytest.raises(InvalidInput, match=what) as refusal:
        accept_workbook(name, content)

    assert str(refusal.value).startswith(f"Tệp “{name}”")
    assert refusal.value.fields["file"]


def test_a_plain_workbook_passes_ours_among_them():
    assert accept_workbook("C:\\Danh sách\\chi bộ.xlsx", saved()) == "chi bộ.xlsx"
    assert accept_workbook("a.xlsx", SAME) == "a.xlsx"
    assert accept_workbook("a.xlsx", write_xlsx("a", ["b"], [["c"] * 20] * 2000)) == "a.xlsx"
