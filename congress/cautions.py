"""What is said before a roll changes under a congress."""

from __future__ import annotations

from collections.abc import Iterator

from congress.lifecycle import SITTING
from congress.models import Congress
from organizations.models import Organization
from organizations.queries import below


def sitting(organization: Organization) -> Iterator[str]:
    """A congress that is sitting keeps the list it was opened with; a changed roll may still confuse the room."""
    now = Congress.objects.filter(below(organization.path, "organization__"), state=SITTING).select_related(
        "organization"
    )
    for one in now:
        yield (
            f"{one.organization.name} đang đại hội. Danh sách triệu tập của đại hội không đổi theo lần nhập này; "
            "nên nhập sau khi bế mạc."
        )
