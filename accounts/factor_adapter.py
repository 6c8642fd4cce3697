"""What allauth keeps of the second factor is encrypted with keys that are not in the database."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import MultiFernet

from accounts.at_rest import box

PURPOSE = "accounts.second_factor"


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
    return box(PURPOSE)
