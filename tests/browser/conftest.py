"""A real Chromium in front of the live server; whatever it complains about fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from accounts.models import User

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}


@dataclass
class Watch:
    """What the browser complained about, over every page of the test."""

    console: list[str] = field(default_factory=list)
    csp: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of console messages that the test provokes on purpose, such as "status of 404"."""

    def over(self, context: BrowserContext, home: str) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.console.append(str(error.error)))
        context.on("request", lambda request: self._request(request, home))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.console.append(message.text)

    def _request(self, request: Request, home: str) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws") and parts.netloc != urlsplit(home).netloc:
            self.foreign.append(request.url)
        if request.method == "POST" and parts.path == report_path():
            self.csp.append(request.post_data or "")

    def complaints(self) -> list[str]:
        unexpected = [text for text in self.console if not any(part in text for part in self.expected)]
        return unexpected + self.csp + self.foreign


def report_path() -> str:
    return str(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["report-uri"])


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.complaints() == []


@pytest.fixture
def collect_console(watch: Watch) -> list[str]:
    """Errors and warnings of the console so far."""
    return watch.console


@pytest.fixture
def csp_reports(watch: Watch) -> list[str]:
    """Reports of the Content-Security-Policy so far."""
    return watch.csp


@pytest.fixture
def open_browser(
    live_server: Any, browser: Browser, browser_context_args: dict[str, Any], watch: Watch
) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser profile, watched: open_browser(viewport=PHONE, has_touch=True)."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        context = browser.new_context(
            **{**browser_context_args, "base_url": live_server.url, "viewport": DESK, **options}
        )
        watch.over(context, live_server.url)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def visitor(open_browser: Callable[..., BrowserContext]) -> Page:
    """Somebody who has not signed in, at a desk."""
    return open_browser().new_page()


@pytest.fixture
def page_as(live_server: Any, open_browser: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """page_as(user) is a page of that person's own browser, signed in; options go to the profile (viewport=PHONE)."""

    def page(user: User, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context = open_browser(**options)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    return page
