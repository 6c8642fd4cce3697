"""What allauth keeps of the second factor is encrypted with keys that are not in the database."""

from __future__ import annotations

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "accounts.second_factor"


class Adapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "Mã chưa đúng hoặc đã dùng. Đồng chí chờ mã mới hiện trên điện thoại rồi nhập lại, "
            "hoặc nhập một mã dự phòng chưa dùng."
        ),
    }

    def encrypt(self, text: str) -> str:
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keys().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing by mail: every change is an event of the record, and there may be no mail server."""


def keys() -> MultiFernet:
    """The first key encrypts, every one decrypts: put a new key first, run ``rotate_second_factor_keys``, drop the old.

    Without ``SECOND_FACTOR_KEYS`` they come from ``SECRET_KEY`` and its fallbacks.
    """
    texts = settings.SECOND_FACTOR_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(text)) for text in texts])


def _key(text: str) -> bytes:
    return base64.urlsafe_b64encode(salted_hmac(SALT, "", secret=text, algorithm="sha256").digest())
