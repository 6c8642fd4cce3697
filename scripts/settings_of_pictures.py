"""The demo on an afternoon of its own time: the stories are of 2022, and a picture of them shall not say that
everything is a thousand days late.

Settings are the first of ours that any process reads, so the clock is set back before anybody looks at it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from config.settings.development import *  # noqa: F403  (settings are layered by import)

AFTERNOON = datetime(2022, 7, 21, 15, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
_started = datetime.now(UTC)


def _now() -> datetime:
    return (AFTERNOON + (datetime.now(UTC) - _started)).astimezone(UTC)


timezone.now = _now
