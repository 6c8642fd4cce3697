"""Yes, or no with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """True or false; when false, ``reason`` is a Vietnamese sentence shown beside the disabled button."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise ``NotAllowed`` with the reason unless allowed."""
        if not self.allowed:
            raise NotAllowed(self.reason)


ALLOWED = Decision(True)


def denied(reason: str) -> Decision:
    return Decision(False, reason)


def all_of(*decisions: Decision) -> Decision:
    """The first denial, or ``ALLOWED``."""
    return next((decision for decision in decisions if not decision), ALLOWED)
