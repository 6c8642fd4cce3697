"""Findings as refusals: what is wrong, by the letter of the sheet where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from congress.rules.display import without_codes


def by_letter(findings: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Letter on the sheet ("" for the whole) → what is wrong there; who does what next is said once, at the last."""
    found: dict[str, list[str]] = {}
    told = list(findings)
    for number, one in enumerate(told):
        message, following = without_codes(one["message"]), one.get("next", "")
        is_said_later = any(later.get("next") == following for later in told[number + 1 :])
        found.setdefault(one["field"], []).append(
            message if is_said_later else " ".join(filter(None, (message, following)))
        )
    return found
