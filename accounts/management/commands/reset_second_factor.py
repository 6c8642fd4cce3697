"""``manage.py reset_second_factor USERNAME``: the way back in for the last administrator who lost the telephone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import second_factor
from accounts.errors import DomainError
from accounts.models import User


class Command(BaseCommand):
    help = "Đặt lại xác thực hai bước của một người khi không ai khác làm được việc đó trên trang; được ghi nhật ký."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Không có người dùng “{options['username']}”.")
        try:
            second_factor.reset(user.pk, actor=None, at=timezone.now())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Đã đặt lại xác thực hai bước của {user.full_name}; lần đăng nhập sau sẽ cài đặt lại.")
