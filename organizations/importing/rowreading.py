"""A row read cell by cell: what each says, and what is wrong with it under the name of its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from organizations.importing import cells
from organizations.importing.cells import Reader, Reading, Unreadable, shown
from organizations.importing.columns import Dictionary, Header
from organizations.importing.rows import Raw
from organizations.importing.workbook import Uncomputed


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: column as the file calls it, what stands there, why it is refused."""

    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Entry:
    """One row of the roll: what it says, or what is wrong with it."""

    raw: Raw
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    branch: str = ""

    @property
    def place(self) -> str:
        """Names the row among all sheets."""
        return f"{self.raw.page}!{self.raw.row}"


class RowReader:
    """``dictionary`` and ``readers`` (by field; text where none is named) are those of one kind of list."""

    dictionary: ClassVar[Dictionary]
    readers: ClassVar[Mapping[str, Reader]] = {}

    def __init__(self, raw: Raw, header: Header, reading: Reading, limits: Mapping[str, int]) -> None:
        self.entry = Entry(raw)
        self.told: set[str] = set()
        self.header = header
        self.reading = reading
        self.limits = limits
        self.cells = {key: raw.cells[column] for column, key in header.columns.items() if column < len(raw.cells)}

    def refuse(self, key: str, reason: str) -> None:
        column, ours = self.header.column_of(key), self.dictionary.label(key)
        title = ours if column is None else self.header.titles.get(column, ours)
        self.told.add(key)
        self.entry.problems.append(Problem(title, shown(self.cells.get(key))[:200], reason))

    def cell(self, key: str, reader: Reader | None = None) -> Any:
        """The value of a cell; None when it is empty or refused."""
        value = self.cells.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, Uncomputed):
                cells.text(value, self.reading)
            found = (reader or self.readers.get(key, cells.text))(value, self.reading)
        except Unreadable as fault:
            self.refuse(key, str(fault))
            return None
        most = self.limits.get(key)
        if isinstance(found, str) and most and len(found) > most:
            self.refuse(key, f"Dài {len(found)} ký tự, ô này chỉ giữ được {most}. Ghi ngắn lại.")
            return None
        return found if found != "" else None
