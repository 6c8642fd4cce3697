"""What apps above say and do when the tree changes: they may refuse, adjust their own rows, and tell what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Change:
    """One act as it has just been written, before its transaction ends.

    ``ending`` are closed that day, ``moved`` stand under another parent with all that is below them,
    from ``losing`` members went elsewhere while it goes on, to ``receiving`` they came.
    """

    kind: str
    day: date
    ending: tuple[Organization, ...] = ()
    moved: tuple[Organization, ...] = ()
    losing: tuple[Organization, ...] = ()
    receiving: tuple[Organization, ...] = ()


Watcher = Callable[[Change], Iterable[str]]
_watchers: list[Watcher] = []


def register(watcher: Watcher) -> None:
    """``watcher(change)`` returns sentences for those who record the act; it raises InvalidInput to refuse it."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def of(change: Change) -> list[str]:
    return [sentence for watcher in _watchers for sentence in watcher(change)]
