"""How a number, a date and a cited document are written on a Party paper (HD 36 m.1.3–1.4).

Which number comes next is the business of the counters; here it is only written.
"""

from __future__ import annotations

from datetime import date

DOCUMENT_TYPES = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định, quy định",
    "KL": "Kết luận",
    "QC": "Quy chế",
    "HD": "Hướng dẫn",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "KH": "Kế hoạch",
    "CTr": "Chương trình",
    "ĐA": "Đề án",
    "PA": "Phương án",
    "TTr": "Tờ trình",
    "CV": "Công văn",
    "BB": "Biên bản",
    "CT": "Chỉ thị",
    "TT": "Thông tri",
}
BLANK = " " * 6


def format_number(number: int | None, doc_type: str, symbol: str) -> str:
    """``Số 05-NQ/ĐU``: no colon, zero before 1–9; without a number the place is left blank for the pen."""
    if doc_type not in DOCUMENT_TYPES:
        raise ValueError(f"unknown document type {doc_type!r}, one of {', '.join(DOCUMENT_TYPES)}")
    if not symbol.strip() or "/" in symbol:
        raise ValueError(f"the issuing body's symbol cannot be {symbol!r}")
    if number is None:
        return f"Số{BLANK}-{doc_type}/{symbol}"
    if number < 1:
        raise ValueError(f"documents are numbered from 01, got {number}")
    return f"Số {number:02d}-{doc_type}/{symbol}"


def format_place_date(place: str, on: date | None) -> str:
    """``Hà Nội, ngày 05 tháng 02 năm 2026``: zero before days under 10 and months 1–2 only."""
    if on is None:
        return f"{place}, ngày{BLANK}tháng{BLANK}năm{BLANK}"
    return f"{place}, ngày {on.day:02d} tháng {_month(on)} năm {on.year}"


def long_date(on: date) -> str:
    """``ngày 05 tháng 02 năm 2026`` within a sentence."""
    return f"ngày {on.day:02d} tháng {_month(on)} năm {on.year}"


def short_date(on: date) -> str:
    """``05/9/2026``: the date of a cited document."""
    return f"{on.day:02d}/{_month(on)}/{on.year}"


def cite(kind: str, number: str, on: date, body: str, subject: str = "") -> str:
    """A document cited in full: ``Nghị quyết số 12-NQ/ĐU, ngày 05/9/2026 của … về …``.

    ``number`` is taken with or without its leading “Số”.
    """
    plain = number.removeprefix("Số").strip()
    tail = f" {subject}" if subject else ""
    return f"{kind} số {plain}, ngày {short_date(on)} của {body}{tail}"


def _month(on: date) -> str:
    return f"{on.month:02d}" if on.month <= 2 else str(on.month)
