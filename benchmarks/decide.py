"""The election engine over many lines, against reading and writing the same lines as JSON."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Goal, medians_in_turns
from benchmarks.scratch import ROOT, Scratch

LINES = 100_000
COPY = "import json, sys\nfor line in sys.stdin: print(json.dumps(json.loads(line), ensure_ascii=False))"


def measure(place: Scratch) -> Iterator[Figure]:
    lines = LINES // 100 if place.quick else LINES
    source = place.folder / "votes.jsonl"
    source.write_text("".join(f"{json.dumps(vote(number))}\n" for number in range(lines)))
    acts = [
        lambda: run(place, source, [sys.executable, "manage.py", "decide_elections"]),
        lambda: run(place, source, [sys.executable, "-c", COPY]),
    ]
    engine, copy = medians_in_turns(place.times(3), acts)
    yield Figure(
        name=f"decide_elections, {lines} lines",
        value=engine,
        unit="s",
        reference="json.loads and json.dumps of the same lines, one process",
        reference_value=copy,
        goal=Goal("value", "<", 15),
    )


def run(place: Scratch, source: Path, command: list[str]) -> None:
    with source.open("rb") as lines, (place.folder / "decided.jsonl").open("wb") as decided:
        subprocess.run(command, cwd=ROOT, env=place.environment, stdin=lines, stdout=decided, check=True)


def vote(number: int) -> dict[str, Any]:
    """A consistent count of one of many sizes, for a chi ủy or for its secretary; the same number, the same vote."""
    chance = random.Random(number)  # noqa: S311  (figures to measure with)
    present = chance.randint(9, 60)
    valid = present - chance.randint(0, present // 10)
    seats, names = (3, ["A", "B", "C", "D"]) if number % 2 else (1, ["A"])
    votes: dict[str, Any] = {"A": {"agree": valid - number % 3, "disagree": number % 3}}
    if number % 2:
        votes = {"A": valid} | {name: chance.randint(0, valid * 2 // 3) for name in names[1:]}
    electorate = {"summoned": present, "temporarily_elsewhere_absent": 0, "exempt_absent": 0}
    electorate |= {"suspended_or_prosecuted": 0, "excused_throughout": 0, "present": present}
    return {
        "id": f"v{number}",
        "held_on": "2025-03-01",
        "office": "branch_committee" if number % 2 else "secretary",
        "seats": seats,
        "ballot_round": 1,
        "kind": "ordinary",
        "electorate": electorate,
        "slate": names,
        "ballots": {"issued": present, "returned": present, "valid": valid, "invalid": present - valid},
        "votes": votes,
    }
