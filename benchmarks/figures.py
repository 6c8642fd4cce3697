"""What a benchmark says: one figure against a reference measured in the same run."""

from __future__ import annotations

import json
import operator
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

COMPARISONS: dict[str, Callable[[float, float], bool]] = {"<": operator.lt, "<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Goal:
    """``Goal("ratio", "<=", 4)``: which number of the figure is held against what."""

    of: str
    comparison: str
    limit: float

    def __str__(self) -> str:
        return f"{self.of} {self.comparison} {self.limit:g}"

    def is_met(self, figure: Figure) -> bool:
        return COMPARISONS[self.comparison](getattr(figure, self.of), self.limit)


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    goal: Goal

    @property
    def ratio(self) -> float:
        return self.value / self.reference_value

    @property
    def met(self) -> bool:
        return self.goal.is_met(self)

    def line(self) -> str:
        shown = {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "reference": self.reference,
            "reference_value": rounded(self.reference_value),
            "ratio": rounded(self.ratio),
            "goal": str(self.goal),
            "met": self.met,
        }
        return json.dumps(shown, ensure_ascii=False)


def rounded(number: float) -> float:
    """Four figures: more would be noise."""
    return float(f"{number:.4g}")


def seconds_of(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def median_of(times: int, act: Callable[[], float]) -> float:
    return statistics.median(act() for _ in range(times))


def medians_in_turns(times: int, acts: Iterable[Callable[[], object]]) -> list[float]:
    """Median seconds of each act, measured alternately: what disturbs the machine disturbs all of them."""
    acts = list(acts)
    rounds = [[seconds_of(act) for act in acts] for _ in range(times)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]
