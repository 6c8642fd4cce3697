"""What every view does with a form and a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor, typed
from accounts.errors import InvalidInput
from accounts.models import User
from accounts.sessions import signed_in_seconds_ago


def number_of(text: str, *, digits: int = 18) -> int:
    """A number as a form or an address sends it; 0, the id of nothing, for anything else or longer."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else 0


def signed_in_user(request: HttpRequest) -> User:
    """The user of a request that passed ``signed_in`` or ``scoped``."""
    user: User = request.user  # type: ignore[assignment]  # anonymous requests never reach these views
    return user


def perform(form: BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Call ``act(cleaned_data)`` when the form is valid; put what the service refuses on its fields.

    False: show the form again with status 422, nothing typed is lost. Refusals other than InvalidInput
    (person, state, gaps) go up to the page the middleware makes of them.
    """
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except InvalidInput as refusal:
        place_errors(form, refusal)
        return False
    return True


def place_errors(form: BaseForm, refusal: InvalidInput) -> None:
    """The service's messages at the fields they name; the rest, or the sentence itself, above the form."""
    known = {name: texts for name, texts in refusal.fields.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name, text)
    others = [text for name, texts in refusal.fields.items() if name not in form.fields for text in texts]
    for text in others or ([] if known else [str(refusal)]):
        form.add_error(None, text)


def step_up(request: HttpRequest, *, keep: bool = False, back: str = "") -> HttpResponse | None:
    """Asks who is there again before what cannot be undone, unless it was proved in the last minutes.

    By the second factor of whoever has one, and of everybody where the installation requires it: without one
    the way leads to setting it up. Else by the password. Called by the view after its own refusals: a page is
    left for the question and returned to. A form goes back to its page and the person sends it again; what was
    typed travels in the address, or with ``keep`` waits in the session for ``accounts.typed.typed_before``.
    ``back``: the page to come back to from an address that only takes a form, or whose page asks nobody.
    """
    question = _open_question(request)
    if not question:
        return None
    if request.method == "POST":
        messages.warning(request, "Đã quá lâu từ lần xác nhận trước nên việc này chưa được ghi. Kiểm tra rồi gửi lại.")
        if back:
            if keep:
                typed.keep(request, owner=signed_in_user(request).pk)
            return HttpResponseRedirect(f"{reverse(question)}?{urlencode({'next': back})}")
        if keep and typed.keep(request, owner=signed_in_user(request).pk):
            return HttpResponseRedirect(request.path)
        values = {key: value for key, value in request.POST.items() if key not in typed.NOT_KEPT}
        return HttpResponseRedirect(f"{request.path}?{urlencode(values)}")
    return HttpResponseRedirect(f"{reverse(question)}?{urlencode({'next': request.get_full_path()})}")


def _open_question(request: HttpRequest) -> str:
    """The name of the page that must be answered first; "" when nothing is open."""
    user = signed_in_user(request)
    if second_factor.given_lately(request, user):
        return ""
    if second_factor.has(user):
        return "mfa_reauthenticate"
    if settings.SECOND_FACTOR_REQUIRED:
        return "mfa_activate_totp"
    return "" if password_given_lately(request) else "account_reauthenticate"


def password_given_lately(request: HttpRequest) -> bool:
    lately = signed_in_seconds_ago(request, timezone.now()) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return lately or did_recently_reauthenticate(request)
