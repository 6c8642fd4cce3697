"""What can be said of a plan's term and deadlines before anyone else reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

TERM = re.compile(r"(\d{4})-(\d{4})")
ORDER = ("papers", "clearance", "window_closes", "ratification", "dossier")
LABELS = {
    "papers": "trình dự thảo văn kiện",
    "clearance": "trình duyệt đại hội",
    "window_opens": "đại hội sớm nhất",
    "window_closes": "đại hội chậm nhất",
    "ratification": "báo cáo và chuẩn y chậm nhất",
    "dossier": "hoàn tất hồ sơ",
}


def check_term(term_label: str) -> dict[str, list[str]]:
    """E-05 — A term is written "2022-2025"; its length is data (2,5 or 5 years), never derived."""
    match = TERM.fullmatch(term_label.strip())
    if match is None:
        return {"term_label": ["Ghi nhiệm kỳ bằng hai năm cách nhau dấu gạch nối, ví dụ “2025-2027”."]}
    first, last = (int(year) for year in match.groups())
    if not 1 <= last - first <= 6:
        return {"term_label": [f"Nhiệm kỳ {first}-{last} không hợp lý: năm cuối phải sau năm đầu từ 1 đến 6 năm."]}
    return {}


def check_deadlines(deadlines: Mapping[str, date]) -> dict[str, list[str]]:
    """Deadlines fall in the order of the work; keys that are not given are not compared."""
    problems: dict[str, list[str]] = {}
    given = [kind for kind in ORDER if kind in deadlines]
    for earlier, later in zip(given, given[1:], strict=False):
        if deadlines[later] < deadlines[earlier]:
            problems.setdefault(later, []).append(
                f"Hạn {LABELS[later]} ({_shown(deadlines[later])}) không thể trước hạn {LABELS[earlier]} "
                f"({_shown(deadlines[earlier])})."
            )
    opens, closes = deadlines.get("window_opens"), deadlines.get("window_closes")
    if opens and closes and closes < opens:
        problems.setdefault("window_closes", []).append(
            f"Ngày đại hội chậm nhất ({_shown(closes)}) không thể trước ngày sớm nhất ({_shown(opens)})."
        )
    return problems


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
