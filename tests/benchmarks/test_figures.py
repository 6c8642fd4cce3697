"""What a benchmark prints: every line as others read it, and a goal that is held against the right number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from benchmarks.figures import Figure, Goal, rounded
from benchmarks.run import NAMES

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = ["name", "value", "unit", "reference", "reference_value", "ratio", "goal", "met"]


def figure(value: float, reference_value: float, goal: Goal) -> Figure:
    return Figure("page", value, "ms", "bare page", reference_value, goal)


@pytest.mark.parametrize(
    ("value", "goal", "met"),
    [
        pytest.param(40, Goal("ratio", "<=", 4), True, id="exactly the ratio allowed"),
        pytest.param(41, Goal("ratio", "<=", 4), False, id="above the ratio allowed"),
        pytest.param(5, Goal("value", "<", 5), False, id="exactly the seconds that are too many"),
        pytest.param(1, Goal("ratio", ">=", 0.1), True, id="exactly the ratio demanded"),
    ],
)
def test_a_goal_is_held_against_the_number_it_names(value, goal, met):
    assert json.loads(figure(value, 10, goal).line())["met"] is met


def test_a_line_has_the_fields_of_the_contract():
    line = json.loads(figure(123.456, 10, Goal("ratio", "<=", 4)).line())

    assert list(line) == KEYS
    assert (line["value"], line["ratio"], line["goal"]) == (123.5, 12.35, "ratio <= 4")


def test_figures_are_rounded_to_what_is_not_noise():
    assert [rounded(number) for number in (0.00123456, 98765.4, 1)] == [0.001235, 98770, 1]


@pytest.mark.postgresql
def test_every_measurement_goes_its_whole_way_in_a_database_of_its_own():
    """Without Redis: a worker of ours on the server of the tests would take the messages of other tests."""
    environment = {key: os.environ[key] for key in os.environ if key not in ("VAR_DIR", "DJANGO_SETTINGS_MODULE")}
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--quick"],
        cwd=ROOT,
        env=environment | {"REDIS_URL": ""},
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert done.returncode == 0, done.stderr[-4000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(line) for line in lines] == [KEYS] * len(lines)
    assert len(lines) >= len(NAMES)
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench%'")
        assert cursor.fetchall() == []
