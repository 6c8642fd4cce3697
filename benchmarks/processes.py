"""Real processes of the product, started and ended here, and a client that speaks to them over HTTP."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
SIGN_IN = "/dang-nhap/"
LIMIT_SECONDS = 300


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process group of its own, ended by the signal of Ctrl-C and, if it will not, by force."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def product(environment: Mapping[str, str], log: Path, *, web_workers: int = 1) -> Iterator[int]:
    """Web server and worker as ``manage.py serve`` starts them; the port they answer on."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--exact-port", "--port", str(port)]
    with running([*command, "--web-workers", str(web_workers)], environment, log) as process:
        wait_for(lambda: answers(port), process=process, log=log)
        wait_for(lambda: "Ctrl-C" in log.read_text("utf-8", "ignore"), process=process, log=log)
        yield port


def wait_for(condition: Callable[[], object], *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args} did not do its work:\n{log.read_text('utf-8', 'ignore')[-4000:]}")
        time.sleep(0.01)


def answers(port: int) -> bool:
    """Whether the page of sign-in comes with 200; any other answer is a fault, not a reason to wait."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", SIGN_IN)
        status = connection.getresponse().status
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    if status != 200:
        raise RuntimeError(f"GET {SIGN_IN} answered {status}")
    return True


class Visitor:
    """One person's browser, as far as a measurement needs it: cookies, one lasting connection, forms."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> None:
        form = self.form(SIGN_IN)
        status, _ = self.post(SIGN_IN, form | {"login": username, "password": password})
        if status != 302:
            raise RuntimeError(f"{username} could not sign in: {status}")

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path)

    def page(self, path: str) -> str:
        status, content = self.get(path)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}")
        return content.decode()

    def form(self, path: str) -> dict[str, str]:
        """The hidden values of the form on the page at ``path`` that is posted back to it."""
        tags = re.findall(r"(<form\b[^>]*>)(.*?)</form>", self.page(path), re.DOTALL)
        posted = [(attribute(head, "action") or path, inside) for head, inside in tags if 'method="post"' in head]
        inputs = re.findall(r"<input\b[^>]*>", next(inside for goal, inside in posted if goal == path))
        return {attribute(tag, "name"): attribute(tag, "value") for tag in inputs if 'type="hidden"' in tag}

    def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, bytes]:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        if method == "POST":
            origin = f"http://127.0.0.1:{self.connection.port}"
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin, "Referer": f"{origin}/"}
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, text = line.partition(";")[0].partition("=")
            self.cookies[name] = text
        return response.status, response.read()


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""
