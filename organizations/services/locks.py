"""One order of locks for whatever gives, ends or hands over a role: the place, then the people, then the roles.

People are locked by their key and without it: who is written down as the one who acted does not wait for his own
account. Whoever follows this order waits in a line; a service that locks a role first closes a ring with the others.
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from accounts.roles import Role
from organizations.models import Organization, RoleAssignment


def lock_place(organization_id: int) -> Organization:
    """The place where a role is or will be held; acts on the tree lock theirs at their beginning."""
    return Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)


def lock_people(ids: Iterable[int]) -> dict[int, User]:
    return User.objects.select_for_update(no_key=True).order_by("pk").in_bulk(list(ids))


def lock_role(assignment_id: int, *others: int) -> tuple[RoleAssignment, dict[int, User]]:
    """The role with its place and its holder, and ``others`` as well; of an administrator all such roles."""
    rows = RoleAssignment.objects.filter(pk=assignment_id)
    user_id, place_id, role = rows.values_list("user_id", "organization_id", "role").get()  # no role changes these
    lock_place(place_id)
    people = lock_people({user_id, *others})
    if role == Role.SYSTEM_ADMINISTRATOR:  # two who revoke each other's, or hand them over, wait in one line
        administrators = RoleAssignment.objects.filter(role=role)
        list(administrators.select_for_update(of=("self",)).order_by("pk"))
    locked = RoleAssignment.objects.select_for_update(of=("self",)).select_related("organization", "user")
    return locked.get(pk=assignment_id), people
