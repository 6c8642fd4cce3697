"""The list of congresses as people send it upwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts import wording
from accounts.sheets import Column, write_xlsx
from congress import queries
from congress.lifecycle import COMPLETE
from congress.models import Congress
from congress.stations import STOPPED, days_due, holder_of, is_stopped

COLUMNS = (
    Column("STT", 6), "Tổ chức", "Mã", "Cấp duyệt", "Nhiệm kỳ", "Loại", "Đại hội điểm", "Bước", "Dự kiến", "Khai mạc",
    "Bế mạc", "Đang ở", "Hạn của bước này",
)  # fmt: skip


def congresses(rows: Sequence[Congress], *, on: date) -> bytes:
    deadlines = queries.deadlines_of_plans({one.plan_id: one.plan for one in rows}.values())
    days = days_due(rows, deadlines, queries.working_calendar())
    return write_xlsx(
        "Đại hội",
        COLUMNS,
        [[number, *_row(one, days[one.pk])] for number, one in enumerate(rows, start=1)],
        above=["DANH SÁCH ĐẠI HỘI", f"Tính đến ngày {wording.day(on)}"],
    )


def _row(one: Congress, due: date | None) -> list[Any]:
    return [
        one.organization.name,
        one.organization.code,
        one.authority.name if one.authority else "",
        one.term_label,
        one.get_kind_display(),
        "có" if one.is_pilot else "",
        STOPPED if is_stopped(one) else one.get_state_display(),
        one.planned_for,
        one.opened_at,
        one.closed_at,
        "" if one.state == COMPLETE or is_stopped(one) else holder_of(one),
        due,
    ]
