"""What people must be told about a congress although nothing changes by itself: apps above say so here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from congress.models import Congress


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to be told, with the page that it is about; ``key`` tells one alert from another."""

    key: str
    title: str
    text: str
    url: str = ""
    link: str = ""


Provider = Callable[[Congress], Iterable[Alert]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """``provider(congress)`` yields the alerts that hold now."""
    if provider not in _providers:
        _providers.append(provider)


def of(congress: Congress) -> list[Alert]:
    """Every alert that holds now, in the order of registration."""
    return [alert for provider in _providers for alert in provider(congress)]


def new_since(before: Iterable[Alert], congress: Congress) -> list[Alert]:
    """The alerts that hold now and did not before."""
    known = {alert.key for alert in before}
    return [alert for alert in of(congress) if alert.key not in known]
