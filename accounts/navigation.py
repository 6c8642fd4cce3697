"""The sections on the left of every page: each app registers its own with the roles that see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.acting import live_assignments
from accounts.models import User
from accounts.roles import EVERY_ROLE, Role


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its label, the name of its page, its icon, who sees it, its place from the top."""

    label: str
    url_name: str
    icon_name: str
    roles: frozenset[Role] = EVERY_ROLE
    order: int = 100
    needs_role: bool = True


@dataclass(frozen=True, slots=True)
class NavItem:
    """A section as one page shows it."""

    label: str
    url: str
    icon_name: str
    current: bool


_sections: list[Section] = []


def register(section: Section) -> None:
    """Called from ``AppConfig.ready()``; the same section twice is once."""
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda one: one.order)


def items_for(request: HttpRequest, user: User) -> tuple[NavItem, ...]:
    """The sections that the person's roles (or the one acted in) open, in order; the current one marked."""
    roles = roles_in_use(user)
    found = []
    for section in _sections:
        if section.needs_role and not (roles & section.roles):
            continue
        try:
            url = reverse(section.url_name)
        except NoReverseMatch:
            continue
        found.append((section, url))
    current = _current(request.path, [url for _, url in found])
    return tuple(NavItem(section.label, url, section.icon_name, url == current) for section, url in found)


def roles_in_use(user: User) -> frozenset[str]:
    assignments: Iterable[object] = [user.acting] if user.acting else live_assignments(user)
    return frozenset(str(one.role) for one in assignments)  # type: ignore[attr-defined]  # rows of what organizations registered


def _current(path: str, urls: list[str]) -> str:
    """The longest address that the page lies under; home only when it is home itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")
