"""``manage.py demo_accounts``: the table of accounts to try; exit 1 where the stories were not told."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from elections.stories import demo

HEADER = ("Tên đăng nhập", "Mật khẩu", "Họ và tên", "Vai trò – tại")


class Command(BaseCommand):
    help = "In bảng tài khoản dùng thử của các câu chuyện mẫu."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            accounts = demo.accounts()
        except DatabaseError as error:
            raise CommandError("Cơ sở dữ liệu chưa có bảng. Chạy manage.py migrate trước.") from error
        if not accounts:
            raise CommandError(
                "Không có tài khoản dùng thử. Dựng các câu chuyện mẫu trước: manage.py replay_seeds "
                "(máy chủ thật không có mật khẩu dùng thử)."
            )
        rows = [HEADER]
        for one in accounts:
            first, *more = one.roles
            rows.append((one.username, one.password, one.full_name, first))
            rows += [("", "", "", role) for role in more]
        widths = [max(width(row[column]) for row in rows) for column in range(3)]
        rows.insert(1, tuple("─" * size for size in [*widths, max(width(row[3]) for row in rows)]))
        for row in rows:
            padded = (cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=False))
            self.stdout.write(f"  {'  '.join([*padded, row[3]])}")


def width(text: str) -> int:
    """Columns on a terminal: marks that combine take none."""
    return sum(not unicodedata.combining(sign) for sign in unicodedata.normalize("NFC", text))
