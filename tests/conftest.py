"""What every test may use, and which tests a machine cannot run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import settings as hypothesis_settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests

CHROMIUM = "/usr/bin/chromium"
QUIET_CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reasons = {
        "postgresql": "" if connection.vendor == "postgresql" else "cần PostgreSQL (DATABASE_URL)",
        "redis": "" if os.environ.get("REDIS_URL") else "cần Redis (REDIS_URL)",
        "browser": "" if Path(CHROMIUM).exists() else "cần Chromium của Debian",
    }
    for item in items:
        for marker, reason in reasons.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def files_in_a_folder_of_the_test(tmp_path: Path) -> Iterator[None]:
    """What a test uploads or prints never lands in the developer's own files."""
    with override_settings(MEDIA_ROOT=tmp_path / "files"):  # tells the storage too, which remembers its place
        yield


@pytest.fixture
def process_environment(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    """Environment for real processes (a worker, a server) that shall see the database of this test."""
    base = connection.settings_dict
    if connection.vendor == "postgresql":
        url = f"postgres://{base['USER']}@{base['HOST'].replace('/', '%2F')}:{base['PORT']}/{base['NAME']}"
    else:
        url = f"sqlite:///{base['NAME']}"
    return os.environ | {
        "DATABASE_URL": url,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET_CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
