"""Real worker processes, to be started, killed and waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass
class Worker:
    """One ``celery worker`` with its children in a process group of its own."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """The parent and its children at once, without a goodbye."""
        end_group(self.process)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        end_group(self.process)

    def wait_until_ready(self) -> None:
        wait_for(lambda: "ready." in self.log.read_text(), "the worker to be ready", seconds=30)


def start(environment: Mapping[str, str], log: Path, *options: str) -> Worker:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-I", "tests.faults.handlers"]
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle", *options]
    environment = {**environment, "CELERY_SKIP_CHECKS": "1"}  # of the web pages, which a worker does not serve
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=settings.ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    return Worker(process, log)


def end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def wait_for(condition: Callable[[], object], what: str, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)
