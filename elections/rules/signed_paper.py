"""Six figures read off the signed minutes by a second pair of eyes, and where they differ from the sealed result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEY_FIGURES: Mapping[str, str] = {
    "issued": "số phiếu phát ra",
    "returned": "số phiếu thu về",
    "valid": "số phiếu hợp lệ",
    "invalid": "số phiếu không hợp lệ",
    "most": "số phiếu của đồng chí được nhiều phiếu nhất",
    "elected": "số đồng chí trúng cử",
}
"""E-60 — Name → as the minutes say it. Each stands on every F-10, whether or not somebody was elected, and a slip in
the ballots, in the column of votes or in the conclusion shows in one of them."""


def key_figures(result: Mapping[str, Any]) -> dict[str, int]:
    """E-60 — The six of a stored result."""
    votes = [one["agree"] if isinstance(one, Mapping) else one for one in result["votes"].values()]
    ballots = {name: int(result["ballots"][name]) for name in ("issued", "returned", "valid", "invalid")}
    return {**ballots, "most": max(votes, default=0), "elected": len(result["elected"])}


def differing_figures(read: Mapping[str, int], result: Mapping[str, Any]) -> tuple[str, ...]:
    """E-60 — Names of those read otherwise than sealed, in the order of the paper; empty when all six agree."""
    sealed = key_figures(result)
    return tuple(name for name in KEY_FIGURES if read.get(name) != sealed[name])
