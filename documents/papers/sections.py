"""Content of a paper that only an app above can supply, met by registration.

``elections`` offers "F-11.elections": congress id → the ``ElectionRecord`` of each election held.
"""

from __future__ import annotations

from collections.abc import Callable

from documents.papers.congress_minutes import ElectionRecord

ElectionSection = Callable[[int], tuple[ElectionRecord, ...]]

_elections: list[ElectionSection] = []


def offer_elections(section: ElectionSection) -> None:
    """Called once, from ``AppConfig.ready()``."""
    if section not in _elections:
        _elections.append(section)


def elections_of(congress_id: int) -> tuple[ElectionRecord, ...]:
    """Every election of the congress, in the order the sections were offered."""
    return tuple(record for section in _elections for record in section(congress_id))
