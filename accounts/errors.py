"""Refusals the product means: each is a Vietnamese sentence that names the thing and the next step.

Wrong person, wrong state, wrong data and a stale form are four different exceptions; all are
``DomainError``. Anything else that escapes a service is a bug.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Base of every refusal; ``str()`` is the sentence for the user."""


class NotAllowed(DomainError):
    """The person may not do this (answer 403)."""


class IllegalTransition(DomainError):
    """The thing is not in a state that allows this (answer 409)."""


class StaleVersion(DomainError):
    """Someone else saved meanwhile (answer 409); ``current`` is what the server holds now."""

    def __init__(self, message: str, *, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class InvalidInput(DomainError):
    """The data cannot be accepted (answer 422).

    ``fields`` maps a form field name to its messages; the key ``""`` holds messages about the whole.
    """

    def __init__(self, message: str, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}


class NotReady(DomainError):
    """Something required is still missing (answer 409); ``gaps`` is a tuple of sentences."""

    def __init__(self, message: str, *, gaps: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.gaps = tuple(gaps)


class TooManyTries(DomainError):
    """So many wrong ones came from there that nothing is looked at for a while (answer 429)."""
