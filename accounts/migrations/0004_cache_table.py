"""The table behind the database cache: the counters of the sign-in limits survive a lost Redis there."""

from django.db import migrations


def create(apps, schema_editor):
    moment = "timestamp with time zone" if schema_editor.connection.vendor == "postgresql" else "datetime"
    schema_editor.execute(
        f"CREATE TABLE cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires {moment} NOT NULL)"
    )
    schema_editor.execute("CREATE INDEX cache_expires ON cache (expires)")


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_event_insert_only")]

    operations = [migrations.RunPython(create, drop)]
