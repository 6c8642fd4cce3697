"""Nhắc việc: each reminder once however often this runs; late work climbs; a mail a day that only says how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts import audit, wording
from accounts.models import User
from congress import dues, reminders
from congress.dues import SOON, Due, Hands, Part
from congress.models import Digest, MailChoice, Reminder, ReminderRun
from organizations.models import RoleAssignment
from organizations.queries import live
from outbox.models import Job
from outbox.services import promise

MAIL = "mail_digest"
Level = Reminder.Level


def run(*, at: datetime) -> Counter[str] | None:
    """``remind`` when it is time; None when a worker began a run not long ago: each has a clock, one of them runs."""
    pause = timedelta(seconds=settings.REMIND_SECONDS * 0.9)
    ReminderRun.objects.get_or_create(pk=1, defaults={"began_at": at - 2 * pause})
    turn = Q(began_at__lte=at - pause) | Q(began_at__gt=at + pause)  # the second: the clock was set back
    if not ReminderRun.objects.filter(turn, pk=1).update(began_at=at):
        return None
    found = remind(at=at)
    ReminderRun.objects.filter(pk=1).update(ended_at=at)
    return found


def remind(*, at: datetime) -> Counter[str]:
    """Write what has to be reminded now and is not yet, drop what is done, and promise the mails of the day.

    Returns how many new reminders there are by level. Run twice, or by two workers at once, it writes nothing twice.
    Each part of the tree is a transaction of its own: what is written stays when a later part fails.
    """
    found: Counter[str] = Counter()
    for part in dues.parts():
        found.update(remind_part(part, at=at))
    _close_the_day(at=at)
    return found


@transaction.atomic
def remind_part(part: Part, *, at: datetime) -> Counter[str]:
    """``remind`` for what lies in one part of the tree."""
    wanted = _reminders(dues.all_on(timezone.localdate(at), part), at=at)
    here = Reminder.objects.filter(part.holds("about__")).exclude(level=Level.NOTICE)
    _settle(here.filter(seen_at__isnull=True), wanted, at=at)
    days = {one.due_on for one in wanted.values()}
    known = set(here.filter(due_on__in=days).values_list("user_id", "key")) if days else set()
    new = [one for pair, one in wanted.items() if pair not in known]
    Reminder.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    return Counter(one.level for one in new)


def _reminders(found: Iterable[Due], *, at: datetime) -> dict[tuple[int, str], Reminder]:
    """(person, key) → reminder. Who holds the ball and stands above it as well hears of one thing once, as holder."""
    told = [(due, level, hands) for due in found for level, hands in _who_is_told(due)]
    people = _people({hands.organization_id for _, _, hands in told}, at=at)
    heard: set[tuple[int, str]] = set()
    wanted = {}
    for due, level, hands in told:
        for user_id in {user for role in hands.roles for user in people.get((hands.organization_id, role), ())}:
            if (user_id, due.key) not in heard:
                heard.add((user_id, due.key))
                one = _reminder(due, level, hands.organization_id, user_id, at=at)
                wanted[user_id, one.key] = one
    return wanted


def _reminder(due: Due, level: str, place_id: int, user_id: int, *, at: datetime) -> Reminder:
    return Reminder(
        user_id=user_id,
        key=f"{due.key}:{level}",
        level=level,
        place_id=place_id,
        about_id=due.about_id,
        topic=due.topic[:300],
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


def _settle(waiting: Any, wanted: Collection[tuple[int, str]], *, at: datetime) -> None:
    """What nobody waits for any more is settled: the thing is done, or its day has moved.

    What others still wait for is no longer this person's: it goes, and comes anew with the right.
    """
    keys = {key for _, key in wanted}
    left = [(pk, key) for pk, user, key in waiting.values_list("pk", "user_id", "key") if (user, key) not in wanted]
    Reminder.objects.filter(pk__in=[pk for pk, key in left if key not in keys]).update(seen_at=at)
    Reminder.objects.filter(pk__in=[pk for pk, key in left if key in keys]).delete()


@transaction.atomic
def _close_the_day(*, at: datetime) -> None:
    """What lost its right goes; then one row a day for whoever has something unseen, and a mail where one is wanted."""
    today = timezone.localdate(at)
    reminders.left_behind(on=today).delete()
    unseen = Reminder.objects.filter(reminders.wanted_at(timezone.localtime(at).hour), seen_at__isnull=True)
    unseen = unseen.exclude(user__in=Digest.objects.filter(day=today).values("user_id"))
    counts = unseen.order_by().values_list("user_id").annotate(count=Count("pk"))
    Digest.objects.bulk_create(
        [Digest(user_id=user, day=today, count=count) for user, count in counts], batch_size=1000, ignore_conflicts=True
    )
    if settings.EMAIL_HOST:
        _promise_mails(at=at)


def _promise_mails(*, at: datetime) -> None:
    mailed = _to_mail().filter(day=timezone.localdate(at))
    keys = {f"digest:{pk}": pk for pk in mailed.values_list("pk", flat=True)}
    promised = set(Job.objects.filter(kind=MAIL, key__in=keys).values_list("key", flat=True)) if keys else set()
    for key, pk in keys.items():
        if key not in promised:
            promise(MAIL, key, {"digest_id": pk}, at=at)


def _to_mail() -> QuerySet[Digest]:
    """Not sent yet, and of somebody who has an address and has not declined."""
    unsent = Digest.objects.filter(mailed_at__isnull=True, user__is_active=True)
    return unsent.exclude(user__email="").exclude(user__mail_choice__wants_mail=False)


def mail_digest(payload: Mapping[str, Any], job: Job) -> None:
    """The durable job: says how many things wait and where to read them, and nothing of what they are.

    Whoever has declined since it was promised, or has no address any more, gets none.
    """
    digest = _to_mail().select_related("user").filter(pk=payload["digest_id"]).first()
    if digest is None or not settings.EMAIL_HOST:
        return
    send_mail(
        subject=f"Đại hội chi bộ: {digest.count} việc đang chờ đồng chí",
        message=(
            f"Kính gửi đồng chí {digest.user.full_name},\n\nĐồng chí có {digest.count} việc cần xem trong phần mềm "
            f"Đại hội chi bộ. Mở {settings.SITE_ADDRESS}/nhac-viec/ để xem.\n\n"
            "Thư này do phần mềm gửi tự động, mỗi ngày nhiều nhất một thư. Muốn đổi giờ nhận hay thôi nhận, đồng chí "
            f"mở {settings.SITE_ADDRESS}/nhac-viec/thu/."
        ),
        from_email=None,
        recipient_list=[digest.user.email],
    )
    Digest.objects.filter(pk=digest.pk).update(mailed_at=timezone.now())


@transaction.atomic
def mark_seen(user: User, *, at: datetime) -> int:
    """Everything in the person's list is read; returns how many were not."""
    return reminders.shown_to(user).filter(seen_at__isnull=True).update(seen_at=at)


@transaction.atomic
def choose_mail(user: User, *, email: str, wants_mail: bool, from_hour: int, at: datetime) -> MailChoice:
    """Chọn cách nhận thư nhắc, for oneself alone."""
    User.objects.filter(pk=user.pk).update(email=email)
    choice, _ = MailChoice.objects.update_or_create(
        user=user, defaults={"wants_mail": wants_mail, "from_hour": from_hour}
    )
    audit.record("reminders.mail_chosen", user, actor=user, at=at)
    return choice
