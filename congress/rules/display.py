"""The one place where a share becomes a percentage, for people to read and never to compare."""

from __future__ import annotations

import re


def percent(votes: int, base: int) -> str:
    """E-59 — Rate in the minutes against the base of the result: "53,85 %", two decimals, half up.

    The regulations prescribe no number of decimals; minutes also show the plain fraction ``votes/base``.
    """
    if base <= 0:
        raise ValueError(f"a percentage needs a positive base, got {base}")
    if votes < 0:
        raise ValueError(f"{votes} votes cannot be")
    hundredths = (votes * 20_000 + base) // (2 * base)
    return f"{hundredths // 100},{hundredths % 100:02d} %"


CODES = re.compile(r"\s*\((?:[EU]-\d+[a-z]*(?:, )?)+\)")


def without_codes(text: str) -> str:
    """ "Chưa kiểm chứng (U-13)." → "Chưa kiểm chứng.": codes of rules and open points belong to the reasoning."""
    return CODES.sub("", text)
