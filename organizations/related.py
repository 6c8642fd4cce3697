"""What apps above know of an organization and show on its page: its congresses, its plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Item:
    """One line: what, where it leads, its state in words."""

    text: str
    url: str
    state: str = ""
    tone: str = "todo"


@dataclass(frozen=True, slots=True)
class Related:
    """A section of the page: its lines, what to say when there are none, and what may be begun here."""

    title: str
    items: Sequence[Item]
    empty: str
    actions: Sequence[tuple[str, str]] = field(default=())


Provider = Callable[[Organization, User], Related | None]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """``provider(organization, user)`` gives a section, or None when it has nothing to say of this organization."""
    if provider not in _providers:
        _providers.append(provider)


def of(organization: Organization, user: User) -> list[Related]:
    found = (provider(organization, user) for provider in _providers)
    return [section for section in found if section is not None]
