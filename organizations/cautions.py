"""What apps above want said before the rolls below an organization are changed, such as a congress that is sitting."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from organizations.models import Organization

Caution = Callable[[Organization], Iterable[str]]
_cautions: list[Caution] = []


def register(caution: Caution) -> None:
    """``caution(organization)`` gives sentences about it and what lies below it; it forbids nothing."""
    if caution not in _cautions:
        _cautions.append(caution)


def of(organization: Organization) -> list[str]:
    return [sentence for caution in _cautions for sentence in caution(organization)]
