"""Nhắc việc: each reminder once however often this runs; late work climbs; a mail a day that only says how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from accounts import wording
from accounts.models import User
from congress import dues
from congress.dues import Due, Hands
from congress.models import Digest, Reminder
from organizations.models import RoleAssignment
from organizations.queries import live
from outbox.models import Job
from outbox.services import promise

SOON = 3
"""Working days before a deadline from which one is reminded."""
MAIL = "mail_digest"
MAIL_FROM_HOUR = 7
"""No mail before seven in the morning."""
Level = Reminder.Level


@transaction.atomic
def remind(*, at: datetime) -> Counter[str]:
    """Write what has to be reminded now and is not yet, drop what is done, and promise the mails of the day.

    Returns how many new reminders there are by level. Run twice, or by two workers at once, it writes nothing twice.
    """
    today = timezone.localdate(at)
    wanted = list(_reminders(dues.all_on(today), at=at))
    _settle({one.key for one in wanted}, at=at)
    known = set(Reminder.objects.filter(key__in={one.key for one in wanted}).values_list("user_id", "key"))
    new = [one for one in wanted if (one.user_id, one.key) not in known]
    Reminder.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    _write_digests(at=at)
    return Counter(one.level for one in new)


def _reminders(found: Iterable[Due], *, at: datetime) -> Iterator[Reminder]:
    told = [(due, level, hands) for due in found for level, hands in _who_is_told(due)]
    people = _people({hands.organization_id for _, _, hands in told}, at=at)
    for due, level, hands in told:
        for user_id in sorted({user for role in hands.roles for user in people.get((hands.organization_id, role), ())}):
            yield Reminder(
                user_id=user_id,
                key=f"{due.key}:{level}",
                level=level,
                sentence=f"{due.sentence} ({wording.day(due.due_on)})"[:300],
                url=due.url,
                due_on=due.due_on,
                created_at=at,
            )


def _who_is_told(due: Due) -> Iterator[tuple[str, Hands]]:
    """Soon: whoever holds the ball. Late: they, and whoever stands above them."""
    if due.left < 0:
        yield Level.LATE, due.holder
        if due.above is not None:
            yield Level.ESCALATED, due.above
    elif due.left <= SOON:
        yield Level.SOON, due.holder


def _people(places: set[int], *, at: datetime) -> dict[tuple[int, str], list[int]]:
    """(organization, role) → users who hold it there today and can sign in."""
    rows = RoleAssignment.objects.filter(organization__in=places, user__is_active=True)
    found: dict[tuple[int, str], list[int]] = {}
    for place, role, user in live(rows, on=timezone.localdate(at)).values_list("organization_id", "role", "user_id"):
        found.setdefault((place, role), []).append(user)
    return found


def _settle(wanted: set[str], *, at: datetime) -> None:
    """What nobody waits for any more needs no reading: the thing is done, or its day has moved."""
    waiting = Reminder.objects.filter(seen_at__isnull=True).exclude(level=Level.NOTICE)
    done = [pk for pk, key in waiting.values_list("pk", "key") if key not in wanted]
    Reminder.objects.filter(pk__in=done).update(seen_at=at)


def _write_digests(*, at: datetime) -> None:
    """One row a day for everybody with something unseen; a mail where there is an address and a mail server."""
    if timezone.localtime(at).hour < MAIL_FROM_HOUR:
        return
    today = timezone.localdate(at)
    counts = Counter(Reminder.objects.filter(seen_at__isnull=True).order_by().values_list("user_id", flat=True))
    known = set(Digest.objects.filter(day=today).values_list("user_id", flat=True))
    Digest.objects.bulk_create(
        [Digest(user_id=user, day=today, count=count) for user, count in counts.items() if user not in known],
        ignore_conflicts=True,
    )
    if not settings.EMAIL_HOST:
        return
    unsent = Digest.objects.filter(day=today, mailed_at__isnull=True, user__is_active=True).exclude(user__email="")
    for pk in unsent.values_list("pk", flat=True):
        promise(MAIL, f"digest:{pk}", {"digest_id": pk}, at=at)


def mail_digest(payload: Mapping[str, Any], job: Job) -> None:
    """The durable job: says how many things wait and where to read them, and nothing of what they are."""
    digest = Digest.objects.select_related("user").get(pk=payload["digest_id"])
    if digest.mailed_at is not None or not settings.EMAIL_HOST:
        return
    send_mail(
        subject=f"Đại hội chi bộ: {digest.count} việc đang chờ đồng chí",
        message=(
            f"Kính gửi đồng chí {digest.user.full_name},\n\nĐồng chí có {digest.count} việc cần xem trong phần mềm "
            f"Đại hội chi bộ. Mở {settings.SITE_ADDRESS}/nhac-viec/ để xem.\n\n"
            "Thư này do phần mềm gửi tự động, mỗi ngày nhiều nhất một thư."
        ),
        from_email=None,
        recipient_list=[digest.user.email],
    )
    Digest.objects.filter(pk=digest.pk).update(mailed_at=timezone.now())


@transaction.atomic
def mark_seen(user: User, *, at: datetime) -> int:
    """Everything in the person's list is read; returns how many were not."""
    return Reminder.objects.filter(user=user, seen_at__isnull=True).update(seen_at=at)


def notify(users: Iterable[int], *, key: str, sentence: str, url: str, at: datetime) -> None:
    """Báo tin to those people, once per key; for a service that has something to tell."""
    Reminder.objects.bulk_create(
        [
            Reminder(user_id=user, key=key, level=Level.NOTICE, sentence=sentence[:300], url=url, created_at=at)
            for user in users
        ],
        ignore_conflicts=True,
    )
