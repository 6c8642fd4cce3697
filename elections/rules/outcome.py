"""From votes to who is in. A tie is an answer: nothing here ever picks between equals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """``elected`` in descending votes, equals in slate order; ``tied`` in slate order, for ``open_seats``."""

    elected: tuple[str, ...]
    tied: tuple[str, ...] = ()
    open_seats: int = 0


def ordinary(support: Mapping[str, int], *, seats: int, needed: int) -> Outcome:
    """E-50 — Only who reaches ``needed`` votes, measured against the base D, can be elected.

    Quyết định 190-QĐ/TW, Điều 30 khoản 1–2 (244-QĐ/TW, Điều 32 khoản 1–2). ``support`` is in slate order.
    """
    return fill(ranked(support, at_least=needed), support, seats=seats)


def tie_revote(support: Mapping[str, int], *, seats: int) -> Outcome:
    """E-53 — Among those tied, more votes win without needing more than half; equal again stays a tie.

    Quyết định 190-QĐ/TW, Điều 30 khoản 4 (244-QĐ/TW, Điều 32 khoản 4), both recalled: verify (U-12).
    """
    return fill(ranked(support, at_least=0), support, seats=seats)


def holds_together(outcome: Outcome, support: Mapping[str, int], *, seats: int, needed: int) -> bool:
    """E-63j — No more elected than seats, each with the votes needed (0 in a re-vote), nobody elected and tied."""
    elected = [support[name] for name in outcome.elected]
    filled = len(elected) + outcome.open_seats == seats
    return filled and all(votes >= needed for votes in elected) and not set(outcome.elected) & set(outcome.tied)


def ranked(support: Mapping[str, int], *, at_least: int) -> tuple[str, ...]:
    """Those with enough votes, most first; equal ones stay in the order given."""
    qualified = [name for name, votes in support.items() if votes >= at_least]
    return tuple(sorted(qualified, key=lambda name: -support[name]))


def fill(qualified: tuple[str, ...], support: Mapping[str, int], *, seats: int) -> Outcome:
    """E-52 — More qualified than seats: from the highest downward until the seats are filled.

    Quyết định 244-QĐ/TW, Điều 32 khoản 4 (190-QĐ/TW, Điều 30). A tie at the cut fills nothing (E-53).
    """
    if len(qualified) <= seats:
        return Outcome(qualified, open_seats=seats - len(qualified))
    tied = tied_at_the_cut(qualified, support, seats=seats)
    if not tied:
        return Outcome(qualified[:seats])
    sure = tuple(name for name in qualified if support[name] > support[tied[0]])
    return Outcome(sure, tied, seats - len(sure))


def tied_at_the_cut(qualified: tuple[str, ...], support: Mapping[str, int], *, seats: int) -> tuple[str, ...]:
    """E-54 — Equal votes matter only where the last seat divides them; elsewhere nobody is tied."""
    cut = support[qualified[seats - 1]]
    if support[qualified[seats]] != cut:
        return ()
    return tuple(name for name in qualified if support[name] == cut)
