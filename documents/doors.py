"""What the page of an organization offers of this app."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from organizations import policies
from organizations.models import Organization
from organizations.related import Item, Related


def particulars(organization: Organization, user: User) -> Related | None:
    """Danh sách trích ngang, for whoever keeps the roll there."""
    if not policies.can_manage_roll(user, organization):
        return None
    address = reverse("documents:particulars", args=[organization.pk])
    return Related("Trích ngang", [Item("In danh sách trích ngang (PDF)", address)], "")
