"""What the page of an organization offers about accounts and links, to those who may use it."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from organizations import policies
from organizations.models import AccessLink, Organization
from organizations.related import Related


def accounts_and_links(organization: Organization, user: User) -> Related | None:
    """A section for whoever keeps accounts or walls there; nothing for everybody else."""
    actions = []
    if not organization.is_branch and policies.can_make_accounts(user, organization):
        actions.append(("Lập tài khoản hàng loạt", reverse("organizations:make_accounts", args=[organization.pk])))
    if policies.can_make_link(user, AccessLink.Kind.WALL, organization):
        actions.append(("Liên kết chỉ xem", reverse("organizations:links", args=[organization.pk])))
    if not actions:
        return None
    open_links = organization.access_links.filter(revoked_at__isnull=True).count()
    told = f"{open_links} liên kết chỉ xem đang mở." if open_links else "Chưa có liên kết chỉ xem nào đang mở."
    return Related("Tài khoản và liên kết", (), told, tuple(actions))
