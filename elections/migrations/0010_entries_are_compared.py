"""The database compares, too: no sheet without equal entries of every team, and what is counted stands meanwhile.

A statement sent past the services may not choose between two people's figures, nor change slate, seats, ledger or
count while it is counted, nor add to a round what belongs to another step of it.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("elections.migrations.0007_the_count_stands")
CANDIDATE, ROUND, SHEET, SEAL = earlier.CANDIDATE, earlier.ROUND, earlier.SHEET, earlier.SEAL
COUNT, SEAT, ENTRY, LEDGER = earlier.COUNT, earlier.SEAT, earlier.ENTRY, earlier.LEDGER
WITHDRAWAL, OPINION, DISPOSAL = earlier.WITHDRAWAL, earlier.OPINION, earlier.DISPOSAL


def newest(seat):
    return f"(SELECT max(revision) FROM {ENTRY} WHERE seat_id = {seat}.id)"


PARTNER_AGREES = (
    f"SELECT 1 FROM {SEAT} AS other JOIN {ENTRY} AS mine ON mine.seat_id = seat.id"
    f" JOIN {ENTRY} AS yours ON yours.seat_id = other.id"
    " WHERE other.count_id = seat.count_id AND other.team = seat.team AND other.id <> seat.id"
    f" AND mine.revision = {newest('seat')} AND yours.revision = {newest('other')}"
    " AND mine.revision = yours.revision AND mine.figures = yours.figures"
)
ENTRIES_DIFFER = (
    f"(SELECT count(*) FROM {SEAT} WHERE count_id = NEW.count_id)"
    f" <> (SELECT 2 * teams FROM {COUNT} WHERE id = NEW.count_id)"
    f" OR EXISTS (SELECT 1 FROM {SEAT} AS seat WHERE seat.count_id = NEW.count_id AND NOT EXISTS ({PARTNER_AGREES}))"
)


def other_figures(part, typed):
    return (
        f"EXISTS (SELECT 1 FROM {COUNT} AS live JOIN {SEAT} AS seat ON seat.count_id = live.id"
        f" JOIN {ENTRY} AS entry ON entry.seat_id = seat.id AND entry.revision = {newest('seat')}"
        " WHERE live.id = NEW.count_id AND live.method = 'totals' AND live.teams = 1"
        f" AND {typed} <> {part})"
    )


def live(column, row):
    return f"EXISTS (SELECT 1 FROM {COUNT} WHERE {column} = {row} AND state IN ('entering', 'agreed'))"


SEALED_ROUND = f"EXISTS (SELECT 1 FROM {ROUND} WHERE id = NEW.round_id AND state = 'sealed')"


COUNT_OUT_OF_STEP = (
    "NEW.state <> 'entering' OR NOT EXISTS"
    f" (SELECT 1 FROM {ROUND} AS ballot WHERE ballot.id = NEW.round_id AND ("
    "(ballot.state = 'slate_fixed' AND NEW.reason = '') OR (ballot.state = 'sealed' AND NEW.reason <> '')))"
)
SEAL_OUT_OF_STEP = (
    f"NEW.edition <> 1 + (SELECT count(*) FROM {SEAL} WHERE round_id = NEW.round_id)"
    f" OR EXISTS (SELECT 1 FROM {SHEET} AS sheet JOIN {COUNT} AS done ON done.id = sheet.count_id"
    " WHERE sheet.id = NEW.sheet_id AND (done.state NOT IN ('agreed', 'sealed') OR (done.teams > 1 AND EXISTS"
    f" (SELECT 1 FROM {SEAT} AS seat WHERE seat.count_id = done.id AND seat.teller_id = NEW.confirmed_by_id))))"
)
NOT_BY_PAPERS = (
    f"NOT EXISTS (SELECT 1 FROM {SEAL} AS sealed JOIN {SHEET} AS sheet ON sheet.id = sealed.sheet_id"
    f" JOIN {COUNT} AS done ON done.id = sheet.count_id WHERE sealed.id = NEW.seal_id AND done.method = 'papers')"
)
ROUND_COLUMNS = ("election_id", "number", "kind", "seats", "electorate", "fixed_vote_id")
COUNT_COLUMNS = ("round_id", "ledger_id", "number", "method", "teams", "reason", "started_by_id", "started_at")
GUARDS = {
    f"{SHEET}_entries_agree": (SHEET, "INSERT", ENTRIES_DIFFER),
    f"{SEAL}_in_step": (SEAL, "INSERT", SEAL_OUT_OF_STEP),
    f"{COUNT}_in_step": (COUNT, "INSERT", COUNT_OUT_OF_STEP),
    f"{CANDIDATE}_counted_insert": (CANDIDATE, "INSERT", live("round_id", "NEW.round_id")),
    f"{CANDIDATE}_counted_update": (CANDIDATE, "UPDATE", live("round_id", "OLD.round_id")),
    f"{CANDIDATE}_counted_delete": (CANDIDATE, "DELETE", live("round_id", "OLD.round_id")),
    f"{LEDGER}_counted": (LEDGER, "UPDATE", live("ledger_id", "OLD.id")),
    f"{WITHDRAWAL}_before_seal": (WITHDRAWAL, "INSERT", SEALED_ROUND),
    f"{OPINION}_before_seal": (OPINION, "INSERT", SEALED_ROUND),
    f"{DISPOSAL}_by_papers": (DISPOSAL, "INSERT", NOT_BY_PAPERS),
}


def guards(differs, case_votes, typed_votes, case_ballots, typed_ballots):
    """With what differs between the databases: how they compare columns and reach into JSON."""
    told = dict(GUARDS)
    told[f"{SHEET}_holds_what_was_typed"] = (
        SHEET,
        "INSERT",
        " OR ".join(
            [
                other_figures(case_votes, typed_votes),
                *(other_figures(case, typed) for case, typed in zip(case_ballots, typed_ballots)),
            ]
        ),
    )
    told[f"{ROUND}_counted"] = (
        ROUND,
        "UPDATE",
        f"({earlier.changed(ROUND_COLUMNS, differs)}) AND {live('round_id', 'OLD.id')}",
    )
    told[f"{COUNT}_as_started"] = (COUNT, "UPDATE", earlier.changed(COUNT_COLUMNS, differs))
    return told


FIGURES = ("returned", "valid", "invalid")
POSTGRESQL = guards(
    "IS DISTINCT FROM",
    """NEW."case"->'votes'""",
    "entry.figures->'votes'",
    [f"""NEW."case"->'ballots'->'{name}'""" for name in FIGURES],
    [f"entry.figures->'{name}'" for name in FIGURES],
)
SQLITE = guards(
    "IS NOT",
    """json_extract(NEW."case", '$.votes')""",
    "json_extract(entry.figures, '$.votes')",
    [f"""json_extract(NEW."case", '$.ballots.{name}')""" for name in FIGURES],
    [f"json_extract(entry.figures, '$.{name}')" for name in FIGURES],
)


def put_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        statements = [one for name, rest in POSTGRESQL.items() for one in earlier.guard(name, *rest)]
    else:
        statements = [earlier.refuse(name, *rest) for name, rest in SQLITE.items()]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("elections", "0009_the_ledger_under_a_seal")]

    operations = [migrations.RunPython(put_up)]
