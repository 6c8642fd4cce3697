"""Public holidays as dated rows with their certainty; the shipped table covers 2019–2027."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("holidays.json")


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off: ``certainty`` is "announced", "unverified" or "projected"."""

    on: date
    name: str
    certainty: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """Days off, days worked in exchange, and the years the table speaks for."""

    first_year: int
    last_year: int
    days_off: tuple[Holiday, ...]
    made_up: frozenset[date]

    def covers(self, day: date) -> bool:
        """Outside these years only Saturdays and Sundays are known, and a deadline must say so."""
        return self.first_year <= day.year <= self.last_year

    def is_certain(self, start: date, end: date) -> bool:
        """Whether every day off between the two (both included) was announced and the years are covered."""
        doubtful = any(start <= day.on <= end and day.certainty != "announced" for day in self.days_off)
        return self.covers(start) and self.covers(end) and not doubtful


def from_data(data: Mapping[str, Any]) -> HolidayTable:
    return HolidayTable(
        first_year=data["first_year"],
        last_year=data["last_year"],
        days_off=tuple(
            Holiday(date.fromisoformat(row["on"]), row["name"], row["certainty"], row.get("note", ""))
            for row in data["days_off"]
        ),
        made_up=frozenset(date.fromisoformat(row["on"]) for row in data["worked_instead"]),
    )


@cache
def shipped() -> HolidayTable:
    return from_data(json.loads(SHIPPED.read_text(encoding="utf-8")))
