"""The engine against an independent reading of the rulebook, on random votes.

``ELECTIONS_COMPARED=100000`` compares that many; a few thousand otherwise.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

import pytest

from elections.rules.decide import decide
from elections.rules.reading import read_case
from tests.elections.rules.oracle import expected

COMPARED = int(os.environ.get("ELECTIONS_COMPARED", "4000"))
OFFICES = ("branch_committee", "secretary", "deputy_secretary", "committee", "delegates")
FLAWS = ("not_issued", "written_in", "signed", "marked", "several_inks", "stamp_missing", "unclear")


def random_vote(chance: random.Random) -> dict[str, Any]:
    office = chance.choice(OFFICES)
    seats = 1 if office in ("secretary", "deputy_secretary") and chance.random() < 0.97 else chance.randint(1, 8)
    names = seats if chance.random() < 0.25 else seats + chance.randint(1, 3)
    away = [chance.choice((0, 0, 0, 1, 2)) for _ in range(4)]
    base = chance.choice((1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21))
    present = base - chance.choice((0, 0, 0, 1, 2)) if base > 2 else base
    deductions = ("temporarily_elsewhere_absent", "exempt_absent", "suspended_or_prosecuted", "excused_throughout")
    vote = {
        "id": "x",
        "held_on": chance.choice(("2014-06-09", "2020-02-15", "2024-10-09", "2024-10-10", "2026-03-01")),
        "office": office,
        "seats": seats,
        "ballot_round": chance.choice((1, 1, 1, 2, 3, 4)),
        "kind": "tie_revote" if names > seats and chance.random() < 0.2 else "ordinary",
        "electorate": dict(zip(deductions, away, strict=True)) | {"summoned": base + sum(away), "present": present},
        "slate": [f"n{number}" for number in range(names)],
    }
    return vote | (by_papers if chance.random() < 0.2 else by_totals)(chance, vote, present)


def by_totals(chance: random.Random, vote: dict[str, Any], present: int) -> dict[str, Any]:
    slate, seats = vote["slate"], vote["seats"]
    invalid = chance.choice((0, 0, 0, 1, present)) if present else 0
    valid = present - invalid
    ballots = {"issued": present, "returned": present, "valid": valid, "invalid": invalid}
    if len(slate) == seats:
        votes: Any = {}
        for name in slate:
            agree = near(chance, valid, present)
            lost = 0 if seats == 1 else chance.choice((0, 0, 1))
            votes[name] = {"agree": agree, "disagree": max(0, valid - agree - lost)}
    else:
        votes = level(chance, slate, seats, valid) if chance.random() < 0.7 else scattered(chance, slate, seats, valid)
    if chance.random() < 0.15:
        spoil(chance, ballots, votes)
    return {"ballots": ballots, "votes": votes}


def scattered(chance: random.Random, slate: list[str], seats: int, valid: int) -> dict[str, int]:
    """Papers filled by people who like the first names more."""
    votes = dict.fromkeys(slate, 0)
    for _ in range(valid):
        liked = sorted(slate, key=lambda name: chance.random() * (1 + slate.index(name) // 2))
        for name in liked[: chance.choice((seats, seats, seats, chance.randint(1, seats)))]:
            votes[name] += 1
    return votes


def level(chance: random.Random, slate: list[str], seats: int, valid: int) -> dict[str, int]:
    """Some names on every paper, the others in turn: ties above, at and below half."""
    sure = chance.randint(0, seats - 1)
    votes = dict.fromkeys(slate[:sure], valid) | dict.fromkeys(slate[sure:], 0)
    rest, places = slate[sure:], seats - sure
    for paper in range(valid):
        for place in range(places):
            votes[rest[(paper * places + place) % len(rest)]] += 1
    return votes


def near(chance: random.Random, valid: int, base: int) -> int:
    return min(valid, max(0, chance.choice((base // 2, base // 2 + 1, base // 2 - 1, valid, chance.randint(0, valid)))))


def spoil(chance: random.Random, ballots: dict[str, int], votes: dict[str, Any]) -> None:
    """One figure off by one, as typing errors are."""
    where = chance.choice([*ballots, *votes])
    step = chance.choice((-1, 1))
    if where in ballots:
        ballots[where] = max(0, ballots[where] + step)
    elif isinstance(votes[where], dict):
        votes[where]["agree"] = max(0, votes[where]["agree"] + step)
    else:
        votes[where] = max(0, votes[where] + step)


def by_papers(chance: random.Random, vote: dict[str, Any], present: int) -> dict[str, Any]:
    slate, papers = vote["slate"], []
    for _ in range(present + chance.choice((0, 0, 0, 0, 1, -1))):
        flaws = [chance.choice(FLAWS)] if chance.random() < 0.04 else []
        if len(slate) > vote["seats"]:
            content: Any = {
                "kept": chance.sample(slate, min(len(slate), vote["seats"] + chance.choice((0, 0, 0, 1, -1))))
            }
        else:
            marks = ("agree",) * 12 + ("disagree",) * 4 + ("both", "none")
            content = {"marks": {name: chance.choice(marks) for name in slate}}
        papers.append(content | {"flaws": flaws})
    return {"papers": papers, "issued": present}


@pytest.mark.rule("E-50")
@pytest.mark.rule("E-53")
def test_the_engine_agrees_with_an_independent_reading():
    chance = random.Random(190)  # noqa: S311  (votes for a test, not a secret)
    seen: Counter[str] = Counter()
    for number in range(COMPARED):
        vote = random_vote(chance)

        answer = decide(read_case(vote)).to_dict()
        hoped = expected(vote)

        assert {key: answer[key] for key in hoped if key != "ballots"} == {
            key: hoped[key] for key in hoped if key != "ballots"
        }, (number, vote)
        assert {key: answer["ballots"][key] for key in hoped["ballots"]} == hoped["ballots"], (number, vote)
        seen[answer["status"]] += 1
        seen["tied"] += bool(answer["tied"])
        seen["near half"] += at_half(answer)
    assert min(seen[status] for status in STATUSES) > 0, seen
    print(dict(seen))


STATUSES = ("complete", "short", "tie", "tie_again", "superior_appoints", "needs_ruling", "rejected", "near half")


def at_half(answer: dict[str, Any]) -> bool:
    """Some name stands within one vote of exactly half of the base."""
    figures = [vote["agree"] if isinstance(vote, dict) else vote for vote in answer["votes"].values()]
    return any(abs(2 * figure - answer["base"]) <= 2 for figure in figures)
