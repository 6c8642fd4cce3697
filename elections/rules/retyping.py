"""What a teller types again after a difference, and the whole figures of one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any

from elections.rules.comparison import BALLOTS, Figures
from elections.rules.papers import Reason
from elections.rules.result import Result

LETTERS = {letter: name for name, letter in BALLOTS}


def whole(figures: Figures, slate: Sequence[str] = ()) -> dict[str, Any]:
    """The figures of one entry with every key, names in the order of the slate, so that equal entries are equal text.

    What was not typed is None; reasons without papers are left out.
    """
    votes, reasons = figures.get("votes") or {}, figures.get("invalid_reasons") or {}
    return {
        **{name: figures.get(name) for name, _ in BALLOTS},
        "votes": {name: deepcopy(votes[name]) for name in dict.fromkeys((*slate, *votes)) if name in votes},
        "invalid_reasons": {code: reasons[code] for code in sorted(reasons) if reasons[code]},
    }


def retyped(before: Figures, typed: Figures, fields: Collection[str], slate: Sequence[str]) -> dict[str, Any]:
    """E-28 — ``before`` with the ``fields`` taken from ``typed``; everything else stays as first typed.

    ``fields`` are those of ``differing_fields``: only what the two people differed on is typed again.
    """
    made = whole(before, slate)
    for field in fields:
        path = path_of(field, slate)
        _put(made, path, _find(typed, path))
    return whole(made, slate)


def path_of(field: str, slate: Sequence[str]) -> tuple[str, ...]:
    """Where a field of the sheet is in the figures: ``L2.agree`` → ``("votes", id of the second name, "agree")``."""
    letter, _, part = field.partition(".")
    if letter.startswith("L"):
        name = slate[int(letter[1:]) - 1]
        return ("votes", name, part) if part else ("votes", name)
    return ("invalid_reasons", part) if part else (LETTERS[letter],)


def _find(figures: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        figures = figures.get(key) if isinstance(figures, Mapping) else None
    return figures


def _put(figures: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for key in above:
        figures = figures[key]
    figures[last] = value


def figures_of_papers(result: Result, categories: Mapping[int, str]) -> dict[str, Any]:
    """Totals of papers read one by one, as an entry by totals has them.

    ``categories``: place of the paper among those judged → legal category that the tellers gave a ruled paper.
    Papers still in doubt are returned and nothing else.
    """
    reasons = Counter(
        categories.get(place, judgement.reason.value)
        for place, judgement in enumerate(result.judgements)
        if judgement.reason is not None
    )
    ballots, votes = result.to_dict()["ballots"] or {}, result.to_dict()["votes"] or {}
    return whole(
        {
            "returned": len(result.judgements),
            **{name: ballots.get(name) for name in ("valid", "invalid")},
            "votes": votes,
            "invalid_reasons": {code.value: reasons[code.value] for code in Reason if reasons[code.value]},
        }
    )
