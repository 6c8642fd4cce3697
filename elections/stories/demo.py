"""The accounts a visitor may try, one per role, then those of the đảng bộ to practise in; read from the database."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import AuditEvent, User
from elections.stories import lang_son, practice, thanh_hoa
from elections.stories.people import DEMO_PASSWORD
from elections.stories.player import ADMINISTRATOR

USERNAMES = (
    ADMINISTRATOR,
    thanh_hoa.PROVINCIAL.staff,
    thanh_hoa.PROVINCIAL.approver,
    thanh_hoa.COMMITTEE.staff,
    thanh_hoa.COMMITTEE.approver,
    thanh_hoa.DEMO["secretary"],
    "chibo.thuky",
    "chibo.soanthao",
    thanh_hoa.BOARD["entering"],
    thanh_hoa.DEMO["head"],
    thanh_hoa.BOARD["second"],
    thanh_hoa.BOARD["head"],
    "chibo.dangvien",
    lang_son.PROVINCIAL.staff,
    lang_son.committee_of(lang_son.TRIED).staff,
    lang_son.committee_of(lang_son.TRIED).approver,
)
CHANGED = ("account.password_changed", "account.password_reset")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    password: str
    full_name: str
    roles: tuple[str, ...]


def accounts() -> list[DemoAccount]:
    """In the order of ``USERNAMES``; empty unless all are there. A password that was changed is not shown."""
    known = (*USERNAMES, *practice.USERNAMES)
    users = {user.username: user for user in User.objects.filter(username__in=known)}
    if DEMO_PASSWORD is None or not users.keys() >= set(USERNAMES):
        return []
    changed = set(
        AuditEvent.objects.filter(
            action__in=CHANGED, subject_type="accounts.user", subject_id__in=[str(user.pk) for user in users.values()]
        ).values_list("subject_id", flat=True)
    )
    return [
        DemoAccount(
            username=username,
            password="(đã đổi)" if str(users[username].pk) in changed else DEMO_PASSWORD,
            full_name=users[username].full_name,
            roles=_roles(users[username]),
        )
        for username in known
        if username in users
    ]


def _roles(user: User) -> tuple[str, ...]:
    assignments = user.assignments.filter(revoked_at__isnull=True).select_related("organization").order_by("pk")
    return tuple(f"{one.get_role_display()} – {one.organization}" for one in assignments)
