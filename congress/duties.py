"""Việc cần làm: what only this person can do next, gathered from every app for the home page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User

KEEP = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: the sentence, where, since when, until when, and the one button that begins it."""

    sentence: str
    where: str
    button: str
    url: str
    since: datetime
    due_on: date | None = None


Provider = Callable[[User], Iterable[Duty]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """``provider(user)`` yields duties in a constant number of queries."""
    if provider not in _providers:
        _providers.append(provider)


def of(user: User) -> list[Duty]:
    """The user's duties in the role acted as, oldest first.

    Two that begin at the same page are one: the app nearest to the thing, registered last, names it.
    """
    found = {duty.url: duty for provider in _providers for duty in provider(user)}
    return sorted(found.values(), key=lambda duty: duty.since)[:KEEP]
