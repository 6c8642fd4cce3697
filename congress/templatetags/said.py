"""Sentences as people read them: of a committee meeting, of a đảng bộ, and without the codes of our rulebook."""

from __future__ import annotations

import re

from django import template

from congress.models import Congress

register = template.Library()
CODES = re.compile(r"\s*\((?:[EU]-\d+[a-z]*(?:, )?)+\)")
"""Codes of rules and of open points in brackets; they belong to the reasoning, where somebody looks them up."""


@register.filter
def said_of(text: str, congress: Congress) -> str:
    """``{{ "Đại hội chưa khai mạc."|said_of:congress }}``."""
    return congress.said(text)


@register.filter
def without_codes(text: str) -> str:
    """ "Chưa kiểm chứng (U-13)." → "Chưa kiểm chứng."."""
    return CODES.sub("", text)
