"""Which of the two ballot papers a slate calls for."""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    STRIKE_OUT = "strike_out"
    AGREE_DISAGREE = "agree_disagree"


LAYOUT_LABELS = {
    Layout.STRIKE_OUT: "phiếu có số dư: gạch tên người không bầu",
    Layout.AGREE_DISAGREE: "phiếu không có số dư: đánh dấu đồng ý hoặc không đồng ý",
}


def layout_for(names: int, seats: int) -> Layout | None:
    """E-63h — More names than seats: strike-out; as many names as seats: agree/disagree; fewer: no paper.

    Follows from E-44 and E-45.
    """
    if seats < 1 or names < seats:
        return None
    return strike_out(names, seats) or agree_disagree(names, seats)


def strike_out(names: int, seats: int) -> Layout | None:
    """E-44 — With surplus, the voter strikes through the full name of whoever is not voted for.

    Quyết định 190-QĐ/TW, Điều 15 (244-QĐ/TW, Điều 17 khoản 1).
    """
    return Layout.STRIKE_OUT if names > seats else None


def agree_disagree(names: int, seats: int) -> Layout | None:
    """E-45 — Without surplus, a single name included: one cross per name under agree or disagree.

    Quyết định 190-QĐ/TW, Điều 15 và Điều 30 khoản 1 (244-QĐ/TW, Điều 17 khoản 1).
    """
    return Layout.AGREE_DISAGREE if names == seats else None
