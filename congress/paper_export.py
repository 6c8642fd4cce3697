"""Plans, letters and reminders as workbooks: what their pages list, without a page's limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from accounts import wording
from accounts.sheets import Column, write_xlsx
from congress.models import Guidance, Plan, Reminder

NUMBER = Column("STT", 6)


def plans(rows: Iterable[Plan], *, on: date) -> bytes:
    columns = (NUMBER, "Số, ký hiệu", "Cấp ủy", "Trích yếu", "Nhiệm kỳ", "Ngày ban hành", "Trạng thái")
    cells = [
        [
            n,
            one.notation,
            one.organization.committee,
            one.subject,
            one.term_label,
            one.issued_on,
            one.get_state_display(),
        ]
        for n, one in enumerate(rows, start=1)
    ]
    return write_xlsx("Kế hoạch", columns, cells, above=_above("KẾ HOẠCH ĐẠI HỘI", on))


def guidance(rows: Iterable[Guidance], *, on: date) -> bytes:
    """``rows`` with ``sent`` and ``read``: how many received each letter and have confirmed it."""
    columns = (NUMBER, "Số, ký hiệu", "Loại", "Cấp ủy gửi", "Trích yếu", "Nhiệm kỳ", "Ngày ban hành", "Gửi", "Đã đọc")
    cells = [
        [
            n,
            one.notation,
            one.get_kind_display(),
            one.organization.committee,
            one.subject,
            one.term_label,
            one.issued_on,
            one.sent,  # type: ignore[attr-defined]  # annotated by the view
            one.read,  # type: ignore[attr-defined]  # annotated by the view
        ]
        for n, one in enumerate(rows, start=1)
    ]
    return write_xlsx("Văn bản chỉ đạo", columns, cells, above=_above("VĂN BẢN CHỈ ĐẠO", on))


def reminders(rows: Iterable[Reminder], *, on: date) -> bytes:
    columns = (NUMBER, "Lời nhắc", "Về tổ chức", "Mức", "Hạn", "Nhắc ngày", "Đã xem lúc")
    cells = [
        [
            n,
            one.sentence,
            one.about.name if one.about else "",
            one.get_level_display(),
            one.due_on,
            timezone.localdate(one.created_at),
            one.seen_at,
        ]
        for n, one in enumerate(rows, start=1)
    ]
    return write_xlsx("Nhắc việc", columns, cells, above=_above("NHẮC VIỆC", on))


def _above(title: str, on: date) -> tuple[str, str]:
    return title, f"Tính đến ngày {wording.day(on)}"
