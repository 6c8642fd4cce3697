"""What templates say and show: dates and figures in Vietnamese, and the smallest components."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts import typed, wording

register = template.Library()

NUMERIC = format_html(' class="{}"', "numeric")
SHAPES = frozenset({"done", "now", "wait", "late", "stopped", "sealed", "todo"})
NOTICE_SHAPES = {"success": "done", "info": "now", "warning": "wait", "error": "late", "debug": "todo"}


def local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.simple_tag(takes_context=True)
def typed_by(context: dict[str, Any]) -> str:
    """A hidden field that says who types: what is sent after the session has ended waits for this person alone."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return format_html('<input type="hidden" name="{}" value="{}">', typed.TYPIST, typed.mark_of(user))


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
def working_days_phrase(left: Any) -> str:
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
def at_field(error: object, field: BoundField) -> str:
    """The message beside the field; Django's own for an empty one says of which it speaks, and whether to choose."""
    text, widget = str(error), field.field.widget
    if text != str(forms.Field.default_error_messages["required"]) or not field.label:
        return text
    chooses = isinstance(widget, forms.Select | forms.RadioSelect | forms.FileInput)
    verb = "chọn" if chooses else "đánh dấu" if isinstance(widget, forms.CheckboxInput) else "ghi"
    return f"Chưa {verb} “{field.label}”."


@register.filter
def in_summary(error: object, field: BoundField) -> str:
    """The message above the form: it names the field unless its words do."""
    text, label = at_field(error, field), str(field.label or "")
    return text if not label or label.casefold() in text.casefold() else f"{label}: {text}"


@register.filter
def notice_shape(level_tag: str) -> str:
    """The shape of one of Django's messages, by its level."""
    return NOTICE_SHAPES.get(level_tag, "now")


@register.simple_tag
@cache
def icon(name: str, small: bool = False) -> SafeString:
    """One sign of static/ui/icons.svg; decorative, so a word always stands beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " icon-s" if small else "",
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag
def badge(label: object, tone: str = "todo") -> SafeString:
    """A state as word + shape + colour; tone: done, now, wait, late, stopped, sealed, todo."""
    shape = tone if tone in SHAPES else "todo"
    return format_html('<span class="badge-state is-{}">{}{}</span>', shape, icon(shape, True), label)


@register.simple_tag
def due(when: date | None, left: Any = None) -> SafeString:
    """A deadline in words, with its date; `left` in working days, None when it no longer counts."""
    if left in (None, ""):  # a key that a template cannot find arrives as an empty text
        return format_html('<span class="due">{}</span>', on_day(when)) if when else ""
    left = int(left)
    kind, shape = (" due-late", "late") if left < 0 else (" due-today", "wait") if left == 0 else ("", "")
    return format_html(
        '<span class="due{}"><span class="due-words">{}{}</span> {}</span>',
        kind,
        format_html("{} ", icon(shape, True)) if shape else "",
        wording.working_days(left),
        on_day(when) if when else "",
    )


def on_day(when: date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), wording.day(local(when)))


@register.simple_tag
def cell(value: Any) -> SafeString | str:
    """The inside of a table cell: a value, or {text, url, badge, tone, note, due, left}."""
    if value is None:
        return "–"
    if not isinstance(value, dict):
        return str(value)
    if value.get("badge"):
        shown = badge(value["badge"], value.get("tone", "todo"))
    elif value.get("due"):
        shown = due(value["due"], value.get("left"))
    elif value.get("url"):
        shown = format_html('<a href="{}">{}</a>', value["url"], value["text"])
    else:
        shown = format_html("{}", value.get("text", "–"))
    return format_html('{} <span class="muted">{}</span>', shown, value["note"]) if value.get("note") else shown


@register.simple_tag(takes_context=True)
def uid(context: template.Context, stem: str) -> str:
    """An element id not yet used on this page: stem-1, stem-2 … in the order of rendering."""
    request = context.get("request")
    holder: Any = request.__dict__ if request is not None else context.render_context
    used = int(holder.get("_ui_ids") or 0) + 1
    holder["_ui_ids"] = used
    return f"{stem}-{used}"


@register.simple_tag
def row_cells(row: Any, columns: Any) -> SafeString:
    """The cells of one table row; in Python, because a list of 261 branches has more than a thousand of them."""
    name, *values = row["cells"]
    label, note = (name["text"], name.get("note")) if isinstance(name, dict) else (name, None)
    head = format_html('<a class="row-link" href="{}">{}</a>', row["url"], label) if row.get("url") else label
    beside = format_html(' <span class="muted">{}</span>', note) if note else ""
    cells = format_html_join(
        "",
        '<td data-label="{}"{}><span>{}</span></td>',
        (
            (column["label"], NUMERIC if column.get("numeric") else "", cell(value))
            for column, value in zip(columns[1:], values, strict=False)
        ),
    )
    return format_html('<th scope="row">{}{}</th>{}', head, beside, cells)


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


@register.simple_tag
def gap_url(gap: Any) -> str:
    """Where a gap is closed: the address of its `url_name`; empty when the page has no address."""
    try:
        return reverse(gap.url_name, kwargs=gap.kwargs)
    except NoReverseMatch:
        return ""
