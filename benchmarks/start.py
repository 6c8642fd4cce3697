"""``make run`` on a machine that has run it before: from the command to the first page."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.figures import Figure, Goal, seconds_of
from benchmarks.processes import answers, free_port, running, wait_for
from benchmarks.scratch import ROOT, Scratch
from outbox import runner
from scripts.run import stories_stamp

BARE = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.development'; django.setup()"


def measure(place: Scratch) -> Iterator[Figure]:
    if place.quick:
        stories_stamp().touch()
    make_run(place)  # the first start: stories and static files
    runner.run_waiting()  # and their papers, which a second start does not wait for, but shares the machine with
    seconds, bare = [], []
    for _ in range(place.times(5)):
        seconds.append(make_run(place))
        bare.append(seconds_of(lambda: bare_django(place)))
    yield Figure(
        name="make run, second start, until the first page answers 200",
        value=statistics.median(seconds),
        unit="s",
        reference="python -c 'import django; django.setup()' with the same settings",
        reference_value=statistics.median(bare),
        goal=Goal("value", "<", 5),
    )


def make_run(place: Scratch) -> float:
    """Seconds from the command to the answer; everything has ended on return."""
    port, log = free_port(), place.folder / "start.log"
    started = time.perf_counter()
    with running(["make", "run"], place.environment | {"PORT": str(port)}, log) as process:
        wait_for(lambda: answers(port), process=process, log=log)
        return time.perf_counter() - started


def bare_django(place: Scratch) -> None:
    subprocess.run([sys.executable, "-c", BARE], cwd=ROOT, env=place.environment, check=True)
