"""``manage.py serve``: web server and worker of one machine, started together and ended together."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

GRACE_SECONDS = 10
START_LIMIT_SECONDS = 60
ABOUT_ROOT = "You're running the worker with superuser"  # Celery fears pickles, and none are read here
CONNECTIONS_PER_WORKER = 512  # beyond them clients wait at the door: browsers keep idle connections open


class Command(BaseCommand):
    help = "Chạy máy chủ web và tiến trình việc nền; Ctrl-C dừng tất cả."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        cores = len(os.sched_getaffinity(0))
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0: cổng trống bất kỳ")
        parser.add_argument("--web-workers", type=int, default=cores)
        parser.add_argument("--exact-port", action="store_true", help="cổng bận thì dừng, không tìm cổng kế tiếp")

    def handle(self, *args: Any, **options: Any) -> None:
        host, wanted = options["host"], options["port"]
        port = wanted if options["exact_port"] and is_free(host, wanted) else None
        if port is None and not options["exact_port"]:
            port = next_free_port(host, wanted)
        if port is None:
            raise CommandError(f"Cổng {wanted} đang bận. Chọn cổng khác: PORT=8100 make run")
        if port != wanted and wanted:
            self.stdout.write(f"Cổng {wanted} đang bận, dùng cổng {port}.")

        family = Family()
        family.listen_for_the_end()
        try:
            family.start("máy chủ web", web_server(host, port, options["web_workers"]))
            family.start("tiến trình việc nền", worker())
            family.wait(until=lambda: answers(host, port), seconds=START_LIMIT_SECONDS)
            self.welcome(host, port)
            family.wait()
        except Ended as end:
            if end.reason:
                raise CommandError(end.reason) from None
            self.stdout.write("Đang dừng …")
        finally:
            family.end()
        self.stdout.write("Đã dừng.")

    def welcome(self, host: str, port: int) -> None:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  (compared, not bound)
        self.stdout.write(f"\nĐại hội chi bộ đang chạy tại  http://{shown}:{port}/\n")
        if "demo_accounts" in get_commands():
            with suppress(CommandError):  # there are none where the stories were not told
                call_command("demo_accounts", stdout=self.stdout)
        self.stdout.write("Nhấn Ctrl-C để dừng.")
        self.stdout.flush()


class Ended(Exception):
    """Time to end everything; ``reason`` is blank when a person asked for it."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Family:
    """The processes started here, each leading a process group of its own."""

    def __init__(self) -> None:
        self.members: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.asked_to_end = False

    def listen_for_the_end(self) -> None:
        def note(signum: int, frame: FrameType | None) -> None:
            self.asked_to_end = True

        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, note)

    def start(self, name: str, command: list[str]) -> None:
        process = subprocess.Popen(
            command,
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches this process alone, which then ends them in order
            preexec_fn=die_with_parent,
        )
        self.members.append((name, process))

    def wait(self, *, until: Callable[[], bool] = lambda: False, seconds: float | None = None) -> None:
        """Return once ``until`` holds; raise Ended when a signal came, a member died or time ran out."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not until():
            if self.asked_to_end:
                raise Ended
            for name, process in self.members:
                if process.poll() is not None:
                    raise Ended(
                        f"Không chạy tiếp được: {name} đã tự dừng (mã {process.returncode}). Xem thông báo ở trên."
                    )
            if deadline is not None and time.monotonic() > deadline:
                raise Ended("Máy chủ web không trả lời. Xem thông báo ở trên.")
            time.sleep(0.1)

    def end(self) -> None:
        """Ask every member to finish, then make those that do not."""
        for _, process in self.members:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for _, process in self.members:
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            end_group(process.pid)
            process.wait()


def end_group(leader: int) -> None:
    """Whatever a member left behind has its group id; nothing else has."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


def die_with_parent() -> None:
    """Should this process be killed outright, the kernel tells its children to finish."""
    ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))  # 1 is PR_SET_PDEATHSIG


def web_server(host: str, port: int, workers: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application"),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "1", "--backpressure", str(CONNECTIONS_PER_WORKER)),
        *("--respawn-failed-workers", "--log-level", "warning"),
    ]


def worker() -> list[str]:
    """One process for a broker in a folder; a prefork pool when Redis is there."""
    pool = ["--pool", "prefork"] if settings.CELERY_BROKER_URL.startswith("redis") else ["--pool", "solo"]
    return [
        *(sys.executable, "-W", f"ignore:{ABOUT_ROOT}", "-m", "celery", "--app", "config", "--quiet", "worker", *pool),
        *("--loglevel", "warning", "--without-gossip", "--without-mingle"),
    ]


def next_free_port(host: str, wanted: int) -> int | None:
    if wanted == 0:
        with listening(host, 0) as probe:
            port: int = probe.getsockname()[1]
            return port
    return next((port for port in range(wanted, min(wanted + 100, 65536)) if is_free(host, port)), None)


def is_free(host: str, port: int) -> bool:
    try:
        listening(host, port).close()
    except OSError as refusal:
        if refusal.errno == errno.EADDRINUSE:
            return False
        raise CommandError(f"Không mở được cổng {port} tại {host}: {refusal.strerror}.") from refusal
    return True


def listening(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def answers(host: str, port: int) -> bool:
    """Whether the web server answers a request, whatever it says."""
    connection = HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104  (compared)
    try:
        connection.request("HEAD", "/", headers={"Host": "127.0.0.1"})
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
