"""Sentences as people read them: of a committee meeting, of a đảng bộ, and without the codes of our rulebook."""

from __future__ import annotations

from django import template

from congress.models import Congress
from congress.rules.display import without_codes

register = template.Library()
register.filter("without_codes", without_codes)


@register.filter
def said_of(text: str, congress: Congress) -> str:
    """``{{ "Đại hội chưa khai mạc."|said_of:congress }}``."""
    return congress.said(text)


@register.filter
def at_meeting(text: str, congress: Congress | None) -> str:
    """A sentence of the rules, which speak of a congress, as it reads where a committee meets."""
    return congress.said(text) if congress and congress.is_meeting else text


CERTAINTY = {"announced": "đã công bố", "projected": "dự kiến", "unverified": "chưa kiểm chứng"}
"""How sure a shipped day off is; what people enter carries their own words."""


@register.filter
def said_source(source: str) -> str:
    """The source of a day off in Vietnamese."""
    return CERTAINTY.get(source, source)
