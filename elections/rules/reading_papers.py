"""Papers of one vote as they come in JSON."""

from __future__ import annotations

from typing import Any

from elections.rules.case import Flaw, Mark, Paper, Ruling
from elections.rules.fields import Reader, kind_of, plain

FLAWS = {flaw.value: flaw for flaw in Flaw}
MARKS = {mark.value: mark for mark in Mark}
RULINGS = {ruling.value: ruling for ruling in Ruling}
UNFLAWED: frozenset[Flaw] = frozenset()
NOBODY: frozenset[str] = frozenset()


def read_papers(reader: Reader, raw: dict[str, Any]) -> tuple[Paper, ...] | None:
    values = reader.listed(raw, "papers", "papers", "P")
    if values is None:
        return None
    return tuple(_paper(reader, value, number) for number, value in enumerate(values, start=1))


def _paper(reader: Reader, value: Any, number: int) -> Paper:
    what, letter = f"papers[{number}]", f"P{number}"
    if not isinstance(value, dict):
        reader.report("F106", letter, what=what, expected="một đối tượng", found=kind_of(value))
        return Paper()
    if value.get("kept") is None and value.get("marks") is None and "not_issued" not in _texts(value.get("flaws")):
        reader.report("F103", letter, what=f"{what}.kept hoặc {what}.marks")
    ruling = value.get("ruling")
    return Paper(
        kept=_kept(reader, value, what, letter),
        marks=_marks(reader, value, what, letter),
        flaws=_flaws(reader, value, what, letter),
        ruling=None if ruling is None else reader.choice(ruling, RULINGS, f"{what}.ruling", letter),
        uncounted=_some_names(reader, value, "uncounted", what, letter),
        unclear=_some_names(reader, value, "unclear", what, letter),
    )


def _some_names(reader: Reader, paper: dict[str, Any], key: str, what: str, letter: str) -> frozenset[str]:
    if paper.get(key) is None:
        return NOBODY
    values = reader.listed(paper, key, f"{what}.{key}", letter)
    return frozenset(reader.texts(values, f"{what}.{key}", letter)) if values else NOBODY


def _texts(values: Any) -> list[Any]:
    return values if isinstance(values, list) else []


def _kept(reader: Reader, paper: dict[str, Any], what: str, letter: str) -> tuple[str, ...] | None:
    if paper.get("kept") is None:
        return None
    values = reader.listed(paper, "kept", f"{what}.kept", letter)
    return None if values is None else reader.texts(values, f"{what}.kept", letter)


def _marks(reader: Reader, paper: dict[str, Any], what: str, letter: str) -> dict[str, Mark] | None:
    marks = paper.get("marks")
    if marks is None:
        return None
    if not isinstance(marks, dict):
        reader.missing_or_wrong(marks, f"{what}.marks", "một đối tượng", letter)
        return None
    read = {name: reader.choice(mark, MARKS, f"{what}.marks.{plain(name)}", letter) for name, mark in marks.items()}
    return {name: mark for name, mark in read.items() if mark is not None}


def _flaws(reader: Reader, paper: dict[str, Any], what: str, letter: str) -> frozenset[Flaw]:
    if "flaws" not in paper:
        reader.report("F103", letter, what=f"{what}.flaws")
        return UNFLAWED
    values = reader.listed(paper, "flaws", f"{what}.flaws", letter)
    if not values:
        return UNFLAWED
    read = [reader.choice(value, FLAWS, f"{what}.flaws", letter) for value in values]
    return frozenset(flaw for flaw in read if flaw is not None)
