"""Presets of a plan: the settings and lead times of real rounds, each with its source, as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("presets.json")
SETTINGS = ("duration", "contents", "has_preliminary", "organising", "personnel_steps", "merges_review")
"""What a plan may set besides its days; not set means as the plan above says."""


@dataclass(frozen=True, slots=True)
class Preset:
    """``settings``: only what the source says; ``lead_times``: station → working days from its anchor."""

    key: str
    name: str
    source: str
    term_label: str
    subject: str
    settings: Mapping[str, Any]
    lead_times: Mapping[str, int]
    assumed: tuple[str, ...] = ()


@cache
def presets() -> tuple[Preset, ...]:
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))["presets"]
    return tuple(Preset(**(row | {"assumed": tuple(row.get("assumed", ()))})) for row in rows)


def preset(key: str) -> Preset | None:
    return next((one for one in presets() if one.key == key), None)
