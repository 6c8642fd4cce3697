"""A committee's report: number and content never change, its files are written once, no row goes away.

Uses the function ``refuse_change`` that accounts brings to PostgreSQL.
"""

from django.db import migrations

REPORT = "documents_committeereport"
FROZEN = (
    "code", "organization_id", "term_label", "as_of", "title", "number_scope", "number", "notation", "issued_on",
    "layout", "data", "created_by_id", "created_at",
)  # fmt: skip


def changed(differs):
    return "OLD.pdf_sha256 <> '' OR " + " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in FROZEN)


POSTGRESQL = [
    f"CREATE TRIGGER {REPORT}_kept BEFORE DELETE ON {REPORT} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {REPORT}_issued_once BEFORE UPDATE ON {REPORT} FOR EACH ROW WHEN ({changed('IS DISTINCT FROM')})"
    " EXECUTE FUNCTION refuse_change()",
]
POSTGRESQL_BACK = [f"DROP TRIGGER {REPORT}_issued_once ON {REPORT}", f"DROP TRIGGER {REPORT}_kept ON {REPORT}"]
SQLITE = [
    f"CREATE TRIGGER {REPORT}_kept BEFORE DELETE ON {REPORT}"
    f" BEGIN SELECT RAISE(ABORT, '{REPORT} is kept: DELETE refused'); END",
    f"CREATE TRIGGER {REPORT}_issued_once BEFORE UPDATE ON {REPORT} WHEN {changed('IS NOT')}"
    f" BEGIN SELECT RAISE(ABORT, '{REPORT} is issued once: UPDATE refused'); END",
]
SQLITE_BACK = [f"DROP TRIGGER {REPORT}_issued_once", f"DROP TRIGGER {REPORT}_kept"]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_reports_of_committees"), ("accounts", "0003_audit_event_insert_only")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
