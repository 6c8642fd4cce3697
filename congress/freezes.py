"""While ballots are counted the roll and the tellers stand still: apps above say so here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from accounts.errors import IllegalTransition
from congress.models import Congress

ROLL = "roll"
TELLERS = "tellers"

Freeze = Callable[[Congress, str], str]
LastAct = Callable[[Congress], datetime | None]
Bar = Callable[[Congress], Mapping[int, str]]
_freezes: list[Freeze] = []
_last_acts: list[LastAct] = []
_bars: list[Bar] = []


def register(freeze: Freeze) -> None:
    """``freeze(congress, what)`` gives the sentence why ``what`` (ROLL, TELLERS) may not change now, or ""."""
    if freeze not in _freezes:
        _freezes.append(freeze)


def register_last_act(last_act: LastAct) -> None:
    """``last_act(congress)`` gives the last moment of this sitting that the app has recorded, or None."""
    if last_act not in _last_acts:
        _last_acts.append(last_act)


def register_bar(bar: Bar) -> None:
    """``bar(congress)`` gives the members who may not be tellers now: id → the sentence why."""
    if bar not in _bars:
        _bars.append(bar)


def barred_tellers(congress: Congress) -> dict[int, str]:
    """Member id → why this person may not be elected teller now."""
    return {pk: why for bar in _bars for pk, why in bar(congress).items()}


def reason(congress: Congress, what: str) -> str:
    """The first reason why it may not change; "" when it may."""
    return next(filter(None, (freeze(congress, what) for freeze in _freezes)), "")


def require_open(congress: Congress, what: str) -> None:
    """Raise IllegalTransition with the reason while ``what`` stands still."""
    why = reason(congress, what)
    if why:
        raise IllegalTransition(why)


def last_act(congress: Congress) -> datetime | None:
    """The last moment recorded of this sitting: it cannot have closed before."""
    return max(filter(None, (act(congress) for act in _last_acts)), default=None)
