"""What was decided, voted or issued is not rewritten: clearances, card votes, issued plans with their deadlines.

Uses the function ``refuse_change`` that accounts brings to PostgreSQL.

SQLite: a later migration that makes one of these tables anew (a column that is neither nullable nor has a
``db_default``) loses the triggers on it and stumbles over those that read it. It takes them down first and puts
them up again.
"""

from django.db import migrations

CLEARANCE = "congress_clearancerequest"
VOTE = "congress_cardvote"
PLAN = "congress_plan"
DEADLINE = "congress_plandeadline"
SUBMISSION = ("congress_id", "number", "submitted_by_id", "submitted_at")
FROZEN = (
    "organization_id", "number", "issued_on", "subject", "term_label", "basis", "based_on_id", "coverage", "state",
    "issued_by_id",
)  # fmt: skip


def changed(columns, differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def decided(differs):
    """Closed already, and not a clearance that is being revoked."""
    return (
        "OLD.outcome <> 'pending' AND (OLD.outcome <> 'cleared' OR NEW.outcome <> 'revoked'"
        f" OR {changed(SUBMISSION, differs)})"
    )


def reissued(differs):
    return f"OLD.state = 'issued' AND ({changed(FROZEN, differs)})"


def refuse_on_postgresql(name, table, verbs, when=""):
    condition = when and f"WHEN ({when})"
    return f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION refuse_change()"


POSTGRESQL = [
    refuse_on_postgresql(f"{VOTE}_insert_only", VOTE, "UPDATE OR DELETE"),
    refuse_on_postgresql(f"{CLEARANCE}_decided", CLEARANCE, "UPDATE", decided("IS DISTINCT FROM")),
    refuse_on_postgresql(f"{CLEARANCE}_kept", CLEARANCE, "DELETE"),
    refuse_on_postgresql(f"{PLAN}_issued", PLAN, "UPDATE", reissued("IS DISTINCT FROM")),
    refuse_on_postgresql(f"{PLAN}_kept", PLAN, "DELETE", "OLD.state = 'issued'"),
    f"""
    CREATE FUNCTION refuse_in_issued_plan() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE touched bigint[];
    BEGIN
        touched := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.plan_id]
                              WHEN 'DELETE' THEN ARRAY[OLD.plan_id]
                              ELSE ARRAY[OLD.plan_id, NEW.plan_id] END;
        IF EXISTS (SELECT 1 FROM {PLAN} WHERE id = ANY (touched) AND state = 'issued') THEN
            RAISE EXCEPTION '% of an issued plan: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    f"CREATE TRIGGER {DEADLINE}_issued BEFORE INSERT OR UPDATE OR DELETE ON {DEADLINE} FOR EACH ROW EXECUTE FUNCTION refuse_in_issued_plan()",
]
POSTGRESQL_BACK = [
    f"DROP TRIGGER {DEADLINE}_issued ON {DEADLINE}",
    "DROP FUNCTION refuse_in_issued_plan()",
    f"DROP TRIGGER {PLAN}_kept ON {PLAN}",
    f"DROP TRIGGER {PLAN}_issued ON {PLAN}",
    f"DROP TRIGGER {CLEARANCE}_kept ON {CLEARANCE}",
    f"DROP TRIGGER {CLEARANCE}_decided ON {CLEARANCE}",
    f"DROP TRIGGER {VOTE}_insert_only ON {VOTE}",
]


def refuse_on_sqlite(name, table, verb, when=""):
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when and 'WHEN ' + when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {verb} refused, decided, issued or insert-only'); END"
    )


def issued_plan_of(row):
    return f"EXISTS (SELECT 1 FROM {PLAN} WHERE id = {row}.plan_id AND state = 'issued')"


SQLITE_TRIGGERS = {
    f"{VOTE}_no_update": (VOTE, "UPDATE"),
    f"{VOTE}_no_delete": (VOTE, "DELETE"),
    f"{CLEARANCE}_decided": (CLEARANCE, "UPDATE", decided("IS NOT")),
    f"{CLEARANCE}_kept": (CLEARANCE, "DELETE"),
    f"{PLAN}_issued": (PLAN, "UPDATE", reissued("IS NOT")),
    f"{PLAN}_kept": (PLAN, "DELETE", "OLD.state = 'issued'"),
    f"{DEADLINE}_issued_insert": (DEADLINE, "INSERT", issued_plan_of("NEW")),
    f"{DEADLINE}_issued_update": (DEADLINE, "UPDATE", f"{issued_plan_of('OLD')} OR {issued_plan_of('NEW')}"),
    f"{DEADLINE}_issued_delete": (DEADLINE, "DELETE", issued_plan_of("OLD")),
}
SQLITE = [refuse_on_sqlite(name, *rest) for name, rest in SQLITE_TRIGGERS.items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in SQLITE_TRIGGERS]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("congress", "0003_sittings_are_numbered"), ("accounts", "0003_audit_event_insert_only")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
