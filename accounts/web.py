"""What every view does with a form and a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest

from accounts.errors import InvalidInput
from accounts.models import User


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
