"""A Gantt picture as numbers ready to draw, in the manner of ``accounts.charts``: the template only places them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts import wording
from accounts.charts import NARROW, WIDTH, Table, Tick, day_ticks

LONGEST_LABEL = {WIDTH: 34, NARROW: 40}
LETTER = 8
"""About how wide a letter of the words above the picture is."""
UNDER = 17
"""Height of a second line below the labels."""
MARGIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Span:
    """One line to draw: from when to when, what the end is called. ``tone``: done, late, now, todo.

    ``url``: where the end is changed ("" when it is not); ``marks``: further days of the line with their words.
    ``under``: a second line below the label, for labels that repeat.
    """

    label: str
    starts_on: date
    ends_on: date
    tone: str
    url: str = ""
    href: str = ""
    marks: tuple[tuple[date, str], ...] = ()
    under: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A span in its place."""

    label: str
    full_label: str
    tone: str
    x: float
    length: float
    end_x: float
    bar_y: float
    middle: float
    text_y: float
    day: str
    words: str
    url: str
    href: str
    marks: tuple[Tick, ...]
    under: str
    under_y: float


@dataclass(frozen=True, slots=True)
class CrossLine:
    """A day that crosses the picture; ``label_y``: words that would lie over each other stand one above the other."""

    at: float
    label: str
    anchor: str
    label_y: int


@dataclass(frozen=True, slots=True)
class Gantt:
    """templates/components/charts/gantt.html."""

    title: str
    note: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    first_day: str
    per_day: float
    x_ticks: tuple[Tick, ...]
    lines: tuple[CrossLine, ...]
    band: tuple[float, float] | None
    rows: tuple[Row, ...]
    table: Table
    bar_height: int = 12
    narrow: Gantt | None = None

    @property
    def band_height(self) -> int:
        return self.bottom - self.top


def gantt(
    *,
    title: str,
    spans: Sequence[Span],
    lines: Sequence[tuple[date, str]] = (),
    window: tuple[date, date] | None = None,
    table: Table,
    note: str = "",
) -> Gantt | None:
    """The picture for pages and, narrower, for phones; None when nothing has a day yet.

    ``lines``: days that cross the whole picture (today, the congress); ``window``: the days a plan allows.
    """
    if not spans:
        return None
    wide = _drawn(title, spans, lines, window, table, note, width=WIDTH)
    return replace(wide, narrow=_drawn(title, spans, lines, window, table, note, width=NARROW))


def _drawn(
    title: str,
    spans: Sequence[Span],
    lines: Sequence[tuple[date, str]],
    window: tuple[date, date] | None,
    table: Table,
    note: str,
    *,
    width: int,
) -> Gantt:
    is_wide = width == WIDTH
    ends = [day for one in spans for day in (one.starts_on, one.ends_on, *(day for day, _ in one.marks))]
    first, last = min(ends) - MARGIN, max(ends) + MARGIN
    left, right = (280 if is_wide else 4), width - 12
    step = (28 if is_wide else 40) + (UNDER if any(one.under for one in spans) else 0)
    per_day = (right - left) / max((last - first).days, 1)

    def at(day: date) -> float:
        return round(left + per_day * (min(max(day, first), last) - first).days, 1)

    crossing = _crossing([(at(day), label) for day, label in lines if first <= day <= last], (left + right) / 2)
    top = max((one.label_y for one in crossing), default=-4) + 12
    bottom = top + step * len(spans)
    rows = tuple(
        _row(one, top + step * number, step, at, LONGEST_LABEL[width], is_wide) for number, one in enumerate(spans)
    )
    return Gantt(
        title=title,
        note=note,
        width=width,
        height=bottom + 30,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        first_day=first.isoformat(),
        per_day=round(per_day, 4),
        x_ticks=tuple(Tick(at(day), f"{day.day}/{day.month}") for day in day_ticks(first, last, 6 if is_wide else 4)),
        lines=crossing,
        band=(at(window[0]), round(at(window[1]) - at(window[0]), 1)) if window and window[1] >= window[0] else None,
        rows=rows,
        table=table,
    )


def _crossing(lines: Sequence[tuple[float, str]], middle: float) -> tuple[CrossLine, ...]:
    """Words stand on the side with more room; those that would touch get a line of their own."""
    found: list[CrossLine] = []
    taken: list[tuple[float, float, int]] = []
    for x, label in sorted(lines):
        anchor = "end" if x > middle else "start"
        length = LETTER * len(label) + 8
        begin, end = (x - length, x) if anchor == "end" else (x, x + length)
        used = {level for first, last, level in taken if first < end and begin < last}
        level = next((one for one in range(len(taken) + 1) if one not in used), 0)
        taken.append((begin, end, level))
        found.append(CrossLine(x, label, anchor, 12 + 15 * level))
    return tuple(found)


def _row(one: Span, y: float, step: int, at: Callable[[date], float], longest: int, is_wide: bool) -> Row:
    start, end = at(min(one.starts_on, one.ends_on)), at(one.ends_on)
    below = UNDER if one.under else 0
    bar_y = y + ((8 + below / 2) if is_wide else 20 + below)
    return Row(
        label=shortened(one.label, longest),
        full_label=f"{one.label}, {one.under}" if one.under else one.label,
        tone=one.tone,
        x=start,
        length=max(round(end - start, 1), 3),
        end_x=end,
        bar_y=bar_y,
        middle=bar_y + 6,
        text_y=y + (18 if is_wide and not below else 15),
        day=one.ends_on.isoformat(),
        words=wording.day(one.ends_on),
        url=one.url,
        href=one.href,
        marks=tuple(Tick(at(day), label) for day, label in one.marks),
        under=shortened(one.under, longest + longest // 8),
        under_y=y + 15 + UNDER,
    )


def shortened(text: str, longest: int) -> str:
    """Cut at a word, with an ellipsis; whole when it fits."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0] + "…"
