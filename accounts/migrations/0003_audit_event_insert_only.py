"""The database itself refuses to change or remove an audit event.

The PostgreSQL functions ``refuse_change`` and ``refuse_foreign_clock`` are general: later migrations of other
apps may put their own triggers on them.
"""

from django.db import migrations

TABLE = "accounts_auditevent"

POSTGRESQL = [
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is insert-only: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION refuse_foreign_clock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.recorded_at IS DISTINCT FROM transaction_timestamp() THEN
            RAISE EXCEPTION '% takes recorded_at from the clock of the database', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER {TABLE}_insert_only BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    f"""
    CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    f"""
    CREATE TRIGGER {TABLE}_own_clock BEFORE INSERT ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION refuse_foreign_clock()
    """,
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER {TABLE}_own_clock ON {TABLE}",
    f"DROP TRIGGER {TABLE}_no_truncate ON {TABLE}",
    f"DROP TRIGGER {TABLE}_insert_only ON {TABLE}",
    "DROP FUNCTION refuse_foreign_clock()",
    "DROP FUNCTION refuse_change()",
]
SQLITE = [
    f"""
    CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE}
    BEGIN SELECT RAISE(ABORT, '{TABLE} is insert-only: {verb} refused'); END
    """
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = [f"DROP TRIGGER {TABLE}_no_{verb}" for verb in ("update", "delete")]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
        for statement in statements:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_event")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
