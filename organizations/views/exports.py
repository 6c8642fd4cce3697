"""Lists of one organization as workbooks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import scoped
from accounts.roles import Role
from accounts.sheets import xlsx_response
from organizations import exports
from organizations.models import Organization
from organizations.scopes import ORGANIZATION
from organizations.views.members import ROLL_KEEPERS

ACCOUNT_KEEPERS = (Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF, Role.SECRETARY)


@scoped(ORGANIZATION, *ROLL_KEEPERS)
def roll(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Danh sách đảng viên, with every particular: for those who keep the roll."""
    content = exports.roll(organization, on=timezone.localdate())
    return xlsx_response(f"Danh sách đảng viên - {organization.name}", content)


@scoped(ORGANIZATION, *ACCOUNT_KEEPERS)
def accounts(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Tài khoản và vai trò, here and below."""
    content = exports.accounts(organization, on=timezone.localdate())
    return xlsx_response(f"Tài khoản - {organization.name}", content)
