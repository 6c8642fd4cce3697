"""Gives the application a PostgreSQL role that cannot change or remove what is sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from accounts.database_role import restrict


class Command(BaseCommand):
    help = "Lập hoặc chỉnh quyền của tài khoản PostgreSQL mà ứng dụng dùng. Chạy lại sau mỗi lần migrate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="TÊN", help="tên tài khoản, khác với chủ sở hữu các bảng")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Lệnh này chỉ dùng với PostgreSQL.", returncode=2)
        try:
            with transaction.atomic():
                sealed = restrict(options["name"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Tài khoản {options['name']}: chỉ được thêm và đọc ở {', '.join(sealed)}.")
