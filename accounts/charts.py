"""Charts as numbers ready to draw: every coordinate is computed here, the templates only place them.

Drawn on the server so that page and paper show the same picture. Each chart has a title that states the finding,
labels at the lines and bars themselves, and the table of its numbers. Plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from accounts import wording

WIDTH = 760
LABEL_WIDTH = 110  # of "261 chi bộ" beside the last point
NARROW = 340  # the same chart drawn for a phone, where the words of the wide one would be too small
TICK_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and its words."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a line."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    dx: int = 0
    dy: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The same numbers as a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """What was done by each day against the plan; templates/components/charts/curve.html."""

    title: str
    note: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    plan: str
    actual: str
    need: str
    forecast: str
    last: Label | None
    labels: tuple[Label, ...]
    table: Table
    marks: tuple[float, ...] = ()
    """Where a line from top to bottom stands: the deadline, the day looked from."""
    narrow: Curve | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, how long it is, its words."""

    y: float
    length: float
    label: str
    value: str
    strong: bool
    text_y: float
    value_y: float
    bar_y: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with a line they must pass; templates/components/charts/bars.html."""

    title: str
    note: str
    width: int
    height: int
    threshold_x: float | None
    threshold_label: str
    threshold_anchor: str
    bars: tuple[Bar, ...]
    table: Table
    bar_height: int = 16
    narrow: Bars | None = None
    is_narrow: bool = False
    """Name, figure and bar below one another; the line crosses the bars alone, not the names."""


@dataclass(frozen=True, slots=True)
class Small:
    """One of many small bars: done of all, in thousandths of its width."""

    label: str
    done: int
    total: int
    length: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Multiples:
    """One small bar per organization, all of the same scale; templates/components/charts/multiples.html."""

    title: str
    note: str
    items: tuple[Small, ...]
    table: Table = field(default_factory=lambda: Table((), ()))


def curve(
    *,
    title: str,
    total: int,
    actual: Sequence[tuple[date, int]],
    deadline: date,
    starts_on: date | None = None,
    plan: Sequence[tuple[date, int]] = (),
    forecast: tuple[date, int] | None = None,
    as_of: date | None = None,
    as_of_word: str = "tính đến",
    note: str = "",
    unit: str = "chi bộ",
    height: int = 320,
) -> Curve:
    """Cumulative progress: `actual` by day, against `plan` (a straight line to the deadline if none is given).

    From the last known day a dotted line shows the pace that is still needed, another one where the present pace
    leads: to `forecast`, a day and the count expected then. The axis reaches the last of deadline, `as_of` and
    forecast; the first two are marked by a line of their own.
    """
    first = starts_on or min([day for day, _ in actual] + [deadline])
    first = min(first, as_of or first)

    def draw(width: int, height: int, ticks: int) -> Curve:
        return draw_curve(
            title=title,
            total=total,
            actual=sorted(actual),
            deadline=deadline,
            first=first,
            plan=plan or [(first, 0), (deadline, total)],
            forecast=forecast,
            as_of=as_of,
            as_of_word=as_of_word,
            note=note,
            unit=unit,
            width=width,
            height=height,
            ticks=ticks,
        )

    return replace(draw(WIDTH, height, 6), narrow=draw(NARROW, 280, 4))


def draw_curve(
    *,
    title: str,
    total: int,
    actual: Sequence[tuple[date, int]],
    deadline: date,
    first: date,
    plan: Sequence[tuple[date, int]],
    forecast: tuple[date, int] | None,
    as_of: date | None,
    as_of_word: str,
    note: str,
    unit: str,
    width: int,
    height: int,
    ticks: int,
) -> Curve:
    known_days = [deadline, as_of or deadline, *(day for day, _ in actual), *([forecast[0]] if forecast else [])]
    last_day = max(known_days)
    left, right, top, bottom = 44, width - 16, 52, height - 32
    days = max((last_day - first).days, 1)
    ceiling = max([total, 1] + [count for _, count in actual])

    def said(day: date) -> str:
        return f"{day.day}/{day.month}" + ("" if first.year == last_day.year else f"/{day:%y}")

    def place(day: date, count: int) -> tuple[float, float]:
        return (
            round(left + (right - left) * (day - first).days / days, 1),
            round(bottom - (bottom - top) * count / ceiling, 1),
        )

    labels = []
    last = None
    need = ""
    plan_x, plan_y = place(*plan[-1])
    words = f"hạn {said(deadline)}: {wording.number(plan[-1][1])}"
    labels.append(Label(plan_x, plan_y - 12, words, _anchor(plan_x, left, right)))
    marks = [place(deadline, 0)[0]]
    if as_of is not None:
        x = place(as_of, 0)[0]
        marks.append(x)
        labels.append(Label(x, 16, f"{as_of_word} {said(as_of)}", _anchor(x, left, right)))
    if actual:
        x, y = place(*actual[-1])
        last = beside(x, y, f"{wording.number(actual[-1][1])} {unit}", right=right, middle=(top + bottom) / 2)
        if actual[-1][1] < total and actual[-1][0] < deadline:
            need = path([place(*actual[-1]), place(deadline, total)])
    leads_to = ""
    if actual and forecast is not None and actual[-1][0] < forecast[0] <= last_day:
        leads_to = path([place(*actual[-1]), place(*forecast)])
        x, y = place(*forecast)
        labels.append(Label(x, y + 20, f"dự báo {wording.number(forecast[1])}", "end"))
    return Curve(
        title=title,
        note=note,
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        x_ticks=tuple(Tick(place(day, 0)[0], said(day)) for day in day_ticks(first, last_day, ticks)),
        y_ticks=tuple(Tick(place(first, count)[1], wording.number(count), "end") for count in count_ticks(ceiling)),
        plan=path([place(*point) for point in plan]),
        actual=path([place(*point) for point in actual]),
        need=need,
        forecast=leads_to,
        last=last,
        labels=tuple(labels),
        marks=tuple(marks),
        table=Table(("Ngày", f"Số {unit}"), tuple((wording.day(day), wording.number(count)) for day, count in actual)),
    )


def bars(
    *,
    title: str,
    items: Sequence[tuple[str, int]],
    base: int,
    threshold: int | None = None,
    threshold_label: str = "",
    strong: Sequence[bool] = (),
    note: str = "",
    unit: str = "phiếu",
    share: Callable[[int, int], str] = wording.share,
) -> Bars:
    """Votes (or any counts) per name as bars on a scale from 0 to `base`, with the line that must be reached.

    `share` says a part of the base in percent; minutes prescribe a form of their own.
    """
    given = (title, items, base, threshold, threshold_label, strong, note, unit, share)
    return replace(draw_bars(*given, width=WIDTH), narrow=draw_bars(*given, width=NARROW))


def draw_bars(
    title: str,
    items: Sequence[tuple[str, int]],
    base: int,
    threshold: int | None,
    threshold_label: str,
    strong: Sequence[bool],
    note: str,
    unit: str,
    share: Callable[[int, int], str],
    *,
    width: int,
) -> Bars:
    is_narrow = width == NARROW
    step, head = 68 if is_narrow else 48, 28 if threshold is not None else 4
    scale = width / max(base, 1)
    drawn = []
    for index, (label, count) in enumerate(items):
        y = head + index * step
        drawn.append(
            Bar(
                y=y,
                length=round(count * scale, 1),
                label=label,
                value=f"{wording.number(count)} ({share(count, base)})" if base else wording.number(count),
                strong=strong[index] if index < len(strong) else threshold is not None and count >= threshold,
                text_y=y + 15,
                value_y=y + (35 if is_narrow else 15),
                bar_y=y + (42 if is_narrow else 22),
            )
        )
    line = None if threshold is None else round(threshold * scale, 1)
    return Bars(
        title=title,
        note=note,
        width=width,
        height=head + len(items) * step,
        is_narrow=is_narrow,
        threshold_x=line,
        threshold_label=threshold_label,
        threshold_anchor="end" if line is not None and line > width / 2 else "start",
        bars=tuple(drawn),
        table=Table(
            ("Tên", f"Số {unit}", "Tỷ lệ"),
            tuple((label, wording.number(count), share(count, base) if base else "–") for label, count in items),
        ),
    )


def multiples(
    *,
    title: str,
    items: Sequence[tuple[str, int, int] | tuple[str, int, int, str]],
    note: str = "",
    unit: str = "chi bộ",
) -> Multiples:
    """One small bar each: (name, done, total[, url])."""
    small = tuple(
        Small(one[0], one[1], one[2], round(1000 * one[1] / one[2], 1) if one[2] else 0, one[3] if len(one) > 3 else "")
        for one in items
    )
    return Multiples(
        title=title,
        note=note,
        items=small,
        table=Table(
            ("Tên", "Đã xong", f"Số {unit}", "Tỷ lệ"),
            tuple(
                (one.label, wording.number(one.done), wording.number(one.total), wording.share(one.done, one.total))
                for one in small
            ),
        ),
    )


def _anchor(x: float, left: int, right: int) -> str:
    """Words at a line stand on the side where there is more room."""
    return "end" if x > (left + right) / 2 else "start"


def beside(x: float, y: float, text: str, *, right: float, middle: float) -> Label:
    """Words at a point of the line: to its right; at the edge of the picture above it, in the upper half below it."""
    if x <= right - LABEL_WIDTH:
        return Label(x, y, text, dx=10, dy=20)
    return Label(x, y, text, "end", dy=-14 if y > middle else 26)


def path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def day_ticks(first: date, last: date, wanted: int = 6) -> list[date]:
    """About `wanted` days, evenly apart, the first and the last among them."""
    days = (last - first).days
    if days <= 0:
        return [first]
    step = max(1, round(days / (wanted - 1)))
    ticks = [first + timedelta(days=offset) for offset in range(0, days, step)]
    if (last - ticks[-1]).days < step * 0.6 and len(ticks) > 1:
        ticks.pop()
    return [*ticks, last]


def count_ticks(ceiling: int, wanted: int = 4) -> list[int]:
    """Round numbers up to the ceiling."""
    step = next((size for size in TICK_STEPS if ceiling / size <= wanted + 1), TICK_STEPS[-1])
    return list(range(0, ceiling + 1, step))
