"""Links that show one thing without signing in: made, found again by their secret, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import audit
from accounts.errors import InvalidInput
from accounts.models import User
from organizations import policies, queries
from organizations.models import AccessLink, Organization

STAMP_EVERY = timedelta(minutes=1)
"""How often the use of a link is written: a wall that renews itself all day must not write all day."""


def hash_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_link(kind: str, organization_id: int, label: str, *, actor: User, at: datetime) -> tuple[AccessLink, str]:
    """Tạo liên kết chỉ xem; return it with its secret (192 bits), which is kept nowhere and shown once.

    Raises NotAllowed, or InvalidInput for a kind that does not exist.
    """
    if kind not in AccessLink.Kind:
        raise InvalidInput("Chọn loại liên kết.", fields={"kind": ["Chọn loại liên kết trong danh sách."]})
    organization = Organization.objects.get(pk=organization_id)
    if has_ended(organization, at):
        raise InvalidInput(f"{organization.name} đã kết thúc hoạt động nên không tạo liên kết được.")
    policies.can_make_link(actor, kind, organization).require()
    secret = secrets.token_urlsafe(24)
    link = AccessLink.objects.create(
        kind=kind,
        organization=organization,
        owner=actor,
        label=" ".join(label.split()),
        secret_hash=hash_of(secret),
        created_at=at,
    )
    audit.record("link.made", link, actor=actor, at=at, used_at=_used_at(link))
    return link, secret


@transaction.atomic
def revoke_link(link_id: int, *, actor: User, at: datetime) -> AccessLink:
    """Thu hồi liên kết: its address answers like one that never was, at once. Raises NotAllowed or InvalidInput."""
    link = AccessLink.objects.select_for_update(of=("self",)).select_related("organization").get(pk=link_id)
    policies.can_revoke_link(actor, link).require()
    if link.revoked_at is not None:
        raise InvalidInput("Liên kết này đã được thu hồi trước đó.")
    link.revoked_at, link.revoked_by = at, actor
    link.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("link.revoked", link, actor=actor, at=at, used_at=_used_at(link))
    return link


def _used_at(link: AccessLink) -> str:
    return f", dùng ở {link.label}" if link.label else ""


def find(kind: str, secret: str, *, at: datetime) -> AccessLink | None:
    """The living link with this secret, or None: unknown, revoked, of another kind, its owner gone – all alike.

    Found by the hash, so the time it takes says nothing of the secret. Stamps the use, at most once a minute.
    """
    wanted = hash_of(secret)
    link = AccessLink.objects.select_related("organization", "owner").filter(kind=kind, secret_hash=wanted).first()
    if link is None or not constant_time_compare(link.secret_hash, wanted) or not _lives(link, at):
        return None
    if link.last_used_at is None or link.last_used_at <= at - STAMP_EVERY:
        due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - STAMP_EVERY)
        AccessLink.objects.filter(due, pk=link.pk).update(last_used_at=at)
    return link


def has_ended(organization: Organization, at: datetime) -> bool:
    return organization.closed_on is not None and organization.closed_on <= timezone.localdate(at)


def _lives(link: AccessLink, at: datetime) -> bool:
    """A personal calendar ends with the account and the rights of its owner, a wall with the organization it shows."""
    if link.revoked_at is not None or has_ended(link.organization, at):
        return False
    if link.kind == AccessLink.Kind.WALL:
        return True
    return link.owner.is_active and queries.visible_to(link.owner).filter(pk=link.organization_id).exists()
