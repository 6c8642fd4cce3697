"""The second factor: a code of the person's telephone (TOTP), and ten printed codes for the day it is lost.

Asked for at every sign-in of whoever has one, and once more before what cannot be undone. A code counts once:
the last counter that was used is kept with the secret, and neither it nor an earlier one is taken again.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit, devices
from accounts.acting import live_assignments
from accounts.errors import IllegalTransition, InvalidInput, NotAllowed
from accounts.factor_adapter import keys
from accounts.models import User
from accounts.roles import ROLES_WITH_SECOND_FACTOR
from accounts.services import end_sessions_of

TOTP, PRINTED = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
LAST_COUNTER = "last_counter"
WRONG = "Mã chưa đúng. Đồng chí kiểm tra đồng hồ của điện thoại (đặt giờ tự động), chờ mã mới hiện ra rồi nhập lại."


# ---- who has one, who must ----


def has(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=TOTP).exists()


def codes_left(user: User) -> int:
    printed = Authenticator.objects.filter(user=user, type=PRINTED).first()
    return len(printed.wrap().get_unused_codes()) if printed else 0


def must_have(user: User) -> bool:
    """Whoever holds a role that seals, ratifies or grants, where the installation asks for it."""
    return settings.SECOND_FACTOR_REQUIRED and any(
        one.role in ROLES_WITH_SECOND_FACTOR for one in live_assignments(user)
    )


def days_of_grace(user: User, *, on: date) -> int:
    """For how many more days the person may put it off; 0: not any longer.

    Counted from the youngest of: the account, the first such role, the day on which the installation began to ask.
    """
    begun = [getattr(one, "starts_on", None) for one in live_assignments(user) if one.role in ROLES_WITH_SECOND_FACTOR]
    since = [timezone.localdate(user.joined_at), min((day for day in begun if day), default=date.min)]
    if settings.SECOND_FACTOR_SINCE:
        since.append(date.fromisoformat(settings.SECOND_FACTOR_SINCE))
    return max(0, (max(since) + timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS) - on).days)


# ---- proving it ----


def given_lately(request: HttpRequest, user: User) -> bool:
    """Whether this session proved the second factor within the time a step-up lasts."""
    proofs = [one["at"] for one in get_authentication_records(request, user) if one.get("method") == "mfa"]
    return bool(proofs) and 0 <= time.time() - proofs[-1] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def proven(request: HttpRequest, user: User, kind: str) -> None:
    """Note in the session that the second factor was just given."""
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)


def came_in_with(request: HttpRequest, user: User) -> str:
    """The kind last proved in this session: a code of the telephone or a printed one; "" when none was."""
    kinds = [one.get("type", "") for one in get_authentication_records(request, user) if one.get("method") == "mfa"]
    return kinds[-1] if kinds else ""


@transaction.atomic
def accept(user: User, code: str) -> Authenticator | None:
    """The authenticator this code belongs to, used up by it; None when it is wrong, old or used.

    Under the lock of the person's rows, so that of two who send one code at the same moment one is refused.
    """
    held = Authenticator.objects.select_for_update().filter(user=user, type__in=(TOTP, PRINTED)).order_by("-type")
    for one in held:
        if _uses_up(one, code):
            one.user = user
            return one
    return None


def _uses_up(held: Authenticator, code: str) -> bool:
    if held.type == PRINTED:
        return RecoveryCodes(held).validate_code(code)
    counter = _counter_of(decrypt(held.data["secret"]), code, after=held.data.get(LAST_COUNTER, 0))
    if counter is None:
        return False
    held.data[LAST_COUNTER] = counter
    held.save(update_fields=["data"])
    return True


def _counter_of(secret: str, code: str, *, after: int) -> int | None:
    """The counter whose code this is, if it comes after ``after``; half a minute of wrong clock is borne."""
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected) and counter > after:
            return counter
    return None


def record_printed_code(used: Authenticator, *, at: datetime) -> None:
    """Somebody who is signed in gave a printed code: an event of its own (a sign-in says so in its own event)."""
    if used.type != PRINTED:
        return
    user = used.user
    with transaction.atomic():
        audit.record("account.printed_code_used", user, actor=user, at=at, left=codes_left(user))


def count_try(request: HttpRequest, user: User) -> Any:
    """Count a code before it is looked at; None when there were too many, else what gives the count back.

    A device its owner signed in on before has a count of its own: whoever knows the password alone can
    neither guess on nor lock the owner out.
    """
    device = devices.known_device(request, user.username)
    action, key = ("device", f"{user.pk} {device}") if device else ("stranger", str(user.pk))
    usage = ratelimit.consume(
        request, app="accounts", action=action, config=settings.SECOND_FACTOR_LIMITS, key=key, limit_get=True
    )
    return usage and partial(usage.rollback)


# ---- setting it up, and taking it away ----


def new_secret() -> str:
    """Encrypted: it waits in the session, which is a row of the database, until the first code proves it."""
    return encrypt(totp.generate_totp_secret())


def shown(user: User, kept: str) -> tuple[str, str]:
    """(picture for the telephone's camera as a data address, the key in groups of four for typing)."""
    secret = decrypt(kept)
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(user, secret)).encode()
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}", groups


@transaction.atomic
def set_up(user_id: int, kept: str, code: str, *, at: datetime) -> list[str]:
    """Bật xác thực hai bước: the first code proves the telephone; return the printed codes, shown once.

    In place of an earlier telephone, whose codes and printed codes end. Raises InvalidInput for a wrong code.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    counter = _counter_of(decrypt(kept), code, after=0)
    if counter is None:
        raise InvalidInput(WRONG, fields={"code": [WRONG]})
    before, _ = Authenticator.objects.filter(user=user).delete()
    Authenticator.objects.create(user=user, type=TOTP, data={"secret": kept, LAST_COUNTER: counter})
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    audit.record("account.factor_changed" if before else "account.factor_set_up", user, actor=user, at=at)
    return codes


@transaction.atomic
def print_new_codes(user_id: int, *, at: datetime) -> list[str]:
    """Lập mã dự phòng mới: ten new ones, the old ones end. Raises IllegalTransition without a second factor."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not has(user):
        raise IllegalTransition("Đồng chí chưa bật xác thực hai bước nên chưa có mã dự phòng. Bật trước đã.")
    Authenticator.objects.filter(user=user, type=PRINTED).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    audit.record("account.codes_printed", user, actor=user, at=at)
    return codes


@transaction.atomic
def turn_off(user_id: int, *, at: datetime) -> None:
    """Tắt xác thực hai bước của mình, for those who need none. Raises IllegalTransition."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if must_have(user):
        raise IllegalTransition(
            "Vai trò của đồng chí bắt buộc xác thực hai bước nên không tắt được. "
            "Có điện thoại mới thì chọn “Đổi điện thoại”."
        )
    if not has(user):
        raise IllegalTransition("Xác thực hai bước của đồng chí đang tắt.")
    Authenticator.objects.filter(user=user).delete()
    audit.record("account.factor_turned_off", user, actor=user, at=at)


@transaction.atomic
def reset(user_id: int, *, actor: User | None, at: datetime, scope: models.Model | None = None) -> User:
    """Đặt lại xác thực hai bước of somebody who lost the telephone and the printed codes; every session ends.

    The person sets it up anew at the next sign-in. ``actor`` None: the installation itself, from its command line.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if actor is not None and user.pk == actor.pk:
        raise NotAllowed("Đồng chí đổi điện thoại của mình ở trang “Xác thực hai bước”, bằng mã dự phòng.")
    if not Authenticator.objects.filter(user=user).exists():
        raise IllegalTransition(f"Đồng chí {user.full_name} chưa bật xác thực hai bước, không có gì để đặt lại.")
    Authenticator.objects.filter(user=user).delete()
    end_sessions_of(user)
    audit.record("account.factor_reset", user, actor=actor, at=at, scope=scope)
    return user


@transaction.atomic
def rotate_keys() -> int:
    """Encrypt every secret anew with the first key; return how many there are."""
    current, done = keys(), 0
    for held in Authenticator.objects.select_for_update().filter(type__in=(TOTP, PRINTED)).iterator():
        for name in _encrypted(held.data):
            held.data[name] = current.rotate(held.data[name].encode()).decode()
        held.save(update_fields=["data"])
        done += 1
    return done


def _encrypted(data: dict[str, Any]) -> Iterator[str]:
    return (name for name in ("secret", "seed") if name in data)
