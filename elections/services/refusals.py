"""Findings as refusals: what is wrong, by the letter of the sheet where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def by_letter(findings: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Letter on the sheet ("" for the whole) → what is wrong there and who does what next."""
    found: dict[str, list[str]] = {}
    for one in findings:
        found.setdefault(one["field"], []).append(" ".join(filter(None, (one["message"], one.get("next", "")))))
    return found
