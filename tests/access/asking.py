"""Asking the cells of the matrix in tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

from django.db import connection

from elections.matrix.cells import Cell, every_address, every_cell
from elections.matrix.expected import Answer
from elections.matrix.runner import Runner, fault

ADDRESSES = every_address()
CELLS = list(every_cell(ADDRESSES))
SEED = os.environ.get("MATRIX_SEED", "1")
"""Which of the rest are asked; ``scripts/test.py`` sets it to the day and prints it."""
ONE_IN = 40
ANYBODYS = (Answer.METHOD, Answer.MISSING)
NEAREST = ("own", "none", "sibling", "descendant", "ancestor", "other_block", "missing")
"""Relations, the most telling first: whoever is let in one door too far is let in next door."""


def faults(runner: Runner, cells: Iterable[Cell]) -> list[str]:
    """One line per cell that is not answered as expected."""
    found = []
    for cell, seen in runner.run(cells):
        if wrong := fault(cell, seen):
            found.append(f"{cell.method} {cell.address.name} by {cell.identity}: {cell.relation} {cell.state}: {wrong}")
    return found


def sample(cells: Sequence[Cell]) -> list[Cell]:
    """Of every address, for everybody, the nearest object for each kind of answer; of the rest one in forty.

    ``make matrix`` asks all of them. On SQLite, which answers as PostgreSQL does, the one in forty must do.
    """
    always = [] if connection.vendor == "sqlite" else told_apart(cells, kind_of_answer)
    return once_each((*always, *some_of(cells)))


def some_of(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if share_of(cell, SEED) % ONE_IN == 0]


def once_each(cells: Iterable[Cell]) -> list[Cell]:
    return list({words_of(cell): cell for cell in cells}.values())


def told_apart(cells: Iterable[Cell], kind: Callable[[Cell], object]) -> list[Cell]:
    """One cell of each kind, always the same: the nearest, and methods by turns."""
    found: dict[object, Cell] = {}
    for cell in sorted(cells, key=lambda one: (NEAREST.index(one.relation), one.method == "HEAD", share_of(one, ""))):
        found.setdefault(kind(cell), cell)
    return list(found.values())


def kind_of_answer(cell: Cell) -> tuple[str, str, str]:
    """Who asks matters, but for answers that are given before it is looked who asks."""
    return cell.address.name, "" if cell.expected in ANYBODYS else cell.identity, cell.expected


def share_of(cell: Cell, seed: str) -> int:
    """A number that is the same in every process, and another one for every seed."""
    words = "\0".join((seed, *words_of(cell)))
    return int.from_bytes(blake2b(words.encode(), digest_size=4).digest())


def words_of(cell: Cell) -> tuple[str, ...]:
    return cell.address.name, cell.method, cell.identity, cell.relation, cell.state
