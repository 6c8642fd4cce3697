"""Where a person's duties lie: congresses by the role that has to act, in the role acted as."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from organizations.models import Organization
from organizations.queries import acting_assignments, below_any

READERS = (Role.SECRETARY, Role.CLERK, Role.COMMITTEE_STAFF, Role.APPROVER)
"""Who reads and answers for an organization what it was sent."""


def holds_anywhere(user: User, *roles: Role) -> bool:
    return any(assignment.role in roles for assignment in acting_assignments(user))


def under(user: User, *roles: Role, prefix: str = "") -> Q:
    """Organizations at or below which one of the roles is held: where a branch's work is."""
    paths = [assignment.organization.path for assignment in acting_assignments(user) if assignment.role in roles]
    return below_any(paths, prefix)


def exactly_at(user: User, *roles: Role) -> set[int]:
    """Ids of the committees at which one of the roles is held: where decisions are taken."""
    return {assignment.organization_id for assignment in acting_assignments(user) if assignment.role in roles}


def outermost(user: User, *roles: Role) -> list[Organization]:
    """The places where one of the roles is held, without those below another of them."""
    places = [assignment.organization for assignment in acting_assignments(user) if assignment.role in roles]
    found: list[Organization] = []
    for place in sorted(places, key=lambda one: one.path):
        if not any(place.path.startswith(known.path) for known in found):
            found.append(place)
    return found


def roles_for(user: User, path: str, among: Iterable[Role]) -> set[Role]:
    """Those of ``among`` that reach the organization at ``path``."""
    return {
        Role(assignment.role)
        for assignment in acting_assignments(user)
        if assignment.role in set(among) and path.startswith(assignment.organization.path)
    }
