"""What a workbook brought: every row with its outcome, told for a page, for a command and as a file to mend."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts import wording
from accounts.errors import InvalidInput
from accounts.sheets import Column, Sheet, write_workbook
from organizations.importing.cells import shown
from organizations.importing.columns import Dictionary
from organizations.importing.comparing import Judged, Known, Outcome, counts
from organizations.importing.rows import SKIPPED_LABELS, Found

SHOWN_ROWS, SHOWN_QUESTIONS, SHOWN_REFUSED, SHOWN_CHANGES, SHOWN_LEFT = 20, 200, 200, 100, 100
NO_HEADER = (
    "Không tìm thấy dòng tiêu đề trong tệp. Trong 30 dòng đầu của trang phải có một dòng ghi tên các cột, "
    "ít nhất là {needed}. Sửa tệp rồi tải lại."
)

Words = Callable[[str, Any], str]


@dataclass(slots=True)
class Examination:
    """All that was read, and what becomes of it. ``words`` says a value of a field as people read it."""

    dictionary: Dictionary
    found: Found
    judged: list[Judged]
    words: Words
    absent: list[str] = field(default_factory=list)
    """Who is known there and stands in no row: told, never removed."""

    @property
    def counts(self) -> dict[str, int]:
        """``read`` and the four outcomes that make it up: a row is never lost on the way."""
        found = counts(self.judged)
        read = sum(len(one.entries) for one in self.found.lists)
        if sum(found.values()) != read:
            raise AssertionError(f"{read} rows were read, {found} came out")
        return {"read": read, **found}

    def of(self, outcome: Outcome) -> list[Judged]:
        return [one for one in self.judged if one.outcome is outcome]

    def refused(self) -> list[dict[str, Any]]:
        """One item per refused row: its first fault, the others in ``also``."""
        return [_refusal(one) for one in self.of(Outcome.REFUSED)]

    def digest(self) -> str:
        """Changes with every outcome: what somebody confirms is what they saw."""
        seen = [
            [one.entry.place, one.outcome, one.member_id, one.branch_id, _plain(one.changes)] for one in self.judged
        ]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()

    def report(self) -> dict[str, Any]:
        """What the page shows; long lists are cut there, whole in the files."""
        refused = self.of(Outcome.REFUSED)
        changed = self.of(Outcome.UPDATED)
        kinds = Counter(one.kind for one in self.found.leftovers)
        return {
            "counts": self.counts,
            "sheets": [self._sheet(one) for one in self.found.lists],
            "without_header": [{"sheet": name, "rows": rows} for name, rows in self.found.without_header],
            "left_out": [{"label": SKIPPED_LABELS[kind], "rows": rows} for kind, rows in kinds.items()],
            "leftovers": [
                {"sheet": one.page, "row": one.row, "label": SKIPPED_LABELS[one.kind], "words": one.words}
                for one in self.found.leftovers[:SHOWN_LEFT]
            ],
            "rows": [self._row(one) for one in self.judged[:SHOWN_ROWS]],
            "questions": [self._question(one) for one in self.judged if one.alike is not None][:SHOWN_QUESTIONS],
            "refused": [_refusal(one) for one in refused if one.alike is None or one.choice][:SHOWN_REFUSED],
            "changes": [self._changes(one) for one in changed[:SHOWN_CHANGES]],
            "absent": {"count": len(self.absent), "names": self.absent[:SHOWN_LEFT]},
            "digest": self.digest(),
        }

    def _sheet(self, one: Any) -> dict[str, Any]:
        columns = [
            {"column": column, "title": title, "key": one.header.columns.get(column, "")}
            for column, title in sorted(one.header.titles.items())
        ]
        return {"name": one.name, "columns": columns, "rows": len(one.entries)}

    def _row(self, one: Judged) -> dict[str, Any]:
        return {
            "row": one.entry.raw.row,
            "sheet": one.entry.raw.page,
            "outcome": one.outcome.value,
            "branch": one.branch,
        } | {
            "cells": [
                [self.dictionary.label(key), self.words(key, value)]
                for key in self.dictionary.fields
                if (value := one.entry.values.get(key)) is not None
            ]
        }

    def _question(self, one: Judged) -> dict[str, Any]:
        alike: Known = one.alike  # type: ignore[assignment]  # asked only where there is one
        keys = [key for key in self.dictionary.fields if one.entry.values.get(key) is not None or alike.values.get(key)]
        return {
            "place": one.entry.place,
            "row": one.entry.raw.row,
            "sheet": one.entry.raw.page,
            "choice": one.choice.value if one.choice else "",
            "name": _name(one),
            "here": one.branch,
            "there": f"dòng {alike.row} của tệp" if alike.row else alike.branch + (" (đã rời)" if alike.gone else ""),
            "sides": [
                {
                    "label": self.dictionary.label(key),
                    "mine": self.words(key, one.entry.values.get(key)),
                    "theirs": self.words(key, alike.values.get(key)),
                }
                for key in keys
            ],
        }

    def _changes(self, one: Judged) -> dict[str, Any]:
        return {
            "row": one.entry.raw.row,
            "name": _name(one),
            "changes": [
                {"label": self.dictionary.label(key), "old": self.words(key, old), "new": self.words(key, new)}
                for key, (old, new) in one.changes.items()
            ],
        }

    def changes_in_words(self, most: int) -> list[str]:
        """ "Lê Văn An: ngày sinh “1/2/1980” thành “2/1/1980”", for the record of events."""
        lines = []
        for one in self.of(Outcome.UPDATED)[:most]:
            told = "; ".join(
                f"{self.dictionary.label(key).lower()} “{self.words(key, old)}” thành “{self.words(key, new)}”"
                for key, (old, new) in one.changes.items()
            )
            lines.append(f"{_name(one)}: {told}")
        return lines

    def refused_workbook(self) -> bytes:
        """The refused rows as they came, every column, with the reason in one more."""
        by_place = {one.entry.place: one for one in self.of(Outcome.REFUSED)}
        sheets = []
        for listed in self.found.lists:
            rows = [raw for raw in listed.entries if f"{raw.page}!{raw.row}" in by_place]
            if not rows:
                continue
            titles = listed.header.titles
            width = max([*titles, *(len(raw.cells) - 1 for raw in rows)], default=0) + 1
            columns = [
                Column(titles.get(number, "").split(" – ")[-1] or f"Cột {number + 1}") for number in range(width)
            ]
            sheets.append(
                Sheet(
                    listed.name,
                    [*columns, Column("Dòng trong tệp"), Column("Lý do trả lại", 60)],
                    [
                        [*(_kept(value) for value in raw.cells), *[None] * (width - len(raw.cells)), raw.row, reason]
                        for raw in rows
                        for reason in [_reasons(by_place[f"{raw.page}!{raw.row}"])]
                    ],
                )
            )
        return write_workbook(sheets or [Sheet("Không có", ["Lý do trả lại"], [["Không có dòng nào bị trả lại."]])])


def _name(one: Judged) -> str:
    return str(one.entry.values.get("full_name") or one.entry.values.get("name") or "")


def require_header(found: Found, needed: str) -> None:
    if not found.lists:
        raise InvalidInput(NO_HEADER.format(needed=needed))


def _refusal(one: Judged) -> dict[str, Any]:
    first, *others = one.entry.problems
    told: dict[str, Any] = {
        "row": one.entry.raw.row,
        "column": first.column,
        "value": first.value,
        "reason": first.reason,
        "sheet": one.entry.raw.page,
    }
    if others:
        told["also"] = [{"column": each.column, "value": each.value, "reason": each.reason} for each in others]
    return told


def _reasons(one: Judged) -> str:
    return " ".join(f"{each.column}: {each.reason}" for each in one.entry.problems)


def _kept(value: Any) -> Any:
    """A cell of the file as it came; a formula without value stays the text of it."""
    return value if isinstance(value, int | float | date | None) else shown(value)


def _plain(changes: Mapping[str, tuple[Any, Any]]) -> list[list[str]]:
    return [[key, str(old), str(new)] for key, (old, new) in changes.items()]


def in_words(labels: Mapping[str, Mapping[Any, str]]) -> Words:
    """Days as 1/2/1980, choices by their label, yes and no in Vietnamese."""

    def words(key: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return "có" if value else "không"
        if isinstance(value, date):
            return wording.day(value)
        return str(labels.get(key, {}).get(value, value))

    return words


def ranges(numbers: Iterable[int]) -> str:
    """ "4-9, 12": which rows were made, short."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
