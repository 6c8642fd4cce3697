"""Invented ballot papers from a seed, with three incidents. Plain Python: the same seed gives the same box.

The incidents: a second teller (played by the program) whose figure differs; a paper that needs a ruling; a tie
for the last seat or, where the numbers allow none, one paper that does not come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from elections.rules.case import Flaw, Mark, Opinion, Paper, Ruling
from elections.rules.layout import Layout, layout_for
from elections.rules.papers import count

MOST_VOTERS, LEAST_VOTERS, LEAST_WITH_COMMITTEE = 24, 5, 9
SPARE = 2
"""Papers printed beyond the voters; in the first vote one of them replaces a spoiled paper."""
SLIP, DOUBT, TIE, MISSING = "slip", "doubt", "tie", "missing"


@dataclass(frozen=True, slots=True)
class Vote:
    """What is voted on: ``keys`` are numbers on the ballot, "1", "2" …, never ids of anything real."""

    keys: tuple[str, ...]
    seats: int
    voters: int

    @property
    def layout(self) -> Layout:
        layout = layout_for(len(self.keys), self.seats)
        if layout is None:
            raise ValueError(f"{len(self.keys)} names for {self.seats} seats")
        return layout

    @property
    def needed(self) -> int:
        return self.voters // 2 + 1


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (invented papers: nothing secret hangs on them)


def voters_for(on_the_roll: int, *, committee: bool) -> int:
    """As many as the branch has, but enough for an incident and few enough to count by hand."""
    return min(MOST_VOTERS, max(LEAST_WITH_COMMITTEE if committee else LEAST_VOTERS, on_the_roll))


def first_round(seed: int, vote: Vote) -> dict[str, Any]:
    """The box of the first ballot with its three incidents."""
    random = dice(seed)
    third, away, found = TIE, 0, tie_votes(random, vote)
    if found is None:
        third, away, found = MISSING, 1, plain_votes(random, vote, away=1)
    supported, valid = found
    papers = valid_papers(random, vote, supported, valid)
    papers += [spoiled_paper(vote)] * (vote.voters - away - 1 - valid)
    random.shuffle(papers)
    papers.insert(random.randrange(len(papers) + 1), doubtful_paper(vote, supported))
    ledger = {"printed": vote.voters + SPARE, "unused": SPARE - 1, "spoiled": 1}
    return _round(vote, papers, ledger, slip=slip_of(random, vote, papers), incidents=[SLIP, DOUBT, third])


def revote(seed: int, vote: Vote) -> dict[str, Any]:
    """The box of a re-vote among two who were tied: one is ahead, where the numbers allow it without more than half."""
    random = dice(seed + 1)
    first, *others = random.sample(vote.keys, len(vote.keys))
    ahead = (vote.voters + 1) // 2 if vote.voters % 2 == 0 else vote.needed
    supported = {first: ahead} | dict.fromkeys(others, 0)
    supported[others[0]] = vote.voters - 1 - ahead
    papers = [*valid_papers(random, vote, supported, vote.voters - 1), spoiled_paper(vote)]
    random.shuffle(papers)
    ledger = {"printed": vote.voters + SPARE, "unused": SPARE, "spoiled": 0}
    return _round(vote, papers, ledger, slip=None, incidents=[])


def _round(
    vote: Vote, papers: list[dict[str, Any]], ledger: dict[str, int], *, slip: Any, incidents: list[str]
) -> dict[str, Any]:
    return {
        "ledger": ledger | {"issued": vote.voters},
        "keys": list(vote.keys),
        "seats": vote.seats,
        "papers": papers,
        "slip": slip,
        "incidents": incidents,
        "ruling": None,
        "typed": {},
        "note": "",
        "differing": [],
        "result": None,
    }


# ---- how many votes each name shall have on the plain papers ----


def tie_votes(random: Random, vote: Vote) -> tuple[dict[str, int], int] | None:
    """Two names tied, above half, for the last seat, and the papers that say so; None where too few can carry that."""
    if vote.layout is not Layout.STRIKE_OUT or vote.seats < 2:
        return None
    for spoiled in (1, 0):
        valid = vote.voters - 1 - spoiled
        wanted = (vote.seats - 1) * (vote.needed + 1) + 2 * vote.needed
        if valid > vote.needed and wanted <= valid * vote.seats:
            return _with_a_tie(random, vote, valid, spare=valid * vote.seats - wanted), valid
    return None


def _with_a_tie(random: Random, vote: Vote, valid: int, *, spare: int) -> dict[str, int]:
    order = random.sample(vote.keys, len(vote.keys))
    sure, tied, others = order[: vote.seats - 1], order[vote.seats - 1 :][:2], order[vote.seats + 1 :]
    supported = dict.fromkeys(sure, vote.needed + 1) | dict.fromkeys(tied, vote.needed) | dict.fromkeys(others, 0)
    for key, most in [(key, valid) for key in sure] + [(key, vote.needed - 1) for key in others]:
        more = random.randint(0, min(spare, most - supported[key]))
        supported[key] += more
        spare -= more
    return supported


def plain_votes(random: Random, vote: Vote, *, away: int) -> tuple[dict[str, int], int]:
    """Everything is filled: enough names have more than half without the doubtful paper, nobody is tied for a seat."""
    spoiled = 1 if vote.voters - away - 2 >= vote.needed else 0
    valid = vote.voters - away - 1 - spoiled
    order = random.sample(vote.keys, len(vote.keys))
    if vote.layout is Layout.AGREE_DISAGREE:
        agreed = {key: random.randint(vote.needed, valid) for key in order}
        return (agreed | {vote.keys[0]: valid} if len(order) > 1 else agreed), valid
    winners, others = order[: vote.seats], order[vote.seats :]
    supported = {key: random.randint(vote.needed, valid) for key in winners}
    left = max(0, valid - sum(supported.values()))
    for number, key in enumerate(others):
        supported[key] = left // len(others) + (number < left % len(others))
    return supported, valid


# ---- papers that add up to that ----


def valid_papers(random: Random, vote: Vote, supported: dict[str, int], valid: int) -> list[dict[str, Any]]:
    if vote.layout is Layout.AGREE_DISAGREE:
        return _marked_papers(vote, supported, valid)
    return _kept_papers(random, vote, supported, valid)


def _kept_papers(random: Random, vote: Vote, supported: dict[str, int], valid: int) -> list[dict[str, Any]]:
    """Votes dealt like cards: no paper gets a name twice, and all get as many names within one of each other."""
    cards = [key for key in random.sample(vote.keys, len(vote.keys)) for _ in range(supported[key])]
    hands = [set(cards[number::valid]) for number in range(valid)]
    return [_paper(kept=[key for key in vote.keys if key in hand]) for hand in hands]


def _marked_papers(vote: Vote, supported: dict[str, int], valid: int) -> list[dict[str, Any]]:
    """Everybody agrees with the first of several names, so that no paper disagrees with all (E-48)."""
    marks: list[dict[str, str]] = [{} for _ in range(valid)]
    for start, key in enumerate(vote.keys):
        for number in range(valid):
            agrees = (number + start) % valid < supported[key]
            marks[number][key] = Mark.AGREE if agrees else Mark.DISAGREE
    return [_paper(marks=one) for one in marks]


def _paper(*, kept: Sequence[str] | None = None, marks: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {"kept": None if kept is None else list(kept), "marks": marks, "flaws": [], "unclear": ""} | more


def spoiled_paper(vote: Vote) -> dict[str, Any]:
    """A paper that anybody sees is invalid: too many or nobody, both boxes, or signed."""
    if vote.layout is Layout.STRIKE_OUT:
        return _paper(kept=vote.keys if len(vote.keys) % 2 else [])
    if len(vote.keys) == 1:
        return _paper(marks={vote.keys[0]: Mark.BOTH})
    return _paper(marks=dict.fromkeys(vote.keys, Mark.AGREE), flaws=[Flaw.SIGNED])


def doubtful_paper(vote: Vote, supported: dict[str, int]) -> dict[str, Any]:
    """One mark is unclear, on the name with most votes: the ruling either way changes nobody's luck."""
    key = max(vote.keys, key=lambda one: supported[one])
    if vote.layout is Layout.STRIKE_OUT:
        return _paper(kept=[key], flaws=[Flaw.UNCLEAR], unclear=key)
    return _paper(marks=dict.fromkeys(vote.keys, Mark.AGREE), flaws=[Flaw.UNCLEAR], unclear=key)


# ---- the count ----


def read(paper: dict[str, Any], ruling: str | None) -> Paper:
    flaws = frozenset(Flaw(one) for one in paper["flaws"])
    marks = None if paper["marks"] is None else {key: Mark(mark) for key, mark in paper["marks"].items()}
    settled = Ruling(ruling) if ruling and Flaw.UNCLEAR in flaws else None
    return Paper(None if paper["kept"] is None else tuple(paper["kept"]), marks, flaws, settled)


def true_entry(vote: Vote, papers: Sequence[dict[str, Any]], ruling: str | None) -> dict[str, Any]:
    """What the papers say, in the shape of one person's entry (``elections.rules.comparison.Figures``)."""
    counted = count([read(one, ruling) for one in papers], vote.keys, vote.layout, vote.seats, vote.voters)
    reasons = Counter(one.reason.value for one in counted.judgements if one.reason)
    return {
        "returned": len(papers),
        "valid": counted.ballots.valid,
        "invalid": counted.ballots.invalid,
        "votes": {key: one.to_dict() if isinstance(one, Opinion) else one for key, one in counted.votes.items()},
        "invalid_reasons": dict(reasons),
    }


def slip_of(random: Random, vote: Vote, papers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Whose votes the second teller has wrong, and by how much."""
    key = random.choice(vote.keys)
    votes = true_entry(vote, papers, Ruling.VALID)["votes"][key]
    right = votes["agree"] if isinstance(votes, dict) else votes
    return {"key": key, "by": -1 if right > 1 else 1}


def with_slip(entry: dict[str, Any], slip: dict[str, Any] | None) -> dict[str, Any]:
    """The second teller's first entry."""
    if slip is None:
        return entry
    votes, by = entry["votes"][slip["key"]], slip["by"]
    wrong = votes | {"agree": votes["agree"] + by} if isinstance(votes, dict) else votes + by
    return entry | {"votes": entry["votes"] | {slip["key"]: wrong}}
