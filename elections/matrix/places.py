"""The tree and the people of the matrix, as plain data: no database is needed to say what must be answered."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Role
from organizations.models import DECIDING_TYPES, NodeType


@dataclass(frozen=True, slots=True)
class Place:
    """One organization of the tree, by a short name."""

    name: str
    node_type: NodeType
    parent: str = ""

    @property
    def is_branch(self) -> bool:
        return self.node_type == NodeType.BRANCH


PLACES = {
    place.name: place
    for place in (
        Place("root", NodeType.CENTRAL),
        Place("bloc", NodeType.BLOC, "root"),
        Place("committee", NodeType.GRASSROOTS, "bloc"),
        Place("branch", NodeType.BRANCH, "committee"),
        Place("team", NodeType.TEAM, "branch"),
        Place("sibling_branch", NodeType.BRANCH, "committee"),
        Place("sibling_committee", NodeType.GRASSROOTS, "bloc"),
        Place("branch_of_sibling", NodeType.BRANCH, "sibling_committee"),
        Place("other_bloc", NodeType.BLOC, "root"),
        Place("other_committee", NodeType.GRASSROOTS, "other_bloc"),
        Place("other_branch", NodeType.BRANCH, "other_committee"),
    )
}
"""Parents come before children."""


def line(name: str) -> list[str]:
    """The place and everything above it, from itself to the root."""
    found = []
    while name:
        found.append(name)
        name = PLACES[name].parent
    return found


def deciding(name: str) -> str:
    """Cấp có thẩm quyền over a congress there: the nearest committee above that clears and ratifies."""
    above = (one for one in line(name)[1:] if PLACES[one].node_type in DECIDING_TYPES)
    return next(above, name)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who asks: the one role held and where. ``home`` also says what is own, sibling, …

    ``elected``: the office of the tellers' board that the congresses of ``home`` gave this person.
    """

    name: str
    role: Role | None = None
    home: str = "branch"
    signs_in: bool = True
    elected: str = ""


IDENTITIES = {
    one.name: one
    for one in (
        Identity("anonymous", signs_in=False),
        Identity("no_role"),
        Identity("deactivated", Role.SECRETARY, signs_in=False),
        Identity("system_administrator", Role.SYSTEM_ADMINISTRATOR, "bloc"),
        Identity("committee_staff", Role.COMMITTEE_STAFF, "committee"),
        Identity("approver", Role.APPROVER, "committee"),
        Identity("secretary", Role.SECRETARY),
        Identity("clerk", Role.CLERK),
        Identity("drafter", Role.DRAFTER),
        Identity("teller", Role.TELLER, elected="teller"),
        Identity("head_teller", Role.TELLER, elected="head_teller"),
        Identity("member", Role.MEMBER),
    )
}

MISSING = "missing"
UNSCOPED = "none"

# Where to look for the object, seen from home; the first place that can have one.
RELATED: dict[str, dict[str, tuple[str, ...]]] = {
    "branch": {
        "own": ("branch",),
        "sibling": ("sibling_branch",),
        "ancestor": ("committee",),
        "descendant": ("team",),
        "other_block": ("other_branch",),
    },
    "committee": {
        "own": ("committee",),
        "sibling": ("sibling_committee", "branch_of_sibling"),
        "ancestor": ("bloc",),
        "descendant": ("branch",),
        "other_block": ("other_committee", "other_branch"),
    },
    "bloc": {
        "own": ("bloc",),
        "sibling": ("other_bloc",),
        "ancestor": ("root",),
        "descendant": ("branch",),
        "other_block": ("other_branch",),
    },
}
