"""``manage.py rotate_second_factor_keys``: secrets encrypted with an older key are encrypted with the first one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts import second_factor


class Command(BaseCommand):
    help = "Mã hóa lại khóa xác thực hai bước bằng khóa đứng đầu SECOND_FACTOR_KEYS; chạy xong mới bỏ khóa cũ."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã mã hóa lại {second_factor.rotate_keys()} khóa.")
