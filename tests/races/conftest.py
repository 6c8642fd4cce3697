"""Real threads with connections of their own, let go at the same moment."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from time import sleep

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts.errors import DomainError
from accounts.transitions import Lifecycle
from documents import queries

REPETITIONS = int(os.environ.get("RACE_REPETITIONS", "20"))
"""How often each pair is let go; 500 for a night."""

PAUSE_SECONDS = 0.02
Outcome = object


def together(*acts: Callable[[], object]) -> list[Outcome]:
    """What each act returned or raised, all let go at once. An exception that is no refusal stays one, to be seen."""
    outcomes: list[Outcome] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[number] = act()
        except Exception as refusal:
            outcomes[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "two acts wait for one another"
    return outcomes


def won(outcomes: Sequence[Outcome]) -> int:
    return sum(not isinstance(one, Exception) for one in outcomes)


def lost_clearly(outcomes: Sequence[Outcome]) -> bool:
    """Whoever lost was told so in a sentence."""
    return all(isinstance(one, DomainError) for one in outcomes if isinstance(one, Exception))


def one_won(outcomes: Sequence[Outcome]) -> bool:
    return won(outcomes) == 1 and lost_clearly(outcomes)


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: rows are read without a lock, and everybody takes a moment between reading and writing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
    thinking = Lifecycle.after

    def after(self: Lifecycle, action: str, *, state: str) -> str:
        sleep(PAUSE_SECONDS)
        return thinking(self, action, state=state)

    monkeypatch.setattr(Lifecycle, "after", after)
    newest = queries.newest_version
    monkeypatch.setattr(queries, "newest_version", lambda document: (newest(document), sleep(PAUSE_SECONDS))[0])
