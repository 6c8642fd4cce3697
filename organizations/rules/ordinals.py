"""Which number ("lần thứ …") the next congress of an organization bears (HD 06-HD/TW 09/6/2025)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LONGEST_TERM = 5
"""Years. Whoever was founded longer ago must have met before, whether or not it was written down here."""
CARRIES = {"split": True, "merge": True, "consolidate": True}
"""HD 06: the congresses of the earlier organizations are counted on after a split, a merger, a consolidation."""
WAYS = {"split": "chia tách từ", "merge": "sáp nhập", "consolidate": "hợp nhất từ"}


@dataclass(frozen=True, slots=True)
class Origin:
    """An organization from which another came, or that was merged into it, and what it had held by that day.

    ``carries``: what a person decided for this succession; None where nobody has.
    """

    name: str
    kind: str
    count: int | None
    carries: bool | None = None

    @property
    def counts_on(self) -> bool:
        return CARRIES.get(self.kind, True) if self.carries is None else self.carries


@dataclass(frozen=True, slots=True)
class Body:
    """What is known of an organization: the congresses it held up to some day, and those since.

    ``before`` covers where it came from; merges in ``origins`` are counted besides. ``why_before``: how it is known.
    """

    name: str
    before: int | None = None
    why_before: str = ""
    held: int = 0
    founded_on: date | None = None
    origins: Sequence[Origin] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """``number`` None: unknown, the years of the term are written instead. ``reasons``: how it was found."""

    number: int | None
    reasons: tuple[str, ...]


def held_by(body: Body, *, on: date) -> tuple[int | None, tuple[str, ...]]:
    """How many congresses count for it on that day (None: unknown), and why.

    Organizations that existed side by side are both counted unless a person decides that one is not.
    """
    reasons: list[str] = []
    start = _start(body, on=on, reasons=reasons)
    merged = [_carried(one, reasons) for one in body.origins if one.kind == "merge"]
    if body.held:
        reasons.append(f"{body.held} kỳ đại hội{' sau đó' if body.before is not None else ''} đã ghi trên hệ thống.")
    parts = [start, *merged]
    known = [part for part in parts if part is not None]
    return (sum(known) + body.held if len(known) == len(parts) else None), tuple(reasons)


def next_ordinal(body: Body, *, on: date) -> Proposal:
    """HD 06-HD/TW — Counting goes on through splits, mergers and consolidations; a newly founded one begins at I."""
    count, reasons = held_by(body, on=on)
    if count is None:
        return Proposal(None, (*reasons, "Chưa rõ số thứ tự thì ghi năm của nhiệm kỳ (HD 36, mục 1.2.1a)."))
    return Proposal(count + 1, reasons)


def _start(body: Body, *, on: date, reasons: list[str]) -> int | None:
    if body.before is not None:
        reasons.append(body.why_before or f"{body.before} kỳ đại hội trước khi ghi trên hệ thống.")
        return body.before
    first = [one for one in body.origins if one.kind != "merge"]
    if first:
        parts = [_carried(one, reasons) for one in first]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None
    if body.founded_on is not None and on < _years_after(body.founded_on, LONGEST_TERM):
        reasons.append(f"Thành lập mới ngày {body.founded_on:%d/%m/%Y} nên tính từ đại hội lần thứ nhất.")
        return 0
    reasons.append(f"Chưa ghi số kỳ đại hội {body.name} đã qua.")
    return None


def _carried(origin: Origin, reasons: list[str]) -> int | None:
    way = f"{WAYS.get(origin.kind, 'từ')} {origin.name}"
    if not origin.counts_on:
        reasons.append(f"Không tính tiếp từ {origin.name} theo quyết định khi ghi việc tổ chức.")
        return 0
    if origin.count is None:
        reasons.append(f"Tính tiếp khi {way}, nhưng chưa rõ {origin.name} đã qua mấy kỳ đại hội.")
        return None
    reasons.append(f"Tính tiếp {origin.count} kỳ đại hội khi {way}.")
    return origin.count


def _years_after(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)
