"""How long a session lives: so long after the last page, and never longer than a working day. And which there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import audit, services
from accounts.errors import InvalidInput
from accounts.models import SignIn, User

SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
WRITE_EVERY_SECONDS = 60  # not at every page: a session write is a database write


def start_clock(request: HttpRequest, **kwargs: Any) -> None:
    """Receives Django's ``user_logged_in``: no way of signing in can forget to start the limits."""
    moment = int(timezone.now().timestamp())
    request.session[SIGNED_IN_AT] = moment
    request.session[LAST_SEEN_AT] = moment


def has_ended(request: HttpRequest, at: datetime) -> bool:
    """Whether the idle or the absolute limit has been reached; a session without times is not ours to trust."""
    return times_are_over(request.session, at)


def times_are_over(data: Any, at: datetime) -> bool:
    """The same of a session's data, whoever's it is."""
    now = int(at.timestamp())
    signed_in, last_seen = data.get(SIGNED_IN_AT), data.get(LAST_SEEN_AT)
    if not isinstance(signed_in, int) or not isinstance(last_seen, int):
        return True
    return now - last_seen >= settings.SESSION_IDLE_SECONDS or now - signed_in >= settings.SESSION_COOKIE_AGE


def touch(request: HttpRequest, at: datetime) -> None:
    now = int(at.timestamp())
    if now - request.session[LAST_SEEN_AT] >= WRITE_EVERY_SECONDS:
        request.session[LAST_SEEN_AT] = now


def signed_in_seconds_ago(request: HttpRequest, at: datetime) -> int:
    """How long ago the person signed in with the password."""
    return int(at.timestamp()) - int(request.session.get(SIGNED_IN_AT, 0))


# ---- which sessions a person has ----


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One living session as its owner sees it."""

    pk: int
    device: str
    address: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def remember(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receives Django's ``user_logged_in``: note the device, forget sessions of this person that are gone."""
    if request.session.session_key is None:
        request.session.save()
    gone = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    SignIn.objects.filter(user=user).exclude(session_key__in=gone).delete()
    SignIn.objects.create(
        user=user,
        session_key=request.session.session_key,
        started_at=timezone.now(),
        browser=request.META.get("HTTP_USER_AGENT", "")[:300],
        address=get_ip(request)[:45] if request.META.get("REMOTE_ADDR") else "",
    )


def follow(before: str, after: str | None) -> None:
    """The session got another key (a new password, another role), or none any more: signed out."""
    known = SignIn.objects.filter(session_key=before)
    if after:
        known.update(session_key=after)
    else:
        known.delete()


def own_sessions(user: User, this: str | None, *, at: datetime) -> list[OwnSession]:
    """The living ones, this one first, then by when they were last seen; dead ones are left out, not removed."""
    rows = {one.session_key: one for one in SignIn.objects.filter(user=user)}
    found = []
    for session in Session.objects.filter(session_key__in=rows, expire_date__gt=at):
        data, row = session.get_decoded(), rows[session.session_key]
        if _is_alive(data, user, at):
            found.append(
                OwnSession(
                    pk=row.pk,
                    device=device_of(row.browser),
                    address=row.address,
                    started_at=row.started_at,
                    seen_at=datetime.fromtimestamp(data[LAST_SEEN_AT], tz=UTC),
                    is_this=session.session_key == this,
                )
            )
    return sorted(found, key=lambda one: (not one.is_this, -one.seen_at.timestamp()))


def _is_alive(data: dict[str, Any], user: User, at: datetime) -> bool:
    """A new password or a raised epoch ends a session at its next request; here it is gone already."""
    return (
        data.get(SESSION_KEY) == str(user.pk)
        and constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
        and not times_are_over(data, at)
    )


@transaction.atomic
def end_one(user: User, sign_in_id: int, this: str | None, *, at: datetime) -> None:
    """Kết thúc một phiên của mình on another device. Raises InvalidInput for one that is not there, or this one."""
    row = SignIn.objects.filter(user=user, pk=sign_in_id).first()
    if row is None:
        raise InvalidInput("Phiên này đã kết thúc. Tải lại trang để xem các phiên đang mở.")
    if row.session_key == this:
        raise InvalidInput("Đây là phiên đồng chí đang dùng. Muốn kết thúc thì chọn Đăng xuất.")
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    audit.record("account.session_ended", user, actor=user, at=at, device=device_of(row.browser))


def end_others(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Kết thúc mọi phiên khác của mình; this one goes on under a new key."""
    with transaction.atomic():
        services.end_sessions_of(user)
        audit.record("account.other_sessions_ended", user, actor=user, at=at)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)


SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def device_of(browser: str) -> str:
    """“Chrome trên Windows”, from what the browser says of itself; a hint, never a proof."""
    name = next((known for mark, known in BROWSERS if mark in browser), "Trình duyệt khác")
    system = next((known for mark, known in SYSTEMS if mark in browser), "")
    return f"{name} trên {system}" if system else name
