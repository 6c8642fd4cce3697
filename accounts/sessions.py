"""How long a session lives: so long after the last page, and never longer than a working day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
WRITE_EVERY_SECONDS = 60  # not at every page: a session write is a database write


def start_clock(request: HttpRequest, **kwargs: Any) -> None:
    """Receives Django's ``user_logged_in``: no way of signing in can forget to start the limits."""
    moment = int(timezone.now().timestamp())
    request.session[SIGNED_IN_AT] = moment
    request.session[LAST_SEEN_AT] = moment


def has_ended(request: HttpRequest, at: datetime) -> bool:
    """Whether the idle or the absolute limit has been reached; a session without times is not ours to trust."""
    now = int(at.timestamp())
    signed_in = request.session.get(SIGNED_IN_AT)
    last_seen = request.session.get(LAST_SEEN_AT)
    if not isinstance(signed_in, int) or not isinstance(last_seen, int):
        return True
    return now - last_seen >= settings.SESSION_IDLE_SECONDS or now - signed_in >= settings.SESSION_COOKIE_AGE


def touch(request: HttpRequest, at: datetime) -> None:
    now = int(at.timestamp())
    if now - request.session[LAST_SEEN_AT] >= WRITE_EVERY_SECONDS:
        request.session[LAST_SEEN_AT] = now


def signed_in_seconds_ago(request: HttpRequest, at: datetime) -> int:
    """How long ago the person signed in with the password."""
    return int(at.timestamp()) - int(request.session.get(SIGNED_IN_AT, 0))
