"""The role under which the application works on PostgreSQL: it owns nothing and cannot rewrite the record."""

from __future__ import annotations

from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts import insert_only

KEPT_BY_MIGRATIONS = ("django_migrations", "django_content_type")


def restrict(name: str) -> list[str]:
    """Create the role if it is missing and give it exactly the rights it needs; return its insert-only tables.

    Run again after every migration, as the owner of the tables. No password is set here: how the role signs in
    belongs to the server (``pg_hba.conf``, ``ALTER ROLE … PASSWORD``). Disabling a trigger takes the owner, so
    the triggers hold for this role too.
    """
    sealed = insert_only.tables()
    quoted = connection.ops.quote_name
    role = quoted(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        owner, schema = cursor.fetchone()
        if owner == name:
            raise ValueError(f"{name} owns the tables: the application needs a role of its own")
        _create(cursor, name, role)
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {quoted(schema)} FROM {role}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA {quoted(schema)} FROM {role}, PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA {quoted(schema)} TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {quoted(schema)} TO {role}")
        for table in _tables(cursor, schema):
            cursor.execute(f"GRANT {_rights(table, sealed)} ON {quoted(table)} TO {role}")
    return list(sealed)


def _create(cursor: CursorWrapper, name: str, role: str) -> None:
    cursor.execute(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = %s", [name]
    )
    found = cursor.fetchone()
    if found is None:
        cursor.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    elif found[0]:
        raise ValueError(f"{name} has rights over the whole server: take another name or take them away")


def _tables(cursor: CursorWrapper, schema: str) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema])
    return [row[0] for row in cursor.fetchall()]


def _rights(table: str, sealed: tuple[str, ...]) -> str:
    if table in sealed:
        return "SELECT, INSERT"
    return "SELECT" if table in KEPT_BY_MIGRATIONS else "SELECT, INSERT, UPDATE, DELETE"
