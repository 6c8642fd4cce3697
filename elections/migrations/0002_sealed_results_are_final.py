"""What was counted is insert-only; under a seal nothing of the round can change.

Uses the function ``refuse_change`` that accounts brings to PostgreSQL.
"""

from django.db import migrations

SHEET = "elections_tallysheet"
SEAL = "elections_sealedresult"
ROUND = "elections_ballotround"
CANDIDATE = "elections_candidate"

POSTGRESQL = [
    """
    CREATE FUNCTION refuse_under_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE touched bigint[];
    BEGIN
        touched := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.round_id]
                              WHEN 'DELETE' THEN ARRAY[OLD.round_id]
                              ELSE ARRAY[OLD.round_id, NEW.round_id] END;
        IF EXISTS (SELECT 1 FROM elections_sealedresult WHERE round_id = ANY (touched)) THEN
            RAISE EXCEPTION '% of a sealed round: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in (SHEET, SEAL)
    ),
    f"CREATE TRIGGER {SHEET}_before_seal BEFORE INSERT ON {SHEET} FOR EACH ROW EXECUTE FUNCTION refuse_under_seal()",
    f"CREATE TRIGGER {CANDIDATE}_before_seal BEFORE INSERT OR UPDATE OR DELETE ON {CANDIDATE} FOR EACH ROW EXECUTE FUNCTION refuse_under_seal()",
    f"CREATE TRIGGER {ROUND}_sealed_update BEFORE UPDATE ON {ROUND} FOR EACH ROW WHEN (OLD.state = 'sealed') EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {ROUND}_sealed_delete BEFORE DELETE ON {ROUND} FOR EACH ROW WHEN (OLD.state = 'sealed') EXECUTE FUNCTION refuse_change()",
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER {ROUND}_sealed_delete ON {ROUND}",
    f"DROP TRIGGER {ROUND}_sealed_update ON {ROUND}",
    f"DROP TRIGGER {CANDIDATE}_before_seal ON {CANDIDATE}",
    f"DROP TRIGGER {SHEET}_before_seal ON {SHEET}",
    f"DROP TRIGGER {SEAL}_insert_only ON {SEAL}",
    f"DROP TRIGGER {SHEET}_insert_only ON {SHEET}",
    "DROP FUNCTION refuse_under_seal()",
]


def refuse(name, table, verb, when=""):
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when and 'WHEN ' + when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {verb} refused, sealed or insert-only'); END"
    )


def under_seal(row):
    return f"EXISTS (SELECT 1 FROM {SEAL} WHERE round_id = {row}.round_id)"


SQLITE_TRIGGERS = {
    **{f"{table}_no_{verb.lower()}": (table, verb, "") for table in (SHEET, SEAL) for verb in ("UPDATE", "DELETE")},
    f"{SHEET}_before_seal": (SHEET, "INSERT", under_seal("NEW")),
    f"{CANDIDATE}_seal_insert": (CANDIDATE, "INSERT", under_seal("NEW")),
    f"{CANDIDATE}_seal_update": (CANDIDATE, "UPDATE", f"{under_seal('OLD')} OR {under_seal('NEW')}"),
    f"{CANDIDATE}_seal_delete": (CANDIDATE, "DELETE", under_seal("OLD")),
    f"{ROUND}_sealed_update": (ROUND, "UPDATE", "OLD.state = 'sealed'"),
    f"{ROUND}_sealed_delete": (ROUND, "DELETE", "OLD.state = 'sealed'"),
}
SQLITE = [refuse(name, *rest) for name, rest in SQLITE_TRIGGERS.items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in SQLITE_TRIGGERS]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("elections", "0001_elections_and_ratification"), ("accounts", "0003_audit_event_insert_only")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
