"""What the page of an organization offers to those who bring or take lists in Excel."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from organizations import policies
from organizations.models import Organization
from organizations.related import Item, Related


def excel(organization: Organization, user: User) -> Related | None:
    """A section for whoever keeps the roll or the tree there; nothing for everybody else."""
    items, actions = [], []
    if policies.can_manage_roll(user, organization):
        items.append(Item("Xuất Excel danh sách đảng viên", _to("export_roll", organization)))
        if organization.closed_on is None:
            actions.append(("Nhập danh sách đảng viên", _to("upload_roll", organization)))
    if policies.can_open_account(user, organization):
        items.append(Item("Xuất Excel tài khoản, vai trò", _to("export_accounts", organization)))
    if policies.can_manage_tree(user, organization) and not organization.is_branch:
        items.append(
            Item("Xuất Excel cây tổ chức", f"{reverse('organizations:tree')}?thuoc={organization.pk}&xuat=excel")
        )
        if organization.closed_on is None:
            actions.append(("Nhập cây tổ chức", _to("upload_tree", organization)))
    return Related("Excel", items, "", actions) if items else None


def _to(name: str, organization: Organization) -> str:
    return reverse(f"organizations:{name}", args=[organization.pk])
