"""What a person typed in a form that did not get through, kept on the server until they are back on that page.

A form says with ``{% typed_by %}`` who types in it. When it arrives after the session has ended, or before the password
was asked for once more, its values wait in the browser's session; they are shown to nobody else and go with the next
submission from that page. Works without scripts.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from accounts.models import User

KEPT = "typed_before"
TYPIST = "typed_by"
NOT_KEPT = ("csrfmiddlewaretoken", TYPIST)
MOST = 200_000  # signs of one form; a session is a row of the database
GIVEN_BACK = "Đây là những gì đồng chí đã gõ trước khi phiên làm việc hết giờ, chưa gửi. Kiểm tra rồi gửi lại."

_signer = Signer(salt="accounts.typed")


def mark_of(user: User) -> str:
    """Says in a form who types in it, so that nobody can say it for another person."""
    return _signer.sign(str(user.pk))


def keep(request: HttpRequest, *, owner: int | None = None) -> bool:
    """Keep the posted values for ``owner``, or for the typist whom the form names; false when there is none."""
    owner = owner or _typist(request)
    values = {key: _one_or_all(request.POST.getlist(key)) for key in request.POST if key not in NOT_KEPT}
    if owner is None or sum(len(text) for one in values.values() for text in one) > MOST:
        return False
    request.session[KEPT] = {"path": request.path, "owner": owner, "values": values}
    return True


def _typist(request: HttpRequest) -> int | None:
    try:
        return int(_signer.unsign(request.POST.get(TYPIST, "")))
    except (BadSignature, ValueError):
        return None


def _one_or_all(texts: list[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else texts


def typed_before(request: HttpRequest) -> dict[str, Any]:
    """Initial values of this page's form; nothing once the person has submitted it again."""
    kept: dict[str, Any] = request.session.get(KEPT) or {}
    if kept.get("path") != request.path or kept.get("owner") != request.user.pk:
        return {}
    if request.method == "POST":
        del request.session[KEPT]
        return {}
    if kept.get("said_so"):
        messages.info(request, GIVEN_BACK)
    values: dict[str, Any] = kept["values"]
    return values


def keep_for_another_session(request: HttpRequest) -> None:
    """The form came from nobody signed in: keep it for whom it names, and say so on the page that signs in."""
    if request.method == "POST" and keep(request):
        request.session[KEPT] |= {"said_so": True}
        messages.info(request, "Những gì đồng chí vừa gõ đã được giữ lại và hiện ra sau khi đăng nhập.")


def forget_what_others_typed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receives Django's ``user_logged_in``: somebody else's words do not lie in this person's session."""
    if (request.session.get(KEPT) or {}).get("owner") not in (None, user.pk):
        del request.session[KEPT]
