"""Regulation texts as dated rows: what each says about which rule, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

READ = frozenset({"C1", "C2", "C3"})  # pages were read; INF, MEM and U-xx were not settled by reading
DERIVED = READ | {"INF"}
UNVERIFIED = "chưa kiểm chứng"

Value = int | str | bool | None | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or choice a regulation sets, and how sure that is.

    ``one_of`` are the words a choice may take.
    """

    value: Value
    certainty: str
    note: str = ""
    one_of: tuple[str, ...] = ()

    @property
    def doubt(self) -> str:
        """What to look up: the number of the unsettled point, "MEM" for what was recalled, "" for neither."""
        return "" if self.certainty in DERIVED else self.certainty


@dataclass(frozen=True, slots=True)
class Text:
    """One regulation: ``articles`` maps a rule id to (place in the text, certainty)."""

    kind: str
    code: str
    title: str
    effective_from: date
    certainty: str
    articles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    note: str = ""
    doubtful_from: date | None = None
    doubt: str = ""

    def cite(self, rule: str) -> str:
        """ "Quyết định …, Điều 30 khoản 2", with "(chưa kiểm chứng)" when it rests on memory."""
        place, certainty = self.articles[rule]
        where = f"{self.title}, {place}" if place else self.title
        return where if self.has_read(rule) else f"{where} ({UNVERIFIED})"

    def has_read(self, rule: str) -> bool:
        """Whether the place was read or derived from what was read, not recalled or unsettled."""
        return rule in self.articles and self.articles[rule][1] in DERIVED


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts, and the parameters that hold unless a text sets its own."""

    rows: tuple[Text, ...]
    parameters: Mapping[str, Parameter]

    def of_kind(self, kind: str) -> tuple[Text, ...]:
        return tuple(row for row in self.rows if row.kind == kind)

    def latest(self, kind: str, on: date) -> Text | None:
        """The text of this kind in force on the day: the one with the latest day of effect not after it."""
        begun = [row for row in self.of_kind(kind) if row.effective_from <= on]
        return max(begun, key=lambda row: row.effective_from, default=None)


def _value(raw: Any) -> Value:
    return (int(raw[0]), int(raw[1])) if isinstance(raw, list) else raw


def parameters_from(data: Mapping[str, Any]) -> dict[str, Parameter]:
    return {
        name: Parameter(_value(row["value"]), row["certainty"], row.get("note", ""), tuple(row.get("one_of", ())))
        for name, row in data.items()
    }


def text_from(row: Mapping[str, Any]) -> Text:
    doubtful_from = row.get("doubtful_from")
    return Text(
        kind=row["kind"],
        code=row["code"],
        title=row["title"],
        effective_from=date.fromisoformat(row["effective_from"]),
        certainty=row["certainty"],
        articles={rule: (place, certainty) for rule, (place, certainty) in row["articles"].items()},
        parameters=parameters_from(row.get("parameters", {})),
        note=row.get("note", ""),
        doubtful_from=date.fromisoformat(doubtful_from) if doubtful_from else None,
        doubt=row.get("doubt", ""),
    )


def texts_from(data: Mapping[str, Any]) -> Texts:
    return Texts(tuple(text_from(row) for row in data["documents"]), parameters_from(data["parameters"]))


def read_texts(path: Path) -> Texts:
    return texts_from(json.loads(path.read_text(encoding="utf-8")))
