"""Devices their owner has signed in on before. Knowing one only buys a count of tries of its own, no right."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.devices"


def known_device(request: HttpRequest, username: str) -> str:
    """The device's id when its cookie was given to this account under its present password, else ""."""
    told = _read(request)
    user = User.objects.filter(pk=told.get("user"), username=username).first() if told else None
    if user is None or not constant_time_compare(str(told.get("mark")), _mark(user)):
        return ""
    return str(told["device"])


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Give the browser a cookie that says this account has been signed in to here."""
    told = _read(request)
    device = str(told["device"]) if told.get("user") == user.pk else secrets.token_hex(8)
    value = signing.dumps({"user": user.pk, "device": device, "mark": _mark(user)}, salt=SALT)
    response.set_cookie(
        settings.TRUSTED_DEVICE_COOKIE,
        value,
        max_age=settings.TRUSTED_DEVICE_DAYS * 24 * 3600,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, object]:
    try:
        told: dict[str, object] = signing.loads(
            request.COOKIES.get(settings.TRUSTED_DEVICE_COOKIE, ""),
            salt=SALT,
            max_age=settings.TRUSTED_DEVICE_DAYS * 24 * 3600,
        )
    except signing.BadSignature:
        return {}
    return told


def _mark(user: User) -> str:
    """Changes with the password: a new one makes every device unknown again."""
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:32]
