"""A closed review and every comment stay as they are; a run of numbers never goes back.

Uses the function ``refuse_change`` that accounts brings to PostgreSQL.
"""

from django.db import migrations

ROUND = "documents_reviewround"
COMMENT = "documents_reviewcomment"
COUNTER = "documents_numbercounter"
CLOSED = "OLD.outcome <> 'open'"
BACKWARDS = "NEW.last < OLD.last OR NEW.scope <> OLD.scope"

POSTGRESQL = [
    f"CREATE TRIGGER {ROUND}_closed BEFORE UPDATE ON {ROUND} FOR EACH ROW WHEN ({CLOSED}) EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {ROUND}_kept BEFORE DELETE ON {ROUND} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {COMMENT}_insert_only BEFORE UPDATE OR DELETE ON {COMMENT} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {COUNTER}_onwards BEFORE UPDATE ON {COUNTER} FOR EACH ROW WHEN ({BACKWARDS}) EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {COUNTER}_kept BEFORE DELETE ON {COUNTER} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER {COUNTER}_kept ON {COUNTER}",
    f"DROP TRIGGER {COUNTER}_onwards ON {COUNTER}",
    f"DROP TRIGGER {COMMENT}_insert_only ON {COMMENT}",
    f"DROP TRIGGER {ROUND}_kept ON {ROUND}",
    f"DROP TRIGGER {ROUND}_closed ON {ROUND}",
]


def refuse(name, table, verb, when=""):
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when and 'WHEN ' + when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {verb} refused, closed, insert-only or running backwards'); END"
    )


SQLITE_TRIGGERS = {
    f"{ROUND}_closed": (ROUND, "UPDATE", CLOSED),
    f"{ROUND}_kept": (ROUND, "DELETE"),
    f"{COMMENT}_no_update": (COMMENT, "UPDATE"),
    f"{COMMENT}_no_delete": (COMMENT, "DELETE"),
    f"{COUNTER}_onwards": (COUNTER, "UPDATE", BACKWARDS),
    f"{COUNTER}_kept": (COUNTER, "DELETE"),
}
SQLITE = [refuse(name, *rest) for name, rest in SQLITE_TRIGGERS.items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in SQLITE_TRIGGERS]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_versions_and_papers_are_kept"), ("accounts", "0003_audit_event_insert_only")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
