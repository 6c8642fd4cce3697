"""Tiến độ and Bảng theo dõi as workbooks: every row of the page with its filters, the day it is true of above."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accounts import wording
from accounts.sheets import Column, write_xlsx
from congress.lifecycle import COMPLETE
from congress.progress import Line, Overview
from congress.rollup import Part
from congress.stations import STATIONS
from congress.wall import Contact, cells_of

BASIC = (Column("STT", 6), "Chi bộ", "Đảng bộ", "Đại hội điểm", "Bước", "Ai đang giữ việc", "Từ ngày")
LINES = (*BASIC, "Số ngày làm việc ở bước này", "Ngày đại hội", "Hạn của bước này", "Còn (ngày làm việc)")
CALLS = ("Bí thư", "Điện thoại", "Tài khoản")
SHAPES = {"done": "xong", "now": "đang làm", "late": "quá hạn", "next": ""}


def lines(title: str, seen: Overview, shown: Iterable[Line]) -> bytes:
    return write_xlsx("Tiến độ", LINES, [_row(n, one) for n, one in enumerate(shown, 1)], above=_above(title, seen))


def wall(title: str, seen: Overview, shown: Iterable[Line], contacts: dict[int, Contact] | None) -> bytes:
    """The same with one column per station and whom to call; of a past day, without those: they are today's."""
    stations = [f"{number}. {label}" for number, (label, _) in enumerate(STATIONS, 1)]

    def calls(line: Line) -> list[Any]:
        return [] if contacts is None else _call(contacts.get(line.branch_id))

    rows: list[list[Any]] = [
        [*_row(number, one), *(SHAPES[cell.shape] for cell in cells_of(one)), *calls(one)]
        for number, one in enumerate(shown, 1)
    ]
    columns = [*LINES, *stations, *(() if contacts is None else CALLS)]
    return write_xlsx("Bảng theo dõi", columns, rows, above=_above(title, seen))


def parts(found: Sequence[Part], term_label: str, as_of: date) -> bytes:
    """One row for each body directly below."""
    above = (f"TIẾN ĐỘ ĐẠI HỘI CHI BỘ, nhiệm kỳ {term_label}", f"Tính đến ngày {wording.day(as_of)}")
    columns = (Column("STT", 6), "Tổ chức", "Số chi bộ", "Đã đại hội", "Đã chuẩn y")
    rows: list[list[Any]] = [
        [n, one.organization.name, one.total, one.held, one.ratified] for n, one in enumerate(found, 1)
    ]
    return write_xlsx("Tiến độ", columns, rows, above=above)


def _above(title: str, seen: Overview) -> tuple[str, ...]:
    return f"{title}, nhiệm kỳ {seen.term_label}", f"Tính đến ngày {wording.day(seen.as_of)}: {seen.finding}."


def _row(number: int, line: Line) -> list[Any]:
    return [
        number,
        line.branch,
        line.committee,
        "có" if line.is_pilot else "",
        line.label,
        "" if line.state == COMPLETE else line.holder,
        line.since,
        line.holding,
        line.closed_on if line.is_held else line.planned_on,
        line.due,
        line.left,
    ]


def _call(contact: Contact | None) -> list[Any]:
    if contact is None:
        return ["", "", "chưa có"]
    known = "chưa đăng nhập" if contact.has_account else "chưa có"
    return [contact.name, contact.phone, "đã đăng nhập" if contact.has_signed_in else known]
