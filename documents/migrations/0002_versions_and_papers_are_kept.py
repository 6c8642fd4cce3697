"""A draft version is never changed; a paper's file and hash are written once, the rest never.

Uses the function ``refuse_change`` that accounts brings to PostgreSQL.
"""

from django.db import migrations

VERSION = "documents_documentversion"
PAPER = "documents_issuedpaper"
FROZEN = (
    "code", "congress_id", "issuer_id", "about", "edition", "title", "number_scope", "number", "notation",
    "issued_on", "layout", "regime", "data", "created_by_id", "created_at",
)  # fmt: skip

POSTGRESQL = [
    f"CREATE TRIGGER {VERSION}_insert_only BEFORE UPDATE OR DELETE ON {VERSION} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {PAPER}_kept BEFORE DELETE ON {PAPER} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {PAPER}_issued_once BEFORE UPDATE ON {PAPER} FOR EACH ROW WHEN (OLD.sha256 <> '' OR "
    + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FROZEN)
    + ") EXECUTE FUNCTION refuse_change()",
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER {PAPER}_issued_once ON {PAPER}",
    f"DROP TRIGGER {PAPER}_kept ON {PAPER}",
    f"DROP TRIGGER {VERSION}_insert_only ON {VERSION}",
]
SQLITE = [
    f"CREATE TRIGGER {VERSION}_no_update BEFORE UPDATE ON {VERSION} BEGIN SELECT RAISE(ABORT, '{VERSION} is insert-only: UPDATE refused'); END",
    f"CREATE TRIGGER {VERSION}_no_delete BEFORE DELETE ON {VERSION} BEGIN SELECT RAISE(ABORT, '{VERSION} is insert-only: DELETE refused'); END",
    f"CREATE TRIGGER {PAPER}_kept BEFORE DELETE ON {PAPER} BEGIN SELECT RAISE(ABORT, '{PAPER} is kept: DELETE refused'); END",
    f"CREATE TRIGGER {PAPER}_issued_once BEFORE UPDATE ON {PAPER} WHEN OLD.sha256 <> '' OR "
    + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FROZEN)
    + f" BEGIN SELECT RAISE(ABORT, '{PAPER} is issued once: UPDATE refused'); END",
]
SQLITE_BACK = [
    f"DROP TRIGGER {PAPER}_issued_once",
    f"DROP TRIGGER {PAPER}_kept",
    f"DROP TRIGGER {VERSION}_no_delete",
    f"DROP TRIGGER {VERSION}_no_update",
]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_drafts_and_papers"), ("accounts", "0003_audit_event_insert_only")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
