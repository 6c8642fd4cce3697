"""What the frame of every page needs: as whom the person works, the sections they have, how they read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from accounts import acting, navigation
from accounts.acting import Assignment
from accounts.models import TextSize
from accounts.navigation import NavItem

TEXT_SIZE_KEY = "text_size"
CONTRAST_KEY = "high_contrast"


class Shell:
    """Worked out only as far as a template asks; works without a session too (a refused host, an early error)."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _user(self) -> Any:
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def assignments(self) -> Sequence[Assignment]:
        return acting.live_assignments(self._user) if self._user else ()

    @cached_property
    def acting(self) -> Assignment | None:
        return self._user.acting if self._user else None

    @cached_property
    def nav(self) -> tuple[NavItem, ...]:
        return navigation.items_for(self._request, self._user) if self._user else ()

    @cached_property
    def text_size(self) -> str:
        return self._user.text_size if self._user else self._kept(TEXT_SIZE_KEY, TextSize.NORMAL.value)

    @cached_property
    def high_contrast(self) -> bool:
        return self._user.high_contrast if self._user else bool(self._kept(CONTRAST_KEY, False))

    @property
    def text_sizes(self) -> list[tuple[str, str]]:
        return TextSize.choices

    def _kept(self, key: str, otherwise: Any) -> Any:
        session = getattr(self._request, "session", None)
        return otherwise if session is None else session.get(key, otherwise)


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
