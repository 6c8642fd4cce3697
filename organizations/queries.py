"""Querysets over the tree: what lies below an organization, what a user may see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.acting import live_assignments
from accounts.models import User
from accounts.roles import Role
from organizations.models import (
    BRANCH_TYPES,
    DECIDING_TYPES,
    Member,
    Membership,
    MemberStanding,
    Organization,
    OrganizationName,
    OrganizationParent,
    Post,
    PostHolding,
    RoleAssignment,
    TreeAct,
)

COMMITTEE_ROLES = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, Role.APPROVER)
BRANCH_ROLES = (Role.SECRETARY, Role.CLERK, Role.DRAFTER, Role.TELLER, Role.MEMBER)


def below(path: str, prefix: str = "") -> Q:
    """The organization at ``path`` and everything under it, as one index range; ``prefix`` ends in "__"."""
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path[:-1] + "0"})


def below_any(paths: Iterable[str], prefix: str = "") -> Q:
    """The union of several subtrees; nothing when there are none."""
    reach = Q(pk__in=())
    for path in paths:
        reach |= below(path, prefix)
    return reach


def acting_assignments(user: User) -> tuple[RoleAssignment, ...]:
    """The assignments whose rights count now: the one acted as, else every live one."""
    return (user.acting,) if user.acting is not None else tuple(live_assignments(user))


def scope_of(user: User) -> Q:
    """Organizations in reach of the user's rights."""
    return below_any(assignment.organization.path for assignment in acting_assignments(user))


def in_reach(user: User, prefix: str) -> Q:
    """``scope_of`` for a model that reaches the organization through ``prefix`` ("congress__organization__")."""
    return below_any((assignment.organization.path for assignment in acting_assignments(user)), prefix)


def visible_to(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(scope_of(user)).select_related("parent")


def members_visible_to(user: User) -> QuerySet[Member]:
    return Member.objects.filter(in_reach(user, "organization__")).select_related("organization")


def assignments_visible_to(user: User) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(in_reach(user, "organization__")).select_related("organization", "user")


def live(assignments: QuerySet[RoleAssignment], *, on: date) -> QuerySet[RoleAssignment]:
    """Those in force on that day and not revoked."""
    return assignments.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on, revoked_at__isnull=True
    ).select_related("organization")


def load_assignments(user: User) -> tuple[RoleAssignment, ...]:
    """The user's live assignments of today, nearest to the root first."""
    own = RoleAssignment.objects.filter(user=user)
    return tuple(live(own, on=timezone.localdate()).order_by("organization__depth", "pk"))


def not_yet_ended(user: User) -> QuerySet[RoleAssignment]:
    """The user's assignments in force today and those still to begin."""
    own = RoleAssignment.objects.filter(user=user, revoked_at__isnull=True)
    return own.exclude(ends_on__lt=timezone.localdate()).select_related("organization")


def marks_first(names: QuerySet[Any], field: str, text: str, *, limit: int) -> list[Any]:
    """Those spelled as typed, marks included, before those that only match without marks; up to ``limit`` and one.

    Two queries that may each stop at the first page of an index: one that ranks all matches would read them all.
    """
    spelled = unicodedata.normalize("NFC", text)
    as_typed = Q()
    for variant in {spelled, spelled.lower(), spelled.title(), spelled.upper()}:  # SQLite knows no case beyond ASCII
        as_typed |= Q(**{f"{field}__contains": variant})
    found = list(names.filter(as_typed)[: limit + 1])
    if len(found) <= limit:
        found += names.exclude(as_typed)[: limit + 1 - len(found)]
    return found


def branches_below(organization: Organization) -> QuerySet[Organization]:
    """The living branches in its subtree, itself included when it is one."""
    return Organization.objects.filter(
        below(organization.path), node_type__in=BRANCH_TYPES, closed_on__isnull=True
    ).order_by("path")


def branches_of(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """The living branches among them."""
    return organizations.filter(node_type__in=BRANCH_TYPES, closed_on__isnull=True)


def ancestors(organization: Organization) -> list[Organization]:
    """From the root down to the parent."""
    found = Organization.objects.in_bulk(organization.ancestor_ids())
    return [found[pk] for pk in organization.ancestor_ids()]


def authority_over(organization: Organization, *, on: date | None = None) -> Organization | None:
    """The nearest ancestor that clears and ratifies: a đảng ủy cơ sở or a committee above it; ``on``: on a past day.

    A đảng bộ bộ phận does not decide. None at the root of the tree.
    """
    if on is not None:
        deciding_then = (one.pk for one in reversed(ancestors_on(organization, on)) if one.node_type in DECIDING_TYPES)
        return Organization.objects.filter(pk=next(deciding_then, None)).first()
    return authorities_over([organization])[organization.pk]


def authorities_over(organizations: Sequence[Organization]) -> dict[int, Organization | None]:
    """``authority_over`` for each of them, by id, in one query."""
    above = Organization.objects.in_bulk({pk for one in organizations for pk in one.ancestor_ids()})
    return {
        one.pk: next((above[pk] for pk in reversed(one.ancestor_ids()) if above[pk].node_type in DECIDING_TYPES), None)
        for one in organizations
    }


# ---- the tree of a past day ----


@dataclass(frozen=True, slots=True)
class PastNode:
    """An organization as it was on one day; ``parent_id`` may name one that is not among those asked for."""

    pk: int
    name: str
    committee_name: str
    node_type: str
    parent_id: int | None


def tree_on(day: date, organizations: QuerySet[Organization] | None = None) -> list[PastNode]:
    """The organizations that existed on that day, with the name, kind and parent of that day; three queries.

    From the day it was founded until the day before it ended. Where no row says since when, the earliest known
    name and parent stand for the time before.
    """
    found = (Organization.objects.all() if organizations is None else organizations).filter(
        Q(founded_on=None) | Q(founded_on__lte=day), Q(closed_on=None) | Q(closed_on__gt=day)
    )
    rows = {one.pk: one for one in found.select_related(None).order_by("pk")}
    names = _in_force(OrganizationName.objects.filter(organization__in=found.order_by()), day)
    parents = _in_force(OrganizationParent.objects.filter(organization__in=found.order_by()), day)
    return [_as_it_was(one, names.get(pk), parents.get(pk)) for pk, one in rows.items()]


def _in_force(rows: Any, day: date) -> dict[int, Any]:
    """Organization id → its row of that day: the last that had begun, else the first of all."""
    found: dict[int, Any] = {}
    for row in sorted(rows.select_related(None), key=lambda one: (one.starts_on or date.min, one.pk)):
        if row.organization_id not in found or (row.starts_on or date.min) <= day:
            found[row.organization_id] = row
    return found


def _as_it_was(one: Organization, called: OrganizationName | None, placed: OrganizationParent | None) -> PastNode:
    name = called or one
    parent_id = placed.parent_id if placed else one.parent_id
    return PastNode(one.pk, name.name, name.committee_name, name.node_type, parent_id)


def ancestors_on(organization: Organization, day: date) -> list[PastNode]:
    """From the root down to the parent, as they stood that day; a few queries for each level."""
    chain: list[PastNode] = []
    here: int | None = organization.pk
    while here is not None:
        node = next(iter(tree_on(day, Organization.objects.filter(pk=here))), None)
        if node is None or any(node.pk == one.pk for one in chain):
            break
        chain.append(node)
        here = node.parent_id
    return chain[:0:-1]


def acts_visible_to(user: User) -> QuerySet[TreeAct]:
    """Acts on the tree that concern an organization in reach."""
    concerned = Organization.objects.filter(scope_of(user)).order_by().values("pk")
    through = TreeAct.organizations.through.objects.filter(organization__in=concerned)
    return TreeAct.objects.filter(pk__in=through.values("treeact_id")).select_related("decided_by", "recorded_by")


def former_paths(paths: Iterable[str]) -> list[str]:
    """Where what is now under ``paths`` stood before it was moved there, back to the beginning."""
    known = list(dict.fromkeys(paths))
    if not known:
        return []
    here = Organization.objects.filter(below_any(known)).order_by()
    line = {int(pk) for path in known for pk in path.split("/")[:-1]}
    through = TreeAct.organizations.through.objects.filter(
        Q(organization__in=here.values("pk")) | Q(organization__in=line)
    )
    acts = TreeAct.objects.filter(pk__in=through.values("treeact_id"), details__has_key="paths").order_by("-pk")
    moves = [pair for details in acts.values_list("details", flat=True) for pair in reversed(details["paths"])]
    if not moves:
        return []
    inside = set(here.filter(pk__in={_last(after) for _, after in moves}).values_list("pk", flat=True))
    found = dict.fromkeys(known)
    for before, after in moves:
        came_along = [before + path[len(after) :] for path in found if path.startswith(after)]
        came_in = [before] if _last(after) in inside and any(after.startswith(path) for path in found) else []
        found |= dict.fromkeys([*came_along, *came_in])
    return [path for path in found if not path.startswith(tuple(known))]


def _last(path: str) -> int:
    return int(path.split("/")[-2])


def with_member_count(organizations: QuerySet[Organization], *, on: date) -> QuerySet[Organization]:
    """Adds ``member_count``: how many members are on its own roll that day."""
    here = Q(members__joined_on__isnull=True) | Q(members__joined_on__lte=on)
    still = Q(members__left_on__isnull=True) | Q(members__left_on__gt=on)
    return organizations.annotate(member_count=Count("members", filter=here & still))


def without_role(organizations: QuerySet[Organization], role: Role, *, on: date) -> QuerySet[Organization]:
    """Those at which nobody holds the role on that day."""
    held = live(RoleAssignment.objects.filter(organization=OuterRef("pk"), role=role), on=on)
    return organizations.filter(~Exists(held.select_related(None)))


def branches_without_secretary(organization: Organization, *, on: date) -> QuerySet[Organization]:
    """The living branches below at which nobody is, or soon will be, secretary in the product."""
    held = RoleAssignment.objects.filter(organization=OuterRef("pk"), role=Role.SECRETARY, revoked_at__isnull=True)
    return branches_below(organization).filter(~Exists(held.exclude(ends_on__lt=on)))


def secretaries_by_post(branches: QuerySet[Organization], *, on: date) -> dict[int, Member]:
    """Branch id → the member who holds the post of secretary there that day."""
    held = PostHolding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), organization__in=branches, post=Post.SECRETARY, starts_on__lte=on
    )
    return {one.organization_id: one.member for one in held.select_related("member__user").order_by("starts_on", "pk")}


def members_without_account(branches: Iterable[int], *, on: date) -> dict[int, list[Member]]:
    """Branch id → those on its roll who have no account, in the order of lists."""
    rows = Member.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lte=on),
        Q(left_on__isnull=True) | Q(left_on__gt=on),
        organization__in=branches,
        user__isnull=True,
    )
    found: dict[int, list[Member]] = {}
    for one in rows.only("full_name", "organization_id", "phone", "born_on", "job").order_by("sort_name", "pk"):
        found.setdefault(one.organization_id, []).append(one)
    return found


def people_in_reach(user: User) -> QuerySet[User]:
    """Accounts that hold, or held, a role in the user's subtrees, and those of the members there."""
    return User.objects.filter(
        Q(pk__in=assignments_visible_to(user).order_by().values("user_id"))
        | Q(pk__in=members_visible_to(user).filter(user__isnull=False).order_by().values("user_id"))
    )


def members_on_roll(organization: Organization, *, on: date, whole_tree: bool = False) -> QuerySet[Member]:
    """Đảng viên of the branch on that day, probationary ones included; ``whole_tree``: of every branch below, too.

    Who has moved since then still stands on the roll of the branch of that day.
    """
    here = below(organization.path, "organization__") if whole_tree else Q(organization=organization)
    still = Q(joined_on__isnull=True) | Q(joined_on__lte=on), Q(left_on__isnull=True) | Q(left_on__gt=on)
    moved = Membership.objects.filter(here, Q(starts_on__isnull=True) | Q(starts_on__lte=on), ends_on__gt=on)
    return Member.objects.filter(Q(here, *still) | Q(pk__in=moved.order_by().values("member_id")))


def standings_on(organization: Organization, *, on: date, whole_tree: bool = False) -> dict[int, str]:
    """Member id → kind of the standing in force that day; suspended and prosecuted win over the rest."""
    here = below(organization.path, "member__organization__")
    if not whole_tree:
        here = Q(member__organization=organization)
    rank = {MemberStanding.Kind.PROSECUTED: 3, MemberStanding.Kind.SUSPENDED: 2}
    found: dict[int, str] = {}
    rows = MemberStanding.objects.filter(here, Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
    for row in rows:
        known = found.get(row.member_id)
        if known is None or rank.get(row.kind, 1) > rank.get(known, 1):
            found[row.member_id] = row.kind
    return found


def posts_on(organization: Organization, *, on: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), organization=organization, starts_on__lte=on
    ).select_related("member")


def members_of_committee(organization: Organization, *, on: date) -> QuerySet[Member]:
    """Cấp ủy viên: those who hold a post at the organization that day, in the order of names."""
    held = posts_on(organization, on=on).order_by().values("member_id")
    return Member.objects.filter(pk__in=held).select_related("organization")


def names_under(paths: Iterable[str]) -> list[tuple[str, str]]:
    """(path, name) of every organization at or under the paths, in tree order."""
    return list(Organization.objects.filter(below_any(paths)).order_by("path").values_list("path", "name"))
