"""As whom a person acts: one of their live role assignments, or all of them.

The assignments belong to ``organizations``, which registers here how to load them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from accounts.models import User

SESSION_KEY = "acting_assignment"


class Assignment(Protocol):
    """What this app needs to know of a role assignment; ``organization`` has a ``path`` and a name as text."""

    pk: Any
    role: str
    organization: Any

    def get_role_display(self) -> str: ...


Loader = Callable[["User"], Sequence[Assignment]]


def _nobody_has_a_role(user: User) -> Sequence[Assignment]:
    return ()


_loader: Loader = _nobody_has_a_role


def register(loader: Loader) -> None:
    """``loader(user)`` returns the assignments that are live today, with their organizations."""
    global _loader
    _loader = loader


def live_assignments(user: User) -> Sequence[Assignment]:
    """The user's live assignments, loaded once per request (kept on the user object)."""
    known: Sequence[Assignment] | None = user.__dict__.get("_live_assignments")
    if known is None:
        known = tuple(_loader(user))
        user.__dict__["_live_assignments"] = known
    return known


def find(user: User, assignment_id: object) -> Assignment | None:
    """The live assignment with this id, or None when it is not this person's or has ended."""
    return next((one for one in live_assignments(user) if str(one.pk) == str(assignment_id)), None)
