"""What two people typed stands: entries, rulings and certificates are insert-only, a closed ledger keeps its figures,
a sheet fits the entries of two people, a sheet or a paper joins a sealed round only in a recount with its reason.

Puts up again, on SQLite, the triggers that 0006 took down. Uses the function ``refuse_change`` of accounts.
"""

from importlib import import_module

from django.db import migrations

CANDIDATE, ROUND = "elections_candidate", "elections_ballotround"
SHEET, SEAL, NOTE = "elections_tallysheet", "elections_sealedresult", "elections_warningnote"
LEDGER, COUNT, SEAT = "elections_ballotledger", "elections_count", "elections_countseat"
ENTRY, PAPER, RULING = "elections_countentry", "elections_countedpaper", "elections_boardruling"
DISPOSAL, SIGNED = "elections_disposalcertificate", "elections_signedsheet"
WITHDRAWAL, OPINION, SUPERIOR = (
    "elections_withdrawal",
    "elections_opinionballot",
    "elections_superioropinion",
)
INSERT_ONLY = (SEAT, ENTRY, RULING, DISPOSAL, SUPERIOR)
KEPT = (LEDGER, COUNT, WITHDRAWAL, SIGNED, NOTE)
"""Rows may change until they are decided, and are never removed."""
NEW_EVIDENCE = (*INSERT_ONLY, *KEPT, OPINION)

LEDGER_FIGURES = ("round_id", "number", "printed", "issued", "spoiled", "unused", "returned", "kept_by_id", "closed_at")
SIGNED_FIGURES = ("seal_id", "number", "file", "sha256", "uploaded_by_id", "uploaded_at")


def changed(columns, differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def entered_by(person):
    return (
        f"EXISTS (SELECT 1 FROM {SEAT} AS seat JOIN {ENTRY} AS entry ON entry.seat_id = seat.id"
        f" WHERE seat.count_id = NEW.count_id AND seat.teller_id = NEW.{person})"
    )


UNFITTING_SHEET = (
    f"NOT ({entered_by('entered_by_id')} AND {entered_by('second_by_id')} AND EXISTS"
    f" (SELECT 1 FROM {COUNT} AS kept WHERE kept.id = NEW.count_id AND kept.round_id = NEW.round_id"
    " AND kept.state = 'entering'))"
)
SHEET_UNDER_SEAL = (
    f"EXISTS (SELECT 1 FROM {SEAL} WHERE round_id = NEW.round_id) AND NOT EXISTS"
    f" (SELECT 1 FROM {COUNT} AS again WHERE again.id = NEW.count_id AND again.reason <> '')"
)
UNFITTING_SEAL = (
    f"NOT EXISTS (SELECT 1 FROM {SHEET} AS sheet JOIN {ROUND} AS ballot ON ballot.id = sheet.round_id"
    " WHERE sheet.id = NEW.sheet_id AND sheet.round_id = NEW.round_id AND sheet.entered_by_id = NEW.entered_by_id"
    " AND sheet.second_by_id = NEW.second_by_id AND ballot.state IN ('counted', 'sealed'))"
)


def not_entering(seat):
    return (
        f"NOT EXISTS (SELECT 1 FROM {SEAT} AS seat JOIN {COUNT} AS live ON live.id = seat.count_id"
        f" WHERE seat.id = {seat} AND live.state = 'entering')"
    )


STILL_COUNTED = (
    f"EXISTS (SELECT 1 FROM {SEAT} AS seat JOIN {COUNT} AS live ON live.id = seat.count_id"
    " WHERE seat.id = OLD.seat_id AND live.state IN ('entering', 'agreed'))"
)
COUNT_NOT_ENTERING = f"NOT EXISTS (SELECT 1 FROM {COUNT} AS live WHERE live.id = NEW.count_id AND live.state = 'entering')"
NOTE_SEALED = f"EXISTS (SELECT 1 FROM {SEAL} WHERE sheet_id = NEW.sheet_id)"

GUARDS = {
    f"{SHEET}_fits_entries": (SHEET, "INSERT", UNFITTING_SHEET),
    f"{SHEET}_before_seal": (SHEET, "INSERT", SHEET_UNDER_SEAL),
    f"{SEAL}_fits_sheet": (SEAL, "INSERT", UNFITTING_SEAL),
    f"{ENTRY}_while_entering": (ENTRY, "INSERT", not_entering("NEW.seat_id")),
    f"{PAPER}_while_entering": (PAPER, "INSERT", not_entering("NEW.seat_id")),
    f"{PAPER}_change_while_entering": (PAPER, "UPDATE", not_entering("OLD.seat_id")),
    f"{PAPER}_kept_while_counted": (PAPER, "DELETE", STILL_COUNTED),
    f"{SEAT}_while_entering": (SEAT, "INSERT", COUNT_NOT_ENTERING),
    f"{RULING}_while_entering": (RULING, "INSERT", COUNT_NOT_ENTERING),
    f"{NOTE}_before_seal": (NOTE, "INSERT", NOTE_SEALED),
    f"{NOTE}_change_before_seal": (NOTE, "UPDATE", NOTE_SEALED),
}
"""Trigger → table, statement, when the row is refused. Subqueries: run in a function on PostgreSQL."""
SETTLED = {
    f"{COUNT}_settled": (COUNT, "OLD.state IN ('sealed', 'dropped')"),
    f"{WITHDRAWAL}_settled": (WITHDRAWAL, "OLD.outcome <> 'pending'"),
    f"{OPINION}_settled": (OPINION, "OLD.confirmed_at IS NOT NULL"),
    f"{SIGNED}_settled": (SIGNED, "OLD.checked_at IS NOT NULL"),
    f"{LEDGER}_void": (LEDGER, "OLD.void_reason IS NOT NULL"),
}
"""Trigger → table, when a row changes no more."""


def guard(name, table, verb, refused):
    row = "OLD" if verb == "DELETE" else "NEW"
    return [
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {refused} THEN
                RAISE EXCEPTION '% refused on %: {name}', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN {row};
        END $$
        """,
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def change_trigger(name, table, verb, when):
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when and f'WHEN ({when})'} EXECUTE FUNCTION refuse_change()"


LEDGER_CLOSED = "OLD.closed_at IS NOT NULL AND ({})"
POSTGRESQL = [
    f"DROP TRIGGER {SHEET}_before_seal ON {SHEET}",
    f"DROP TRIGGER {SEAL}_fits_sheet ON {SEAL}",
    "DROP FUNCTION refuse_unfitting_seal()",
    *(statement for name, (table, verb, refused) in GUARDS.items() for statement in guard(name, table, verb, refused)),
    *(change_trigger(name, table, "UPDATE", when) for name, (table, when) in SETTLED.items()),
    *(change_trigger(f"{table}_insert_only", table, "UPDATE OR DELETE", "") for table in INSERT_ONLY),
    *(change_trigger(f"{table}_kept", table, "DELETE", "") for table in KEPT),
    change_trigger(f"{OPINION}_kept", OPINION, "DELETE", "OLD.confirmed_at IS NOT NULL"),
    change_trigger(f"{LEDGER}_closed", LEDGER, "UPDATE", LEDGER_CLOSED.format(changed(LEDGER_FIGURES, "IS DISTINCT FROM"))),
    change_trigger(f"{SIGNED}_as_uploaded", SIGNED, "UPDATE", changed(SIGNED_FIGURES, "IS DISTINCT FROM")),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in NEW_EVIDENCE
    ),
]


def refuse(name, table, verb, when=""):
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when and 'WHEN ' + when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {verb} refused, {name}'); END"
    )


def standing_before():
    """The triggers of 0002 and 0003 that 0006 took down, but for those that change here."""
    for module in ("0002_sealed_results_are_final", "0003_decisions_are_final"):
        earlier = import_module(f"elections.migrations.{module}")
        for name, rest in earlier.SQLITE_TRIGGERS.items():
            if name not in GUARDS:
                yield earlier.refuse(name, *rest)


def sqlite():
    return [
        *standing_before(),
        *(refuse(name, *rest) for name, rest in GUARDS.items()),
        *(refuse(name, table, "UPDATE", when) for name, (table, when) in SETTLED.items()),
        *(refuse(f"{table}_no_{verb.lower()}", table, verb) for table in INSERT_ONLY for verb in ("UPDATE", "DELETE")),
        *(refuse(f"{table}_kept", table, "DELETE") for table in KEPT),
        refuse(f"{OPINION}_kept", OPINION, "DELETE", "OLD.confirmed_at IS NOT NULL"),
        refuse(f"{LEDGER}_closed", LEDGER, "UPDATE", LEDGER_CLOSED.format(changed(LEDGER_FIGURES, "IS NOT"))),
        refuse(f"{SIGNED}_as_uploaded", SIGNED, "UPDATE", changed(SIGNED_FIGURES, "IS NOT")),
    ]


def put_up(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else sqlite():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("elections", "0006_blind_double_entry")]

    operations = [migrations.RunPython(put_up)]
