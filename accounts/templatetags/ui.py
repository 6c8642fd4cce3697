"""What templates say and show: dates and figures in Vietnamese, and the smallest components."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from accounts import wording

register = template.Library()

SHAPES = {
    "done": "done",
    "now": "now",
    "wait": "wait",
    "late": "late",
    "stopped": "stopped",
    "sealed": "sealed",
    "todo": "todo",
}
NOTICE_SHAPES = {"success": "done", "info": "now", "warning": "wait", "error": "late", "debug": "todo"}


def local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """29/6/2022."""
    return wording.day(local(value)) if value else ""


@register.filter
def vn_day(value: date | datetime | None) -> str:
    """thứ tư, ngày 29/6/2022."""
    return wording.day_in_full(local(value)) if value else ""


@register.filter
def vn_half_day(value: datetime | None) -> str:
    """chiều 29/6/2022."""
    return wording.half_day(local(value)) if value else ""  # type: ignore[arg-type]  # a datetime stays one


@register.filter
def vn_moment(value: datetime | None) -> str:
    """14:05 ngày 29/6/2022."""
    return wording.moment(local(value)) if value else ""  # type: ignore[arg-type]  # a datetime stays one


@register.filter
def working_days_phrase(left: int | None) -> str:
    """còn 3 ngày làm việc · hạn hôm nay · quá hạn 2 ngày làm việc."""
    return "" if left in (None, "") else wording.working_days(int(left))


@register.filter
def vn_number(value: Any, places: int | None = None) -> str:
    """1.234,5."""
    return "" if value in (None, "") else wording.number(value, places)


@register.filter
def percent(value: Any) -> str:
    """18.18 becomes 18,18 %."""
    return "" if value in (None, "") else wording.percent(value)


@register.filter
def percent_of(part: int, whole: int) -> str:
    """{{ votes|percent_of:base }} gives 83,33 %."""
    return wording.share(part, whole)


@register.filter
def initials(full_name: object) -> str:
    return wording.initials(str(full_name or ""))


@register.filter
def notice_shape(level_tag: str) -> str:
    """The shape of one of Django's messages, by its level."""
    return NOTICE_SHAPES.get(level_tag, "now")


@register.inclusion_tag("components/icon.html")
def icon(name: str, small: bool = False) -> dict[str, Any]:
    """One sign of static/ui/icons.svg; decorative, so a word always stands beside it."""
    return {"name": name, "small": small}


@register.inclusion_tag("components/badge.html")
def badge(label: object, tone: str = "todo") -> dict[str, Any]:
    """A state as word + shape + colour; tone: done, now, wait, late, stopped, sealed, todo."""
    return {"label": label, "tone": tone, "shape": SHAPES.get(tone, "todo")}


@register.inclusion_tag("components/due.html")
def due(when: date | None, left: int | None = None) -> dict[str, Any]:
    """A deadline in words, with its date; `left` in working days, None when it no longer counts."""
    # a key that a template cannot find arrives as an empty text
    return {"when": when or None, "left": None if left in (None, "") else left}


@register.simple_tag(takes_context=True)
def uid(context: template.Context, stem: str) -> str:
    """An element id not yet used on this page: stem-1, stem-2 … in the order of rendering."""
    request = context.get("request")
    holder = request.__dict__ if request is not None else context.render_context
    holder["_ui_ids"] = holder.get("_ui_ids", 0) + 1
    return f"{stem}-{holder['_ui_ids']}"


@register.filter
def nth(items: Any, index: int) -> Any:
    """The item at `index`, nothing beyond the end: a row may have more cells than named columns."""
    return items[index] if items is not None and index < len(items) else None


@register.filter
def figure(value: Any) -> str:
    """A whole number with points between thousands; text as it is."""
    return wording.number(value) if isinstance(value, int) else str(value)


@register.filter
def page_range(page: Any) -> Any:
    """The page numbers worth showing around this page, with … for the rest."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
