"""The rows below a header: which are entries, which are headings, totals or signatures. Every row is accounted for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from organizations.importing.cells import shown
from organizations.importing.columns import Dictionary, Header, find_header, with_columns, words_of
from organizations.importing.workbook import Page

TOTAL = re.compile(r"(?:tổng|cộng|tong cong|tong so|danh sách (?:này )?(?:có|gồm)|ấn định)\b.*", re.DOTALL)
"""With their tone marks: Tống is a surname."""
SIGNATURE = re.compile(
    r"(?:t/m|tm\.|k/t|kt\.|t/l|tl\.|người lập|ký tên|xác nhận|nơi nhận|bí thư|phó bí thư|thủ trưởng|chủ tịch)(?!\w).*|"
    r".*\bngày\W*\d*\W*tháng\W*\d*\W*năm\W*\d*\W*",
    re.DOTALL,
)
SECTION = re.compile(r"(?:\W*\w{1,4}\s*[.)\-–:]\s*)?(?:chi bộ|đảng bộ|tổ đảng)\b.*", re.DOTALL)
BRANCH_HEADING = re.compile(r"^(?:[IVXLCDM]+|\d+|[A-ZĐ])\s*[.)\-–:]\s*")


class Skipped(StrEnum):
    """Why a row that is not empty is no entry."""

    HEADING = "heading"
    NUMBERS = "numbers"
    TOTAL = "total"
    SIGNATURE = "signature"


SKIPPED_LABELS = {
    Skipped.HEADING: "dòng tiêu đề, đề mục",
    Skipped.NUMBERS: "dòng đánh số cột",
    Skipped.TOTAL: "dòng tổng cộng",
    Skipped.SIGNATURE: "dòng ký tên",
}


@dataclass(slots=True)
class Raw:
    """One entry as it stands in the file. ``section``: the heading above it, such as the name of a branch."""

    page: str
    row: int
    cells: list[Any]
    section: str = ""


@dataclass(slots=True)
class Leftover:
    """A row that was read and is no entry, with its words."""

    page: str
    row: int
    kind: Skipped
    words: str


@dataclass(slots=True)
class List:
    """One sheet with a header, and its entries."""

    name: str
    header: Header
    entries: list[Raw] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """Everything in a workbook: its lists, the rows left out, the sheets without a header (name, number of rows)."""

    lists: list[List] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    without_header: list[tuple[str, int]] = field(default_factory=list)


def sort_out(
    pages: list[Page], dictionary: Dictionary, chosen: dict[str, dict[int, str]] | None = None, *, key: str
) -> Found:
    """The lists of a workbook. ``key``: the column that every entry has; ``chosen``: corrected columns by sheet."""
    found = Found()
    for page in pages:
        if not page.rows:
            continue
        header = find_header(page, dictionary)
        if header is None:
            found.without_header.append((page.name, len(page.rows)))
            continue
        listed = List(page.name, with_columns(header, (chosen or {}).get(page.name, {})))
        for one in _sorted_rows(page, listed.header, key):
            if isinstance(one, Raw):
                listed.entries.append(one)
            else:
                found.leftovers.append(one)
        found.lists.append(listed)
    return found


def _sorted_rows(page: Page, header: Header, key: str) -> Iterator[Raw | Leftover]:
    column, number_column = header.column_of(key), header.column_of("number")
    section, ended = "", False
    for number, cells in page.rows:
        if number <= header.last:
            yield Leftover(page.name, number, Skipped.HEADING, _words(cells))
            continue
        kind = _kind(cells, header, column, number_column, ended=ended, people=key == "full_name")
        if kind is None:
            ended = False
            yield Raw(page.name, number, cells, section)
            continue
        ended = ended or kind is Skipped.SIGNATURE
        words = _words(cells)
        if kind is Skipped.HEADING and not ended:
            section = BRANCH_HEADING.sub("", _text(next(cell for cell in reversed(cells) if cell is not None)))
        yield Leftover(page.name, number, kind, words)


def _kind(
    cells: list[Any], header: Header, column: int | None, number_column: int | None, *, ended: bool, people: bool
) -> Skipped | None:
    """None: an entry. In a list of ``people`` a row that only names a chi bộ is the heading of those below it."""
    filled = [(place, value) for place, value in enumerate(cells) if value is not None]
    used = [place for place, _ in filled if place in header.columns and place != number_column]
    numbered = any(place == number_column for place, _ in filled)
    if len(filled) > 2 and _counts_up([value for _, value in filled]):
        return Skipped.NUMBERS
    if _repeats(cells, header, column):
        return Skipped.HEADING
    has_key = column is not None and any(place == column for place, _ in filled)
    if len(used) > 2:
        return None
    words = [_text(value).casefold() for _, value in filled]
    first = next((one for one in words if not one.isdecimal()), "")
    if not (numbered and has_key) and TOTAL.fullmatch(first):
        return Skipped.TOTAL
    if not (numbered and has_key) and (SIGNATURE.fullmatch(first) or ended):
        return Skipped.SIGNATURE
    if people and len(used) <= 1 and has_key and SECTION.fullmatch(words[-1]):
        return Skipped.HEADING
    if len(filled) == 1 and ((people and number_column is not None) or not has_key):
        return Skipped.HEADING
    if not used:
        return Skipped.HEADING
    if numbered and len(used) == 1 and not has_key and _is_section_number(cells, number_column):
        return Skipped.HEADING
    return None


def _is_section_number(cells: list[Any], number_column: int | None) -> bool:
    """ "I", "A" in the column of numbers: a heading, not an entry."""
    return number_column is not None and bool(re.fullmatch(r"[IVXLCDM]+\.?|[A-ZĐ]\.?", shown(cells[number_column])))


def _counts_up(values: list[Any]) -> bool:
    """1, 2, 3 … or (1), (2), (3) … below a header."""
    start = None
    for place, value in enumerate(values):
        word = shown(value).strip("()[] ")
        if not word.isdecimal():
            return False
        start = int(word) if start is None else start
        if start not in (0, 1) or int(word) != start + place:
            return False
    return True


def _repeats(cells: list[Any], header: Header, column: int | None) -> bool:
    """The header once more, as on the next page of a printed list; most rows differ in their first word already."""
    if column is None or column >= len(cells) or column >= len(header.signature):
        return False
    if words_of(cells[column]) != header.signature[column]:
        return False
    return tuple(words_of(value) for value in cells) == header.signature


def _words(cells: list[Any]) -> str:
    return " · ".join(dict.fromkeys(_text(value) for value in cells if value is not None))[:200]


def _text(value: Any) -> str:
    return unicodedata.normalize("NFC", " ".join(shown(value).split()))
