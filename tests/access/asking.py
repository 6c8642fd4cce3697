"""Asking the cells of the matrix in tests."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from elections.matrix.cells import Cell, every_address, every_cell, shard
from elections.matrix.runner import Runner, fault

PARTS = 8
"""As many files in ``shards``: pytest hands whole files to its workers."""


def faults(runner: Runner, cells: Iterable[Cell]) -> list[str]:
    """One line per cell that is not answered as expected."""
    found = []
    for cell, seen in runner.run(cells):
        if wrong := fault(cell, seen):
            found.append(f"{cell.method} {cell.address.name} by {cell.identity}: {cell.relation} {cell.state}: {wrong}")
    return found


def faults_of_part(runner: Runner, part: int) -> list[str]:
    """One of eight parts of all cells; on SQLite, which answers as PostgreSQL does, a tenth of it."""
    of = PARTS if connection.vendor == "postgresql" else PARTS * 10
    return faults(runner, shard(every_cell(every_address()), part, of))
