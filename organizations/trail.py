"""Where an organization stands, as the trail on top of a page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from accounts.web import signed_in_user
from organizations.models import Organization
from organizations.queries import acting_assignments, ancestors


def crumbs_to(organization: Organization, request: HttpRequest) -> list[tuple[str, str]]:
    """(name, address) of the organizations above it that the person may see, then itself."""
    roots = tuple(assignment.organization.path for assignment in acting_assignments(signed_in_user(request)))
    chain = [one for one in [*ancestors(organization), organization] if one.path.startswith(roots)]
    return [(one.name, reverse("organizations:detail", args=[one.pk])) for one in chain]
