"""Real threads with connections of their own, let go at the same moment, over and over from the same scene."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import sleep
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts import audit
from accounts.errors import DomainError
from accounts.transitions import Lifecycle
from documents import queries
from tests.races.scenes import Scenes

REPETITIONS = int(os.environ.get("RACE_REPETITIONS", "10"))
"""How often each race is run; 500 by ``make races``."""
CONTROLS = max(10, REPETITIONS // 10)
"""How often a race is run with its lock or constraint taken away: of an ordinary run until it breaks."""
IN_EARNEST = "RACE_REPETITIONS" in os.environ
"""Then every repetition of a control is run, and what was counted is told at the end."""

PAUSE_SECONDS = 0.02
MOST_AT_ONCE = 8
Outcome = object
Act = Callable[[], object]


@dataclass(frozen=True)
class Race:
    """Where it begins, who runs, what must hold afterwards, and what is taken away in its control.

    ``taken_away`` names fixtures. Without them the same runners from the same scene must break what holds.
    """

    scene: str
    acts: Callable[[Any], list[Act]]
    holds: Callable[[Any, list[Outcome]], bool]
    taken_away: tuple[str, ...] = ("thinking",)


class Runners:
    """As many threads as ever run at once, each with a connection that it keeps until the last race."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(MOST_AT_ONCE)

    def together(self, *acts: Act) -> list[Outcome]:
        """What each returned or raised, all let go at once. An exception that is no refusal stays one, to be seen."""
        barrier = threading.Barrier(len(acts))

        def run(act: Act) -> Outcome:
            barrier.wait(timeout=30)
            try:
                return act()
            except Exception as refusal:
                return refusal

        running = [self.pool.submit(run, act) for act in acts]
        return [one.result(timeout=60) for one in running]  # longer than that: two acts wait for one another

    def go_home(self) -> None:
        self.together(*[lambda: connection.close()] * MOST_AT_ONCE)  # of each thread its own, hence the lambda
        self.pool.shutdown()


@pytest.fixture(scope="session")
def runners(django_db_setup: None) -> Iterator[Runners]:
    runners = Runners()
    yield runners
    runners.go_home()


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's own, for a whole file: it empties no table between two tests."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def scenes(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Scenes]:
    """The ``SCENES`` of this file; what is committed there is gone again after its last test."""
    scenes = Scenes(request.module.SCENES)
    yield scenes
    scenes.strike()


def broken_runs(race: Race, scenes: Scenes, runners: Runners, times: int, *, until: int = 0) -> tuple[int, int, object]:
    """How many of how many runs broke, and what came out of the last that did; stops at the ``until``-th."""
    broken, turn, seen = 0, 0, None
    while turn < times and not (until and broken == until):
        turn += 1
        world = scenes.at(race.scene)
        outcomes = runners.together(*race.acts(world))
        if not race.holds(world, outcomes):
            broken, seen = broken + 1, outcomes
    return broken, turn, seen


def hold_always(race: Race, scenes: Scenes, runners: Runners, record: Callable[[str, object], None]) -> None:
    """The race itself: not once in all repetitions does it break."""
    broken, turns, seen = broken_runs(race, scenes, runners, REPETITIONS, until=0 if IN_EARNEST else 1)
    record("violations", f"{broken}/{turns}")
    assert not broken, seen
    assert audit.verify_chain() == []


def break_without_it(
    race: Race, scenes: Scenes, runners: Runners, record: Callable[[str, object], None], request: pytest.FixtureRequest
) -> None:
    """The control: with what is ``taken_away`` the same race breaks, of ten times once at least."""
    scenes.at(race.scene)
    for name in race.taken_away:
        request.getfixturevalue(name)
    broken, turns, _ = broken_runs(race, scenes, runners, CONTROLS, until=0 if IN_EARNEST else 1)
    record("broken without it", f"{broken}/{turns}")
    assert broken


def won(outcomes: Sequence[Outcome]) -> int:
    return sum(not isinstance(one, Exception) for one in outcomes)


def lost_clearly(outcomes: Sequence[Outcome]) -> bool:
    """Whoever lost was told so in a sentence."""
    return all(isinstance(one, DomainError) for one in outcomes if isinstance(one, Exception))


def one_won(outcomes: Sequence[Outcome]) -> bool:
    return won(outcomes) == 1 and lost_clearly(outcomes)


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read without a lock, and everybody takes a moment between reading and writing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
    thinking = Lifecycle.after

    def after(self: Lifecycle, action: str, *, state: str) -> str:
        sleep(PAUSE_SECONDS)
        return thinking(self, action, state=state)

    monkeypatch.setattr(Lifecycle, "after", after)
    newest = queries.newest_version
    monkeypatch.setattr(queries, "newest_version", lambda document: (newest(document), sleep(PAUSE_SECONDS))[0])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Race by race what was counted, when it was run in earnest."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            told[report.nodeid.partition("[")[2].rstrip("]")] |= dict(report.user_properties)
    counted = {name: figures for name, figures in sorted(told.items()) if figures}
    if IN_EARNEST and counted:
        terminalreporter.section("race: violations, and how often it breaks without lock or constraint")
    for name, figures in counted.items() if IN_EARNEST else ():
        violations, broken = figures.get("violations", "-"), figures.get("broken without it", "-")
        terminalreporter.write_line(f"{name:45} {violations:>9} {broken:>9}")
