"""Whether a user holds a role at a place: the answer that ``accounts.access`` and every policy ask for."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.acting import live_assignments
from accounts.decisions import ALLOWED, Decision, denied
from accounts.models import User
from accounts.roles import Role
from organizations.models import Organization, RoleAssignment
from organizations.queries import acting_assignments


def holds(user: User, roles: Iterable[Role], organization: Organization, exactly: bool = False) -> bool:
    """True when one of ``roles`` is live at ``organization`` or, unless ``exactly``, above it."""
    return _any_covers(acting_assignments(user), user, roles, organization, exactly=exactly)


def has_role(user: User, roles: Iterable[Role], organization: Organization) -> bool:
    """True when the person holds one of ``roles`` at ``organization`` itself, whatever role is acted in now.

    For what a person may not do because of another role: a switch of roles does not help.
    """
    return _any_covers(live_assignments(user), user, roles, organization, exactly=True)


def _any_covers(
    assignments: Iterable[RoleAssignment],
    user: User,
    roles: Iterable[Role],
    organization: Organization,
    *,
    exactly: bool,
) -> bool:
    wanted = set(roles)
    return user.is_active and any(
        assignment.role in wanted
        and (
            assignment.organization_id == organization.pk
            if exactly
            else organization.path.startswith(assignment.organization.path)
        )
        for assignment in assignments
    )


def needs(user: User, *roles: Role, at: Organization, exactly: bool = False) -> Decision:
    """``holds`` with the reason a person can act on."""
    if holds(user, roles, at, exactly=exactly):
        return ALLOWED
    names = " hoặc ".join(f"“{Role(role).named_at(at)}”" for role in roles)
    return denied(f"Việc này cần vai trò {names} tại {at.committee if exactly else at.name}.")
