"""When the database sends one of two writers away: nothing is written, and the way is to send again.

A ring of locks that it broke, a row that somebody else held too long, a snapshot that no longer holds. Nothing is tried
again behind a person's back: a form may rest on what the other one has just changed.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import access, typed

logger = logging.getLogger(__name__)

STATES = {"40P01": "deadlock", "40001": "serialization failure", "55P03": "lock not available"}
SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")
RETRY_AFTER = 5
SEND_AGAIN = "Có người khác vừa ghi cùng lúc, chưa ghi gì. Bấm Gửi lại sau vài giây."
GO_BACK = "Có người khác vừa ghi cùng lúc, chưa ghi gì. Quay lại trang trước rồi gửi lại sau vài giây."
LOAD_AGAIN = "Có người khác đang ghi cùng lúc nên chưa mở được trang này. Tải lại trang sau vài giây."


def is_contention(exception: BaseException) -> bool:
    """Whether it was only the moment: the same request may well get through in a few seconds."""
    cause: Any = exception.__cause__
    if not isinstance(exception, DatabaseError) or cause is None:
        return False
    by_name = str(getattr(cause, "sqlite_errorname", ""))
    return getattr(cause, "pgcode", None) in STATES or by_name.startswith(SQLITE)


def busy_page(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """503: what was typed stands in a form that is sent again as it is, and waits on its page where that page can."""
    logger.warning("one of two writers was sent away at %s: %s", request.path, exception.__cause__)
    sends = request.method not in access.SAFE_METHODS
    is_secret = any("password" in name for name in request.POST)
    again = sends and not is_secret and not request.FILES
    if sends and not is_secret and request.user.is_authenticated and typed.keep(request, owner=request.user.pk):
        request.session.save()  # an answer of this kind saves no session by itself
    context = {
        "message": SEND_AGAIN if again else GO_BACK if sends else LOAD_AGAIN,
        "path": request.get_full_path(),
        "typed": _typed(request) if again else None,
        "back_url": access.page_before(request) if sends else request.get_full_path(),
        "sends": sends,
    }
    part = request.htmx and not request.htmx.boosted
    answer = render(request, "errors/_refused.html" if part else "errors/busy.html", context, status=503)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Every value of the form in its order, several of one name as well."""
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    return [(name, value) for name in names for value in request.POST.getlist(name)]
