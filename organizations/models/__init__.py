"""The Party tree, its members, and who holds which post and role, where and when."""

from organizations.models.imports import ImportBatch
from organizations.models.members import Gender, Member, Membership, MemberStanding, PoliticalLevel, Post, PostHolding
from organizations.models.rights import AccessLink, AccountSlip, RoleAssignment, SlipBatch
from organizations.models.tree import (
    BRANCH_TYPES,
    DECIDING_TYPES,
    NodeType,
    Organization,
    OrganizationName,
    OrganizationParent,
    Sector,
    Succession,
    TreeAct,
)

__all__ = [
    "AccessLink",
    "AccountSlip",
    "BRANCH_TYPES",
    "DECIDING_TYPES",
    "Gender",
    "ImportBatch",
    "Member",
    "MemberStanding",
    "Membership",
    "NodeType",
    "Organization",
    "OrganizationName",
    "OrganizationParent",
    "PoliticalLevel",
    "Post",
    "PostHolding",
    "RoleAssignment",
    "Sector",
    "SlipBatch",
    "Succession",
    "TreeAct",
]
