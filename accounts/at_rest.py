"""What may not lie readable in the database or on the disk is encrypted with keys that are in neither."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def box(purpose: str) -> MultiFernet:
    """The first key encrypts, every one decrypts: put a new key first, run ``rotate_second_factor_keys``, drop the old.

    Without ``SECOND_FACTOR_KEYS`` they come from ``SECRET_KEY`` and its fallbacks. What was encrypted for one
    purpose does not open for another.
    """
    texts = settings.SECOND_FACTOR_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(text, purpose)) for text in texts])


def _key(text: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(salted_hmac(purpose, "", secret=text, algorithm="sha256").digest())
