"""A decided ratification is final, an election under a seal keeps what was elected, a seal fits its sheet.

Uses the function ``refuse_change`` that accounts brings to PostgreSQL.

SQLite: the triggers on elections and seals read the tables of rounds and sheets. A later migration that makes one
of these tables anew (a column that is neither nullable nor has a ``db_default``) takes them down first.
"""

from django.db import migrations

RATIFICATION = "elections_ratification"
ELECTION = "elections_election"
ROUND = "elections_ballotround"
SHEET = "elections_tallysheet"
SEAL = "elections_sealedresult"
ELECTED = ("congress_id", "office", "attempt", "seats")
DECIDED = "OLD.outcome <> 'pending'"
UNDER_SEAL = f"EXISTS (SELECT 1 FROM {ROUND} WHERE election_id = OLD.id AND state = 'sealed')"
FITTING = (
    f"EXISTS (SELECT 1 FROM {SHEET} AS sheet JOIN {ROUND} AS ballot ON ballot.id = sheet.round_id"
    " WHERE sheet.id = NEW.sheet_id AND sheet.round_id = NEW.round_id AND sheet.entered_by_id = NEW.entered_by_id"
    " AND ballot.state IN ('counted', 'sealed'))"
)


def changed(differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in ELECTED)


POSTGRESQL = [
    f"CREATE TRIGGER {RATIFICATION}_decided BEFORE UPDATE ON {RATIFICATION} FOR EACH ROW WHEN ({DECIDED}) EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {RATIFICATION}_kept BEFORE DELETE ON {RATIFICATION} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"""
    CREATE FUNCTION refuse_election_under_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {UNDER_SEAL} THEN
            RAISE EXCEPTION '% with a sealed round: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    f"CREATE TRIGGER {ELECTION}_sealed_update BEFORE UPDATE ON {ELECTION} FOR EACH ROW WHEN ({changed('IS DISTINCT FROM')}) EXECUTE FUNCTION refuse_election_under_seal()",
    f"CREATE TRIGGER {ELECTION}_sealed_delete BEFORE DELETE ON {ELECTION} FOR EACH ROW EXECUTE FUNCTION refuse_election_under_seal()",
    f"""
    CREATE FUNCTION refuse_unfitting_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT {FITTING} THEN
            RAISE EXCEPTION '% does not fit its sheet: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"CREATE TRIGGER {SEAL}_fits_sheet BEFORE INSERT ON {SEAL} FOR EACH ROW EXECUTE FUNCTION refuse_unfitting_seal()",
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER {SEAL}_fits_sheet ON {SEAL}",
    "DROP FUNCTION refuse_unfitting_seal()",
    f"DROP TRIGGER {ELECTION}_sealed_delete ON {ELECTION}",
    f"DROP TRIGGER {ELECTION}_sealed_update ON {ELECTION}",
    "DROP FUNCTION refuse_election_under_seal()",
    f"DROP TRIGGER {RATIFICATION}_kept ON {RATIFICATION}",
    f"DROP TRIGGER {RATIFICATION}_decided ON {RATIFICATION}",
]


def refuse(name, table, verb, when=""):
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when and 'WHEN ' + when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {verb} refused, decided, sealed or unfitting'); END"
    )


SQLITE_TRIGGERS = {
    f"{RATIFICATION}_decided": (RATIFICATION, "UPDATE", DECIDED),
    f"{RATIFICATION}_kept": (RATIFICATION, "DELETE"),
    f"{ELECTION}_sealed_update": (ELECTION, "UPDATE", f"({changed('IS NOT')}) AND {UNDER_SEAL}"),
    f"{ELECTION}_sealed_delete": (ELECTION, "DELETE", UNDER_SEAL),
    f"{SEAL}_fits_sheet": (SEAL, "INSERT", f"NOT {FITTING}"),
}
SQLITE = [refuse(name, *rest) for name, rest in SQLITE_TRIGGERS.items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in SQLITE_TRIGGERS]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("elections", "0002_sealed_results_are_final")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
