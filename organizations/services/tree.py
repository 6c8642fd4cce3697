"""Recorded acts on the tree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import InvalidInput
from accounts.models import User
from organizations import policies
from organizations.models import (
    NodeType,
    Organization,
    OrganizationParent,
    Succession,
)
from organizations.rules.names import fold


def _place(organization: Organization, parent: Organization | None) -> None:
    """Store a new organization under its parent; the path needs the id, so it is written twice."""
    organization.parent = parent
    organization.depth = parent.depth + 1 if parent else 0
    organization.path = f"new/{organization.code}/"
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as taken:  # the same code under another parent, at the same moment
        message = f"Mã “{organization.code}” đã có. Chọn mã khác."
        raise InvalidInput(message, fields={"code": [message]}) from taken
    organization.path = f"{parent.path if parent else ''}{organization.pk}/"
    organization.save(update_fields=["path"])


@transaction.atomic
def found_organization(
    *, parent_id: int | None, actor: User | None, at: datetime, founded_on: date | None = None, **fields: Any
) -> Organization:
    """Thành lập tổ chức đảng under ``parent_id`` (None: the root, only by the installation itself).

    ``fields`` are those of ``Organization`` (code, name, symbol, node_type, …).
    Raises NotAllowed, or InvalidInput naming the field.
    """
    parent = Organization.objects.select_for_update().get(pk=parent_id) if parent_id else None
    if parent is not None and actor is not None:
        policies.can_manage_tree(actor, parent).require()
    if parent is None and actor is not None and Organization.objects.exists():
        raise InvalidInput(
            "Tổ chức mới phải có cấp trên trực tiếp. Chọn cấp trên rồi lưu lại.",
            fields={"parent": ["Chọn cấp trên trực tiếp của tổ chức."]},
        )
    if parent is not None and parent.node_type in (NodeType.BRANCH, NodeType.GRASSROOTS_BRANCH, NodeType.TEAM):
        if fields.get("node_type") != NodeType.TEAM:
            raise InvalidInput(
                f"{parent.name} là chi bộ, dưới chi bộ chỉ có tổ đảng. Chọn cấp trên khác.",
                fields={"node_type": ["Dưới chi bộ chỉ có tổ đảng."]},
            )
    if Organization.objects.filter(code=fields.get("code")).exists():
        raise InvalidInput(
            f"Mã “{fields['code']}” đã dùng cho tổ chức khác. Chọn mã khác.",
            fields={"code": [f"Mã “{fields['code']}” đã có. Chọn mã khác."]},
        )
    organization = Organization(founded_on=founded_on, **fields)
    organization.search_name = fold(f"{organization.name} {organization.code}")

    _place(organization, parent)
    if parent is not None:
        organization.parents.create(
            parent=parent, starts_on=founded_on or timezone.localdate(at), decision=organization.founding_decision
        )
    audit.record("organization.founded", organization, actor=actor, at=at, decision=organization.founding_decision)
    return organization


@transaction.atomic
def record_split(
    predecessor_id: int, successor_id: int, *, decision: str, decided_on: date, actor: User, at: datetime
) -> Succession:
    """Chia tách: the successor was founded out of the predecessor by a decision."""
    successor = Organization.objects.select_for_update().get(pk=successor_id)
    policies.can_manage_tree(actor, successor.parent or successor).require()
    succession = Succession.objects.create(
        predecessor_id=predecessor_id,
        successor=successor,
        kind=Succession.Kind.SPLIT,
        decided_on=decided_on,
        decision=decision,
    )
    audit.record(
        "organization.split", successor, actor=actor, at=at, decision=decision, source=str(succession.predecessor)
    )
    return succession


@transaction.atomic
def close_organization(
    organization_id: int, *, closed_on: date, decision: str, actor: User, at: datetime
) -> Organization:
    """Kết thúc hoạt động: the organization stays readable and takes no new congress."""
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    policies.can_manage_tree(actor, organization.parent or organization).require()
    if organization.children.filter(closed_on__isnull=True).exists():
        raise InvalidInput(
            f"{organization.name} còn tổ chức trực thuộc đang hoạt động. Chuyển hoặc kết thúc các tổ chức đó trước."
        )
    organization.closed_on = closed_on
    organization.save(update_fields=["closed_on"])
    OrganizationParent.objects.filter(organization=organization, ends_on__isnull=True).update(ends_on=closed_on)
    audit.record("organization.closed", organization, actor=actor, at=at, decision=decision)
    return organization
