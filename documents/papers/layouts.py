"""How a Party paper is laid out, as dated data.

Lengths in millimetres, sizes in points. ``layout_for(day)`` picks the rule of that day; a day
before all of them is an error, not a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from accounts.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Layout:
    """Thể thức: one rule on layout. ``certainty`` says how far its text was read."""

    code: str
    name: str
    citation: str
    certainty: str
    in_force_from: date
    in_force_to: date | None

    page_width: int = 210
    page_height: int = 297
    margin_top: int = 20
    margin_bottom: int = 20
    margin_left: int = 30
    margin_right: int = 15
    verso_left: int = 15
    verso_right: int = 30
    page_number_from_top: int = 10
    page_number_size: int = 14

    party_title_size: int = 15
    superior_size: int = 14
    issuer_size: int = 14
    number_size: int = 14
    place_date_size: int = 14
    title_size: int = 16
    subject_size: int = 14
    body_size: int = 14
    signature_size: int = 14
    salutation_size: int = 14
    recipients_label_size: int = 14
    recipients_size: int = 12
    contact_size: int = 10
    line_spacing: int = 18
    line_spacing_largest: int = 22
    first_line: int = 10
    paragraph_gap: int = 6

    submission_salutation: str = "Kính gửi"
    recipients_separator: str = ","
    recipients_end: str = "."


HD36_2018 = Layout(
    code="HD36_2018",
    name="Hướng dẫn 36",
    citation="Hướng dẫn số 36-HD/VPTW, ngày 03/4/2018 của Văn phòng Trung ương Đảng",
    certainty="đã đọc bản đăng lại",
    in_force_from=date(2018, 4, 3),
    in_force_to=date(2026, 5, 26),
)
HD05_2026 = replace(
    HD36_2018,
    code="HD05_2026",
    name="Hướng dẫn 05",
    citation="Hướng dẫn số 05-HD/VPTW, ngày 27/5/2026 của Văn phòng Trung ương Đảng",
    certainty="theo bản tóm tắt; chưa đọc toàn văn chính thức",
    in_force_from=date(2026, 5, 27),
    in_force_to=None,
    submission_salutation="Kính trình",
    recipients_separator=";",
)

LAYOUTS = {layout.code: layout for layout in (HD36_2018, HD05_2026)}
DEFAULT = HD05_2026


def layout_for(on: date) -> Layout:
    """The layout in force on the day the paper is dated."""
    for layout in LAYOUTS.values():
        if layout.in_force_from <= on and (layout.in_force_to is None or on <= layout.in_force_to):
            return layout
    first = min(layout.in_force_from for layout in LAYOUTS.values())
    raise InvalidInput(
        f"Ngày {on:%d/%m/%Y} có trước mọi thể thức đã khai báo (sớm nhất {first:%d/%m/%Y}). Kiểm tra lại ngày văn bản."
    )


def layout(code: str) -> Layout:
    """The layout of that code; raises InvalidInput with those there are."""
    if code not in LAYOUTS:
        raise InvalidInput(f"Không có thể thức “{code}”. Các thể thức dùng được: {', '.join(LAYOUTS)}.")
    return LAYOUTS[code]


def recipient_lines(recipients: tuple[str, ...], layout: Layout) -> tuple[str, ...]:
    """“- Đảng ủy;” … “- Lưu Chi bộ.”"""
    last = len(recipients) - 1
    return tuple(
        f"- {name.rstrip('.,; ')}{layout.recipients_end if index == last else layout.recipients_separator}"
        for index, name in enumerate(recipients)
    )
