"""A curve as a PNG, for files that hold no SVG: the coordinates are those of the page."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from accounts.charts import Curve

FONTS = Path(__file__).resolve().parent.parent / "static" / "print" / "fonts"
SCALE = 3
INK, GREY, LIGHT = "#000000", "#555555", "#bbbbbb"


def png_of(chart: Curve) -> bytes:
    """Three dots to each unit of the chart; the same chart gives the same bytes."""
    image = Image.new("RGB", (chart.width * SCALE, chart.height * SCALE), "white")
    draw = ImageDraw.Draw(image)
    plain = ImageFont.truetype(FONTS / "Tinos_400Regular.ttf", 16 * SCALE)
    bold = ImageFont.truetype(FONTS / "Tinos_700Bold.ttf", 16 * SCALE)
    for tick in chart.y_ticks:
        draw.line(_scaled([(chart.left, tick.at), (chart.right, tick.at)]), fill=LIGHT, width=2)
        draw.text(_at(36, tick.at), tick.label, fill=INK, font=plain, anchor="rm")
    for tick in chart.x_ticks:
        draw.text(_at(tick.at, chart.height - 8), tick.label, fill=INK, font=plain, anchor="ms")
    draw.line(_scaled([(chart.left, chart.bottom), (chart.right, chart.bottom)]), fill=GREY, width=3)
    for number, x in enumerate(chart.marks):
        colour, top = (INK, chart.top - 8) if number == 0 else (GREY, 22)
        draw.line(_scaled([(x, top), (x, chart.bottom)]), fill=colour, width=4)
    lines = ((chart.plan, GREY, 4), (chart.need, LIGHT, 4), (chart.forecast, GREY, 4), (chart.actual, INK, 9))
    for points, colour, width in lines:
        if len(line := _points(points)) > 1:
            draw.line(_scaled(line), fill=colour, width=width, joint="curve")
    for label in chart.labels:
        anchor = "rs" if label.anchor == "end" else "ls"
        draw.text(_at(label.x + label.dx, label.y + label.dy), label.text, fill=INK, font=plain, anchor=anchor)
    if chart.last:
        x, y = chart.last.x, chart.last.y
        draw.ellipse([_at(x - 5, y - 5), _at(x + 5, y + 5)], fill=INK)
        anchor = "rs" if chart.last.anchor == "end" else "ls"
        draw.text(_at(x + chart.last.dx, y + chart.last.dy), chart.last.text, fill=INK, font=bold, anchor=anchor)
    kept = io.BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _at(x: float, y: float) -> tuple[float, float]:
    return x * SCALE, y * SCALE


def _scaled(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [_at(x, y) for x, y in points]


def _points(text: str) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]
