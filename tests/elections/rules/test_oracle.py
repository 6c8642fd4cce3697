"""The engine against an independent reading of the rulebook, on random votes.

100,000 of them unless ``ELECTIONS_COMPARED`` says otherwise: a tenth part in each of ten tests, so that a machine
with several cores shares them out.
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

COMPARED = int(os.environ.get("ELECTIONS_COMPARED", "100000"))
PARTS = 10
ENOUGH = 50_000  # below that a part is too small to hold its share of everything
OFFICES = ("branch_committee", "secretary", "deputy_secretary", "committee", "delegates")
FLAWS = ("not_issued", "written_in", "signed", "marked", "several_inks", "stamp_missing", "unclear")


def random_vote(chance: random.Random) -> dict[str, Any]:
    office = chance.choice((*OFFICES, "committee", "delegates", "delegates"))
    one_post = office in ("secretary", "deputy_secretary") and chance.random() < 0.97
    seats = 1 if one_post else chance.randint(2, 8 - (chance.random() < 0.9))
    names = seats if chance.random() < 0.2 else seats + chance.randint(1, 3)
    away = [chance.choice((0, 0, 0, 1, 2)) for _ in range(4)]
    base = chance.choice((1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 21, 34, 57, 100))
    present = base - chance.choice((0, 0, 0, 1, 2)) if base > 2 else base
    absent = [chance.choice((0, 0, 1)) for _ in range(2)] if chance.random() < 0.1 else []
    deductions = ("temporarily_elsewhere_absent", "exempt_absent", "suspended_or_prosecuted", "excused_throughout")
    vote = {
        "id": "x",
        "held_on": chance.choice(("2014-06-09", "2020-02-15", "2024-10-09", "2024-10-10", "2026-03-01")),
        "office": office,
        "seats": seats,
        "ballot_round": chance.choice((1, 1, 1, 2, 3, 4)),
        "kind": "tie_revote" if names > seats and chance.random() < 0.15 else "ordinary",
        "electorate": dict(zip(deductions, away, strict=True)) | {"summoned": base + sum(away), "present": present},
        "slate": [f"n{number}" for number in range(names)],
    }
    vote["electorate"] |= dict(zip(("convening_members_absent", "unreplaced_absent"), absent, strict=False))
    if absent:
        vote["electorate"] |= {"assembly": "delegates", "summoned": base + sum(away) + sum(absent)}
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
        votes = chance.choice((equals, equals, equals, level, scattered))(chance, slate, seats, valid)
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


def equals(chance: random.Random, slate: list[str], seats: int, valid: int) -> dict[str, int]:
    """Some names on every paper, then as many equals as one seat cannot take, with all the votes left to them."""
    sure = chance.randint(0, seats - 1)
    tied = seats - sure + 1
    each = min(valid, valid * (seats - sure) // tied)
    places = slate[:]
    chance.shuffle(places)
    figures = [valid] * sure + [each] * tied
    return {name: figures[place] if place < len(figures) else 0 for place, name in enumerate(places)}


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
@pytest.mark.parametrize("part", range(PARTS))
def test_the_engine_agrees_with_an_independent_reading(part):
    chance = random.Random(190 + part)  # noqa: S311  (votes for a test, not a secret)
    seen: Counter[str] = Counter()
    for number in range(COMPARED // PARTS):
        vote = random_vote(chance)

        answer = decide(read_case(vote)).to_dict()
        hoped = expected(vote)

        assert {key: answer[key] for key in hoped if key != "ballots"} == {
            key: hoped[key] for key in hoped if key != "ballots"
        }, (number, vote)
        assert {key: answer["ballots"][key] for key in hoped["ballots"]} == hoped["ballots"], (number, vote)
        seen[answer["status"]] += 1
        seen["tied"] += bool(answer["tied"])
        seen["half, one more, one less"] += at_half(answer)
    print(dict(seen))
    if COMPARED >= ENOUGH:
        assert all(100 * seen[what] >= share * COMPARED // PARTS for what, share in AT_LEAST.items()), seen


AT_LEAST = {  # percent of the votes compared
    "tied": 14,
    "half, one more, one less": 11,
    "complete": 5,
    "short": 5,
    "tie": 10,
    "tie_again": 1,
    "superior_appoints": 1,
    "needs_ruling": 1,
    "rejected": 5,
}


def at_half(answer: dict[str, Any]) -> bool:
    """An ordinary count that stands, with a name at exactly half of the base, one vote above or one below."""
    if answer["status"] in ("rejected", "needs_ruling"):
        return False
    figures = [vote["agree"] if isinstance(vote, dict) else vote for vote in answer["votes"].values()]
    return any(abs(2 * figure - answer["base"]) <= 2 for figure in figures)
