"""Which column holds what: the header found wherever it is, by the names that staff give to columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from organizations.importing.cells import shown
from organizations.importing.workbook import Page
from organizations.rules.names import fold

HEADER_WITHIN = 30
MOST_HEADER_ROWS = 3
IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
NOT_A_WORD = re.compile(r"[^\w]+")


@dataclass(slots=True)
class Field:
    """A column that is understood: its key, how we call it, and what staff call it (without tone marks)."""

    key: str
    label: str
    names: tuple[str, ...]
    within: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Titles below a heading over several columns: heading → titles."""


@dataclass(slots=True)
class Header:
    """``columns``: number of the column (from 0) → key; ``titles`` of all columns as they stand in the file."""

    first: int
    last: int
    columns: dict[int, str]
    titles: dict[int, str]
    signature: tuple[str, ...] = ()

    @property
    def unused(self) -> list[str]:
        return [title for column, title in sorted(self.titles.items()) if column not in self.columns]

    def column_of(self, key: str) -> int | None:
        return next((column for column, known in self.columns.items() if known == key), None)


def words_of(title: Any) -> str:
    """A title for comparing: without tone marks, brackets and signs."""
    return " ".join(NOT_A_WORD.sub(" ", IN_BRACKETS.sub(" ", fold(shown(title)))).split())


class Dictionary:
    """The fields of one kind of list, asked by title."""

    def __init__(self, fields: Sequence[Field], required: Sequence[Sequence[str]], enough: int) -> None:
        """``required``: sets of keys of which one must be complete; ``enough``: how many columns make a header."""
        self.fields = {one.key: one for one in fields}
        self.required = [set(keys) for keys in required]
        self.enough = enough
        self.exact = {name: one.key for one in fields for name in one.names}
        self.below = {
            (heading, title): one.key
            for one in fields
            for heading, titles in one.within.items()
            for title in titles
        }  # fmt: skip
        self.long = sorted((name for name in self.exact if " " in name), key=len, reverse=True)

    def label(self, key: str) -> str:
        return self.fields[key].label

    def key_of(self, title: str, heading: str = "") -> str | None:
        """The field that a title names, alone or below a heading."""
        if heading:
            for (known, below), key in self.below.items():
                if below == title and known in heading:
                    return key
            if f"{heading} {title}" in self.exact:
                return self.exact[f"{heading} {title}"]
        if title in self.exact:
            return self.exact[title]
        return next((self.exact[name] for name in self.long if f" {name} " in f" {title} "), None)


def dictionary(table: str, *, required: Sequence[Sequence[str]], enough: int) -> Dictionary:
    """The fields of a table, "key | label | names" in each line; indented ones go on, or say "below heading: names"."""
    fields: list[Field] = []
    for line in filter(str.strip, table.strip("\n ").splitlines()):
        if line.startswith("    below "):
            heading, _, names = line.strip().removeprefix("below ").partition(": ")
            fields[-1].within[heading] = _listed(names)
        elif line.startswith("    "):
            fields[-1].names += _listed(line)
        else:
            key, label, names = line.split(" | ")
            fields.append(Field(key, label, _listed(names)))
    return Dictionary(fields, required, enough)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name for name in map(str.strip, names.split(",")) if name)


def find_header(page: Page, dictionary: Dictionary) -> Header | None:
    """The best header among the first thirty rows, of one to three rows; None where no row looks like one."""
    best: Header | None = None
    head = (
        [(number, row) for number, row in page.rows if number <= page.rows[0][0] + HEADER_WITHIN] if page.rows else []
    )
    for start in range(len(head)):
        for height in range(1, MOST_HEADER_ROWS + 1):
            rows = head[start : start + height]
            if len(rows) < height or rows[-1][0] - rows[0][0] != height - 1 or not _belong_together(page, rows):
                break
            header = _header(page, rows, dictionary)
            if header is not None and (best is None or _rank(header) > _rank(best)):
                best = header
    return best


def _rank(header: Header) -> tuple[int, int]:
    """More columns first, then fewer rows: the title of the list is no part of its header."""
    return len(header.columns), header.first - header.last


def _belong_together(page: Page, rows: list[tuple[int, list[Any]]]) -> bool:
    """Several rows are one header when a cell is merged downwards over them, or a heading lies over several columns."""
    if len(rows) == 1:
        return True
    above, below = rows[-2][0], rows[-1][0]
    return any(
        first <= above and (last >= below or (last == above and right > left))
        for first, left, last, right in page.merged
    )


def _header(page: Page, rows: list[tuple[int, list[Any]]], dictionary: Dictionary) -> Header | None:
    columns: dict[int, str] = {}
    parts = {column: _title_parts(page, rows, column) for column in range(max(len(row) for _, row in rows))}
    titles = {column: " – ".join(one) for column, one in parts.items() if one}
    beside_women = any(words_of(title) == "nu sinh" for title in titles.values())
    for column in titles:
        *above, title = [words_of(part) for part in parts[column]]
        key = dictionary.key_of(title, " ".join(above))
        if key == "born_on" and title == "nam sinh" and beside_women:
            key = "born_male"  # without tone marks "Nam sinh" and "Năm sinh" are one (F-05)
        if key is not None and key not in columns.values():
            columns[column] = key
    found = set(columns.values())
    if len(found) < dictionary.enough or not any(keys <= found for keys in dictionary.required):
        return None
    signature = tuple(words_of(value) for value in rows[-1][1])
    return Header(rows[0][0], rows[-1][0], columns, titles, signature)


def _title_parts(page: Page, rows: list[tuple[int, list[Any]]], column: int) -> list[str]:
    """From the heading down to the title, each once; a heading counts for every column it lies over."""
    parts: list[str] = []
    for number, row in rows:
        value = row[column] if column < len(row) else None
        if value is None:
            left = _start_of_merged(page, number, column)
            value = row[left] if left is not None and left < len(row) else None
        words = " ".join(shown(value).split())
        if words and (not parts or parts[-1] != words):
            parts.append(words)
    return parts


def _start_of_merged(page: Page, row: int, column: int) -> int | None:
    for first, left, last, right in page.merged:
        if first <= row <= last and left <= column <= right and right > left:
            return left
    return None


def with_columns(header: Header, chosen: Mapping[int, str]) -> Header:
    """The header as a person corrected it: number of the column → key, "" for a column that is not used."""
    columns = {column: key for column, key in header.columns.items() if column not in chosen}
    for column, key in chosen.items():
        if key:
            columns = {other: known for other, known in columns.items() if known != key} | {column: key}
    return Header(header.first, header.last, columns, header.titles, header.signature)
