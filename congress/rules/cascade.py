"""A plan tightens the deadlines of the plan it carries out and never loosens them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from congress.rules.terms import LABELS

OPENS, CLOSES = "window_opens", "window_closes"


@dataclass(frozen=True, slots=True)
class Bound:
    """A day that a higher plan has set, with the name of that plan ("Kế hoạch số 44-KH/ĐUK")."""

    due_on: date
    plan: str


def looser(days: Mapping[str, date], higher: Mapping[str, Bound], *, plan: str) -> dict[str, str]:
    """Kind → the sentence that ``plan`` sets this day later than the higher plan allows, or outside its window.

    Days that ``plan`` does not set are inherited and so cannot be looser; a kind without a higher day is free.
    """
    found = {}
    for kind, day in days.items():
        sentence = _outside_window(kind, day, higher, plan) or _later(kind, day, higher, plan)
        if sentence:
            found[kind] = sentence
    return found


def _later(kind: str, day: date, higher: Mapping[str, Bound], plan: str) -> str:
    bound = higher.get(kind)
    if kind == OPENS or bound is None or day <= bound.due_on:
        return ""
    return (
        f"Hạn {LABELS[kind]} {_shown(day)} của {plan} muộn hơn hạn {_shown(bound.due_on)} của {bound.plan}. "
        "Cấp dưới chỉ được đặt hạn sớm hơn hoặc bằng."
    )


def _outside_window(kind: str, day: date, higher: Mapping[str, Bound], plan: str) -> str:
    if kind not in (OPENS, CLOSES):
        return ""
    opens, closes = higher.get(OPENS), higher.get(CLOSES)
    if opens is not None and day < opens.due_on:
        return (
            f"Ngày {LABELS[kind]} {_shown(day)} của {plan} trước ngày sớm nhất {_shown(opens.due_on)} "
            f"của {opens.plan}. Chọn ngày trong khoảng cấp trên cho phép."
        )
    if closes is not None and day > closes.due_on:
        return (
            f"Ngày {LABELS[kind]} {_shown(day)} của {plan} sau ngày chậm nhất {_shown(closes.due_on)} "
            f"của {closes.plan}. Chọn ngày trong khoảng cấp trên cho phép."
        )
    return ""


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
