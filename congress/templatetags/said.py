"""``{{ "Đại hội chưa khai mạc."|said_of:congress }}``: as it reads for a committee meeting, for a đảng bộ."""

from __future__ import annotations

from django import template

from congress.models import Congress

register = template.Library()


@register.filter
def said_of(text: str, congress: Congress) -> str:
    return congress.said(text)
