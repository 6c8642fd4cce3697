"""What is done to an account. Who may do it is decided by the caller's policies: places are not known here."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts import audit
from accounts.acting import Assignment
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import TextSize, User
from accounts.passwords import one_time_password


@transaction.atomic
def create_user(
    *,
    username: str,
    full_name: str,
    actor: User | None,
    at: datetime,
    email: str = "",
    phone: str = "",
    password: str | None = None,
    can_sign_in: bool = True,
    scope: models.Model | None = None,
    purpose: str = "",
) -> tuple[User, str]:
    """Lập tài khoản; return it with the password to hand over.

    Without ``password`` a one-time one is made, which the first sign-in must change; with ``can_sign_in``
    False there is none until it is reset. ``scope`` is the organization the event is filed under.
    Raises InvalidInput with the fields.
    """
    user = User(
        username=username.strip().lower(),
        full_name=unicodedata.normalize("NFC", " ".join(full_name.split())),
        email=email.strip(),
        phone=phone.strip(),
        must_change_password=password is None,
        one_time_until=one_time_until(at) if password is None else None,
    )
    handed_over = (password or one_time_password()) if can_sign_in else ""
    user.set_password(handed_over or None)
    _checked(user)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as taken:  # somebody else took the name since it was checked
        message = f"Tên đăng nhập “{user.username}” đã có người dùng. Chọn tên khác."
        raise InvalidInput(f"Chưa lập được tài khoản: {message}", fields={"username": [message]}) from taken
    audit.record("account.created", user, actor=actor, at=at, scope=scope, username=user.username, purpose=purpose)
    return user, handed_over


def one_time_until(at: datetime) -> datetime:
    """Until when a one-time password handed out now opens the account."""
    return at + timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)


def _checked(user: User) -> None:
    try:
        user.full_clean()
    except ValidationError as error:
        fields: dict[str, Any] = {**error.message_dict}
        if User.objects.filter(username=user.username).exists():
            fields["username"] = [f"Tên đăng nhập “{user.username}” đã có người dùng. Chọn tên khác."]
        first = next(iter(fields.values()))[0]
        raise InvalidInput(f"Chưa lập được tài khoản: {first}", fields=fields) from error


@transaction.atomic
def deactivate_user(user_id: int, *, actor: User, at: datetime, scope: models.Model | None = None) -> User:
    """Ngừng tài khoản: every session ends at its next request. Nobody may do it to themselves."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.pk == actor.pk:
        raise NotAllowed("Đồng chí không tự ngừng tài khoản của mình. Nhờ quản trị hệ thống khác thực hiện.")
    if not user.is_active:
        raise InvalidInput(f"Tài khoản của {user} đã ngừng từ trước.")
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    audit.record("account.deactivated", user, actor=actor, at=at, scope=scope)
    return user


@transaction.atomic
def reactivate_user(user_id: int, *, actor: User, at: datetime, scope: models.Model | None = None) -> User:
    """Mở lại tài khoản."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.is_active:
        raise InvalidInput(f"Tài khoản của {user} đang hoạt động.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("account.reactivated", user, actor=actor, at=at, scope=scope)
    return user


@transaction.atomic
def reset_password(user_id: int, *, actor: User, at: datetime, scope: models.Model | None = None) -> str:
    """Đặt lại mật khẩu; return the one-time password to hand over. Every session of the person ends."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.pk == actor.pk:
        raise NotAllowed("Đồng chí đổi mật khẩu của mình ở trang “Đổi mật khẩu”.")
    password = one_time_password()
    user.set_password(password)
    user.must_change_password, user.one_time_until = True, one_time_until(at)
    user.save(update_fields=["password", "must_change_password", "one_time_until"])
    audit.record("account.password_reset", user, actor=actor, at=at, scope=scope)
    return password


@transaction.atomic
def change_password(user_id: int, new_password: str, *, at: datetime) -> User:
    """Đổi mật khẩu của mình; every other session ends. Raises InvalidInput when it is weak or the old one."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.check_password(new_password):
        message = "Mật khẩu mới trùng mật khẩu đang dùng. Chọn mật khẩu khác."
        raise InvalidInput(message, fields={"password1": [message]})
    try:
        validate_password(new_password, user)
    except ValidationError as error:
        raise InvalidInput(error.messages[0], fields={"password1": error.messages}) from error
    user.set_password(new_password)
    user.must_change_password, user.one_time_until, user.own_password_at = False, None, at
    user.save(update_fields=["password", "must_change_password", "one_time_until", "own_password_at"])
    audit.record("account.password_changed", user, actor=user, at=at)
    return user


@transaction.atomic
def end_sessions(user_id: int, *, actor: User, at: datetime, scope: models.Model | None = None) -> None:
    """Đóng mọi phiên làm việc của một người, effective at their next request."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    end_sessions_of(user)
    audit.record("account.sessions_ended", user, actor=actor, at=at, scope=scope)


def end_sessions_of(user: User) -> None:
    """Part of another act that already records itself, such as granting or revoking a role."""
    User.objects.filter(pk=user.pk).update(session_epoch=models.F("session_epoch") + 1)


@transaction.atomic
def act_as(user: User, assignment: Assignment | None, *, at: datetime) -> None:
    """Record as whom the person works from now on; the session itself is kept by the caller."""
    role = "mọi vai trò được giao" if assignment is None else assignment.get_role_display()
    place = None if assignment is None else assignment.organization
    audit.record("account.acted_as", user, actor=user, at=at, scope=place, role=role)


@transaction.atomic
def set_text_size(user: User, size: str, *, at: datetime) -> None:
    """Chọn cỡ chữ, kept with the person."""
    user.text_size = TextSize(size)
    user.save(update_fields=["text_size"])
    audit.record("account.text_size_set", user, actor=user, at=at, size=TextSize(size).label)


@transaction.atomic
def set_contrast(user: User, high: bool, *, at: datetime) -> None:
    """Chọn độ tương phản, kept with the person."""
    user.high_contrast = high
    user.save(update_fields=["high_contrast"])
    audit.record("account.contrast_set", user, actor=user, at=at, contrast="cao" if high else "thường")
