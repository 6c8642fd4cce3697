"""The ledger that a sealed count rests on changes no more, its reason of being void included.

Uses the function ``refuse_change`` of accounts.
"""

from django.db import migrations

LEDGER, COUNT = "elections_ballotledger", "elections_count"
NAME = f"{LEDGER}_under_seal"
SEALED = f"EXISTS (SELECT 1 FROM {COUNT} AS kept WHERE kept.ledger_id = OLD.id AND kept.state = 'sealed')"

POSTGRESQL = [
    f"""
    CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {SEALED} THEN
            RAISE EXCEPTION '% refused on %: {NAME}', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {LEDGER} FOR EACH ROW EXECUTE FUNCTION {NAME}()",
]
POSTGRESQL_BACK = [f"DROP TRIGGER {NAME} ON {LEDGER}", f"DROP FUNCTION {NAME}()"]
SQLITE = [
    f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {LEDGER} WHEN {SEALED} "
    f"BEGIN SELECT RAISE(ABORT, '{LEDGER}: UPDATE refused, {NAME}'); END"
]
SQLITE_BACK = [f"DROP TRIGGER {NAME}"]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("elections", "0008_rehearsals")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
