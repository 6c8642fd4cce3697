"""The five stories, told once for all tests of them; browsers and workers for those who walk the whole way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from tests.browser.conftest import open_browser, page_as, watch
from tests.faults.conftest import broker, start_worker
from tests.journeys.telling import tell

__all__ = ["broker", "lines", "open_browser", "page_as", "start_worker", "told", "watch"]


@pytest.fixture(scope="module")
def lines(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, dict[str, Any]]]:
    """What ``replay_seeds`` prints, by story; the database holds the stories until the module is done."""
    kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell()
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = kept


@pytest.fixture
def told(lines: dict[str, dict[str, Any]]) -> Iterator[dict[str, dict[str, Any]]]:
    """The stories; what the test does to them is undone."""
    with transaction.atomic():
        yield lines
        transaction.set_rollback(True)
