"""Two people enter the same count: where they differ, both type that place again. Nothing here picks a winner."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Figures = Mapping[str, Any]
"""``{"returned", "valid", "invalid", "votes": {id: n | {"agree", "disagree"}}, "invalid_reasons": {code: n}}``;
a figure left blank is None or absent, and no zero."""

BALLOTS = (("returned", "G"), ("valid", "H"), ("invalid", "K"))
Slip = TypeVar("Slip", bound=Hashable)


def differing_fields(first: Figures, second: Figures, slate: Sequence[str] = ()) -> tuple[str, ...]:
    """E-28 — The fields of the tally sheet on which two independent entries differ, in the order of the sheet.

    ``G`` returned, ``H`` valid, ``K`` invalid, ``K.signed`` one reason, ``L1`` the votes of the first name,
    ``L1.agree`` and ``L1.disagree`` on a paper without surplus. Without ``slate`` the names count in the order
    in which the entries hold them. A blank differs from a zero; a reason not mentioned is a reason of no paper.
    """
    return (*_ballots(first, second), *_reasons(first, second), *_votes(first, second, slate))


def differing_slips(first: Mapping[Slip, Any], second: Mapping[Slip, Any]) -> tuple[Slip, ...]:
    """E-28 — The papers read differently, or read by one of the two only.

    The order of names, of marks, of flaws and of unclear names on a paper means nothing.
    """
    slips = dict.fromkeys((*first, *second))
    return tuple(slip for slip in slips if _read(first.get(slip)) != _read(second.get(slip)))


def _ballots(first: Figures, second: Figures) -> Iterator[str]:
    for name, letter in BALLOTS:
        if first.get(name) != second.get(name):
            yield letter


def _reasons(first: Figures, second: Figures) -> Iterator[str]:
    one, other = first.get("invalid_reasons") or {}, second.get("invalid_reasons") or {}
    for code in dict.fromkeys((*one, *other)):
        if (one.get(code) or 0) != (other.get(code) or 0):
            yield f"K.{code}"


def _votes(first: Figures, second: Figures, slate: Sequence[str]) -> Iterator[str]:
    one, other = first.get("votes") or {}, second.get("votes") or {}
    for number, name in enumerate(dict.fromkeys((*slate, *one, *other)), start=1):
        yield from _of_name(f"L{number}", one.get(name), other.get(name))


def _of_name(letter: str, one: Any, other: Any) -> Iterator[str]:
    if not isinstance(one, Mapping) and not isinstance(other, Mapping):
        if one != other:
            yield letter
        return
    for part in ("agree", "disagree"):
        if _part(one, part) != _part(other, part):
            yield f"{letter}.{part}"


def _part(figure: Any, part: str) -> Any:
    return figure.get(part) if isinstance(figure, Mapping) else figure


def _read(paper: Any) -> Any:
    if paper is None:
        return None
    kept, marks = paper.get("kept"), paper.get("marks")
    return (
        None if kept is None else sorted(kept),
        None if marks is None else dict(marks),
        sorted(paper.get("flaws") or ()),
        sorted(paper.get("unclear") or ()),
        paper.get("ruling"),
    )
