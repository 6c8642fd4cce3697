"""Throw-away PostgreSQL and Redis: own folder, own socket or port, gone when the block ends.

``initdb`` refuses root, so as root both servers run as ``nobody``. Debian's own cluster is never touched.
If the process that started them is killed, the kernel ends them too.
"""

from __future__ import annotations

import ctypes
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

FAST_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "jit": "off"}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
START_LIMIT_SECONDS = 60


@dataclass
class Server:
    """One running server; ``kill`` and ``start`` again are what fault tests do to it."""

    url: str
    folder: Path
    command: list[str]
    is_ready: Callable[[], bool]
    gentle_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C ends the tests first, then the servers
            preexec_fn=_die_with_parent(self.gentle_signal),
            **_unprivileged(),
        )
        log.close()
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.command[0]} did not start:\n{(self.folder / 'server.log').read_text()}")
            time.sleep(0.02)

    def kill(self) -> None:
        """As the power switch would: no goodbye."""
        self._end(signal.SIGQUIT if self.gentle_signal is signal.SIGINT else signal.SIGKILL)

    def stop(self) -> None:
        self._end(self.gentle_signal)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def postgresql(settings: Mapping[str, str] = FAST_AND_FORGETFUL) -> Iterator[Server]:
    with _folder("postgresql") as folder:
        data = folder / "data"
        subprocess.run(
            [_postgresql_command("initdb"), "--pgdata", data, "--username=tests", "--auth=trust"]
            + ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--data-checksums"],
            cwd=folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **_unprivileged(),
        )
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200"}
        options |= settings
        command = [_postgresql_command("postgres"), "-D", str(data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        url = f"postgres://tests@{quote(str(folder), safe='')}:5432/postgres"
        yield from _running(Server(url, folder, command, _postgresql_answers(folder), signal.SIGINT))


@contextmanager
def redis() -> Iterator[Server]:
    with _folder("redis") as folder:
        port = free_port()
        command = [_command("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        command += ["--save", "", "--appendonly", "no", "--databases", "128", "--daemonize", "no"]
        url = f"redis://127.0.0.1:{port}/0"
        yield from _running(Server(url, folder, command, _redis_answers(port), signal.SIGTERM))


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """A short path (socket names are limited to 107 bytes) that the unprivileged user owns."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir="/tmp"))  # mkdtemp makes it private
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _die_with_parent(how: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, int(how))  # 1 is PR_SET_PDEATHSIG


def _postgresql_command(name: str) -> str:
    installed = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    return max(installed, key=lambda path: float(path.split("/")[4])) if installed else _command(name)


def _command(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def _postgresql_answers(folder: Path) -> Callable[[], bool]:
    import psycopg2  # not needed by those who start Redis alone

    def answers() -> bool:
        try:
            psycopg2.connect(host=str(folder), user="tests", dbname="postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    return answers


def _redis_answers(port: int) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    return answers
