"""What the database must be set to before its record of events is worth anything.

Run by ``manage.py check --deploy --database default`` under the application's own role.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.utils import CursorWrapper

from accounts import insert_only

DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


def database_keeps_what_it_acknowledged(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                found += [*_durability(cursor), *_role(cursor), *_rights(cursor)]
    return found


def _durability(cursor: CursorWrapper) -> list[CheckMessage]:
    cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s) AND setting <> 'on'", [list(DURABLE)])
    return [
        Error(f"PostgreSQL chạy với {name} = {setting}: mất điện là mất việc đã ghi.", id="accounts.E001")
        for name, setting in sorted(cursor.fetchall())
    ]


def _role(cursor: CursorWrapper) -> list[CheckMessage]:
    cursor.execute(
        "SELECT rolsuper OR rolcreaterole OR rolbypassrls,"
        " EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user)"
        " FROM pg_roles WHERE rolname = current_user"
    )
    mighty, owner = cursor.fetchone()
    if not mighty and not owner:
        return []
    return [
        Error(
            "Ứng dụng kết nối bằng tài khoản là chủ các bảng hoặc có quyền quản trị máy chủ dữ liệu.",
            hint="Chạy manage.py restrict_database_role TÊN rồi kết nối bằng tài khoản đó.",
            id="accounts.E002",
        )
    ]


def _rights(cursor: CursorWrapper) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for table in insert_only.tables():
        cursor.execute(
            "SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')"
            " OR has_table_privilege(%s, 'TRUNCATE')",
            [table, table, table],
        )
        if cursor.fetchone()[0]:
            found.append(Error(f"Tài khoản của ứng dụng sửa hoặc xóa được {table}.", id="accounts.E003"))
    return found
