"""Trigram indexes on names: a part of a name is found among a million of them without reading them all.

PostgreSQL only; ``pg_trgm`` comes with it and may be created by the owner of the database.
"""

from django.db import migrations

INDEXES = {
    "organizations_member": ("search_name", "full_name"),
    "organizations_organization": ("search_name", "name"),
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table, columns in INDEXES.items():
        for column in columns:
            schema_editor.execute(
                f"CREATE INDEX {table}_{column}_parts ON {table} USING gin ({column} gin_trgm_ops)"
            )
    schema_editor.execute("CREATE INDEX organizations_member_by_name ON organizations_member (sort_name, id)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP INDEX organizations_member_by_name")
    for table, columns in INDEXES.items():
        for column in columns:
            schema_editor.execute(f"DROP INDEX {table}_{column}_parts")


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_names_of_organizations")]

    operations = [migrations.RunPython(create, drop)]
