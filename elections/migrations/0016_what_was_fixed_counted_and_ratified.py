"""What the congress fixed stands until it opens it again, a sheet says what was counted, a ratified election is final.

A statement sent past the services may not change a slate between its vote and the count, fix it by a vote on another
one, put a proposal beside figures that do not bear it out, pass over a paper that waits for its ruling or an entry,
annul what was ratified, or rewrite who recorded a complaint.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("elections.migrations.0010_entries_are_compared")
CANDIDATE, ROUND, SHEET = earlier.CANDIDATE, earlier.ROUND, earlier.SHEET
COUNT, SEAT, ENTRY, LEDGER = earlier.COUNT, earlier.SEAT, earlier.ENTRY, earlier.LEDGER
ELECTION, RATIFICATION, COMPLAINT = "elections_election", "elections_ratification", "elections_complaint"
PAPER, RULING = "elections_countedpaper", "elections_boardruling"
VOTE, CONGRESS = "congress_cardvote", "congress_congress"
changed = earlier.earlier.changed


# ---- what was fixed stands ----

AS_FIXED = ("election_id", "number", "kind", "seats", "seats_vote_id", "opened_vote_id")
WITH_THE_VOTE = ("fixed_vote_id", "electorate")
"""Only opening the slate again takes these away."""


def fixed(row):
    return f"EXISTS (SELECT 1 FROM {ROUND} WHERE id = {row}.round_id AND state = 'slate_fixed')"


def round_changed(differs):
    return (
        "OLD.state IN ('slate_fixed', 'counting', 'counted') AND"
        f" (({changed(AS_FIXED, differs)})"
        f" OR (NEW.state <> 'slate_open' AND ({changed(WITH_THE_VOTE, differs)})))"
    )


def fixed_by_another_vote(more):
    return (
        "OLD.state = 'slate_open' AND NEW.state = 'slate_fixed' AND"
        f" (EXISTS (SELECT 1 FROM {ROUND} WHERE fixed_vote_id = NEW.fixed_vote_id AND id <> NEW.id){more})"
    )


NOT_THE_VOTE_JUST_TAKEN = (
    f" OR EXISTS (SELECT 1 FROM {VOTE} AS vote JOIN {ELECTION} AS election ON election.id = NEW.election_id"
    " WHERE vote.id = NEW.fixed_vote_id AND vote.subject = 'slate' AND (vote.congress_id <> election.congress_id"
    f" OR EXISTS (SELECT 1 FROM {VOTE} AS later WHERE later.congress_id = election.congress_id AND later.id > vote.id)))"
)
"""Not on SQLite: there no trigger of ours reads a table of another app, which could then not be remade."""


# ---- an election that is reported or ratified ----


def before_the_superior(row):
    return (
        f"EXISTS (SELECT 1 FROM {RATIFICATION} WHERE congress_id = {row}.congress_id"
        " AND outcome IN ('pending', 'ratified'))"
    )


ANNULLED_BADLY = "OLD.is_annulled OR (NEW.is_annulled AND NEW.conclusion = '')"
STOP_REWRITTEN = (
    "OLD.stopped_vote_id IS NOT NULL AND (NEW.stopped_vote_id IS NULL OR NEW.stopped_vote_id <> OLD.stopped_vote_id)"
)
NOT_VOTED = (
    f"EXISTS (SELECT 1 FROM {CONGRESS} WHERE id = NEW.congress_id AND state = 'sitting')"
    f" AND NOT EXISTS (SELECT 1 FROM {VOTE} AS vote WHERE vote.subject = 'other' AND vote.adopted"
    f" AND vote.id = (SELECT max(id) FROM {VOTE} WHERE congress_id = NEW.congress_id))"
)
ANNULLED_WITHOUT_VOTE = f"NEW.is_annulled AND NOT OLD.is_annulled AND {NOT_VOTED}"
STOPPED_BY_ANOTHER_VOTE = (
    "NEW.stopped_vote_id IS NOT NULL AND OLD.stopped_vote_id IS NULL AND NOT EXISTS"
    f" (SELECT 1 FROM {VOTE} WHERE id = NEW.stopped_vote_id AND congress_id = NEW.congress_id"
    " AND subject = 'other' AND adopted)"
)


# ---- a sheet ----


class PostgreSQL:
    differs = "IS DISTINCT FROM"
    whole = staticmethod(lambda column, *path: f"({column}#>>'{{{','.join(path)}}}')::int")
    text = staticmethod(lambda column, name: f"{column}->>'{name}'")
    part = staticmethod(lambda column, name: f"{column}->'{name}'")
    has = staticmethod(lambda column, name, what: f"{column}->'{name}' ? {what}")
    length = staticmethod(lambda column, name: f"jsonb_array_length({column}->'{name}')")
    names = staticmethod(lambda column: f"jsonb_each({column}->'votes')")
    votes = staticmethod(
        lambda one: (
            f"(CASE jsonb_typeof({one}.value) WHEN 'object' THEN {one}.value->>'agree'"
            f" ELSE {one}.value#>>'{{}}' END)::int"
        )
    )
    marked = staticmethod(lambda paper, name: f"{paper}.reading->'marks'->>{name} = 'agree'")


class SQLite:
    differs = "IS NOT"
    whole = staticmethod(lambda column, *path: f"json_extract({column}, '$.{'.'.join(path)}')")
    text = staticmethod(lambda column, name: f"json_extract({column}, '$.{name}')")
    part = text
    has = staticmethod(
        lambda column, name, what: (
            f"EXISTS (SELECT 1 FROM json_each({column}, '$.{name}') AS held WHERE held.value = {what})"
        )
    )
    length = staticmethod(lambda column, name: f"json_array_length({column}, '$.{name}')")
    names = staticmethod(lambda column: f"json_each({column}, '$.votes')")
    votes = staticmethod(
        lambda one: f"(CASE {one}.type WHEN 'object' THEN json_extract({one}.value, '$.agree') ELSE {one}.value END)"
    )
    marked = staticmethod(lambda paper, name: f"json_extract({paper}.reading, '$.marks.' || {name}) = 'agree'")


CASE = 'NEW."case"'
RESULT = "NEW.result"


def names_where(db, condition, *, names="one"):
    """A name on the slate, or two of them, for which ``condition`` holds."""
    tables = ", ".join(f"{db.names(CASE)} AS {one}" for one in names.split())
    return f"EXISTS (SELECT 1 FROM {tables} WHERE {condition})"


def misjudged(db):
    """Where the proposal beside the figures is not what they bear out, as far as one statement can say."""
    elected, tied, votes = (
        lambda one: db.has(RESULT, "elected", f"{one}.key"),
        lambda one: db.has(RESULT, "tied", f"{one}.key"),
        db.votes,
    )
    needed, base = db.whole(RESULT, "needed"), db.whole(RESULT, "base")
    below = f"{elected('one')} AND {votes('one')} < {needed}"
    majority = f"NEW.round_id IN (SELECT id FROM {ROUND} WHERE number = 1)"
    ballots = [
        f"{db.whole(CASE, 'ballots', name)} = {db.whole(RESULT, 'ballots', name)}"
        for name in ("issued", "returned", "valid", "invalid")
    ]
    true = [
        *ballots,
        f"{db.part(RESULT, 'votes')} = {db.part(CASE, 'votes')}",
        f"{db.text(RESULT, 'status')} NOT IN ('rejected', 'needs_ruling')",
        f"{db.whole(CASE, 'ballots', 'valid')} + {db.whole(CASE, 'ballots', 'invalid')}"
        f" = {db.whole(CASE, 'ballots', 'returned')}",
        f"EXISTS (SELECT 1 FROM {COUNT} AS live JOIN {LEDGER} AS ledger ON ledger.id = live.ledger_id"
        f" WHERE live.id = NEW.count_id AND ledger.issued = {db.whole(CASE, 'ballots', 'issued')}"
        f" AND ledger.returned = {db.whole(CASE, 'ballots', 'returned')})",
        f"EXISTS (SELECT 1 FROM {ROUND} WHERE id = NEW.round_id AND seats = {db.whole(CASE, 'seats')}"
        f" AND seats = {db.length(RESULT, 'elected')} + {db.whole(RESULT, 'open_seats')})",
        f"(SELECT count(*) FROM {db.names(CASE)} AS one) = (SELECT count(*) FROM {CANDIDATE}"
        " WHERE round_id = NEW.round_id)",
        f"NOT EXISTS (SELECT 1 FROM {CANDIDATE} AS candidate WHERE candidate.round_id = NEW.round_id AND NOT EXISTS"
        f" (SELECT 1 FROM {db.names(CASE)} AS one WHERE one.key = CAST(candidate.member_id AS varchar)))",
        f"(SELECT count(*) FROM {db.names(CASE)} AS one WHERE {elected('one')}) = {db.length(RESULT, 'elected')}",
        f"(SELECT count(*) FROM {db.names(CASE)} AS one WHERE {tied('one')}) = {db.length(RESULT, 'tied')}",
        f"{needed} = {base} / 2 + 1",
        "NOT "
        + names_where(
            db, f"{elected('one')} AND NOT {elected('other')} AND {votes('other')} >= {votes('one')}", names="one other"
        ),
        "NOT "
        + names_where(
            db, f"{tied('one')} AND {tied('other')} AND {votes('other')} <> {votes('one')}", names="one other"
        ),
        f"NOT ({majority} AND {names_where(db, below)})",
        f"NOT ({db.whole(RESULT, 'open_seats')} > 0 AND {majority} AND "
        + names_where(db, f"NOT {elected('one')} AND NOT {tied('one')} AND {votes('one')} >= {needed}")
        + f" AND {db.length(RESULT, 'tied')} = 0)",
    ]
    return f"({' AND '.join(true)}) IS NOT TRUE"


def not_the_sum(db):
    """Of several teams by totals: other votes than what the newest entries of their first seats add up to."""
    newest = earlier.newest("seat")
    entries = f"{SEAT} AS seat JOIN {ENTRY} AS entry ON entry.seat_id = seat.id AND entry.revision = {newest}"
    of_teams = f"seat.count_id = NEW.count_id AND seat.slot = 1"
    typed = (
        f"(SELECT sum({db.votes('typed')}) FROM {entries} CROSS JOIN {lateral(db, 'entry.figures')} AS typed"
        f" WHERE {of_teams} AND typed.key = one.key)"
    )
    other_votes = f"{db.votes('one')} {db.differs} {typed}"
    other = " OR ".join(
        f"{db.whole(CASE, 'ballots', name)} {db.differs}"
        f" (SELECT sum({db.whole('entry.figures', name)}) FROM {entries} WHERE {of_teams})"
        for name in earlier.FIGURES
    )
    return (
        f"EXISTS (SELECT 1 FROM {COUNT} WHERE id = NEW.count_id AND method = 'totals' AND teams > 1)"
        f" AND ({names_where(db, other_votes)} OR {other})"
    )


def lateral(db, column):
    return f"LATERAL {db.names(column)}" if db is PostgreSQL else db.names(column)


BARRED = ("not_issued", "written_in", "signed", "marked", "several_inks")


def papers_passed_over(db):
    """Of a count by papers: one nobody can read has no ruling, or figures that these papers cannot give."""
    flaw = lambda name: db.has("paper.reading", "flaws", f"'{name}'")  # noqa: E731
    barred = " OR ".join(flaw(name) for name in BARRED)
    papers = f"{PAPER} AS paper JOIN {SEAT} AS seat ON seat.id = paper.seat_id"
    of_count = "seat.count_id = NEW.count_id AND paper.slip IS NOT NULL"
    ruling = f"SELECT 1 FROM {RULING} AS ruling WHERE ruling.count_id = NEW.count_id AND ruling.team = seat.team AND ruling.slip = paper.slip"
    waiting = f"EXISTS (SELECT 1 FROM {papers} WHERE {of_count} AND {flaw('unclear')} AND NOT ({barred}) AND NOT EXISTS ({ruling}))"
    read = f"(SELECT count(*) FROM {papers} WHERE {of_count} AND seat.slot = {{}})"
    returned = db.whole(CASE, "ballots", "returned")
    for_name = f"({db.has('paper.reading', 'kept', 'one.key')} OR {db.marked('paper', 'one.key')})"
    most = f"(SELECT count(*) FROM {papers} WHERE {of_count} AND seat.slot = 1 AND {for_name})"
    clear = (
        f"(SELECT count(*) FROM {papers} WHERE {of_count} AND seat.slot = 1 AND {db.length('paper.reading', 'flaws')} = 0"
        f" AND {db.has('paper.reading', 'kept', 'one.key')}"
        f" AND {db.length('paper.reading', 'kept')} <= {db.whole(CASE, 'seats')})"
    )
    ruled_out = f"(SELECT count(*) FROM {RULING} WHERE count_id = NEW.count_id AND verdict = 'invalid')"
    impossible = f"{db.votes('one')} > {most} OR {db.votes('one')} < {clear}"
    return (
        f"EXISTS (SELECT 1 FROM {COUNT} WHERE id = NEW.count_id AND method = 'papers') AND ({waiting}"
        f" OR {read.format(1)} {db.differs} {returned} OR {read.format(2)} {db.differs} {returned}"
        f" OR {ruled_out} > {db.whole(CASE, 'ballots', 'invalid')}"
        f" OR {names_where(db, impossible)})"
    )


# ---- entries, complaints ----

SKIPPED = f"NEW.revision <> 1 + (SELECT coalesce(max(revision), 0) FROM {ENTRY} WHERE seat_id = NEW.seat_id)"
RECORDED_BY_ANOTHER = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in ("recorded_by_id", "recorded_at"))
COMES_SETTLED = "NEW.settled_on IS NOT NULL OR NEW.conclusion <> ''"


def guards(db, more_votes="", more=None):
    return {
        f"{ROUND}_fixed": (ROUND, "UPDATE", round_changed(db.differs)),
        f"{ROUND}_by_its_vote": (ROUND, "UPDATE", fixed_by_another_vote(more_votes)),
        f"{CANDIDATE}_fixed_insert": (CANDIDATE, "INSERT", fixed("NEW")),
        f"{CANDIDATE}_fixed_update": (CANDIDATE, "UPDATE", f"{fixed('OLD')} OR {fixed('NEW')}"),
        f"{CANDIDATE}_fixed_delete": (CANDIDATE, "DELETE", fixed("OLD")),
        f"{ELECTION}_reported": (ELECTION, "UPDATE", before_the_superior("OLD")),
        f"{ELECTION}_reported_insert": (ELECTION, "INSERT", before_the_superior("NEW")),
        f"{ELECTION}_annulled": (ELECTION, "UPDATE", ANNULLED_BADLY),
        f"{ELECTION}_stopped": (ELECTION, "UPDATE", STOP_REWRITTEN),
        f"{SHEET}_borne_out": (SHEET, "INSERT", misjudged(db)),
        f"{SHEET}_of_teams": (SHEET, "INSERT", not_the_sum(db)),
        f"{SHEET}_of_papers": (SHEET, "INSERT", papers_passed_over(db)),
        f"{ENTRY}_next": (ENTRY, "INSERT", SKIPPED),
        f"{COMPLAINT}_as_recorded": (COMPLAINT, "UPDATE", RECORDED_BY_ANOTHER),
        f"{COMPLAINT}_comes_open": (COMPLAINT, "INSERT", COMES_SETTLED),
        **(more or {}),
    }


GUARDS = guards(
    PostgreSQL,
    NOT_THE_VOTE_JUST_TAKEN,
    {
        f"{ELECTION}_by_cards": (ELECTION, "UPDATE", ANNULLED_WITHOUT_VOTE),
        f"{ELECTION}_stopped_by_cards": (ELECTION, "UPDATE", STOPPED_BY_ANOTHER_VOTE),
    },
)
ON_SQLITE = guards(SQLite)
POSTGRESQL = [one for name, rest in GUARDS.items() for one in earlier.earlier.guard(name, *rest)]
POSTGRESQL_BACK = [
    one
    for name, (table, *_) in GUARDS.items()
    for one in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
]
SQLITE = [earlier.earlier.refuse(name, *rest) for name, rest in ON_SQLITE.items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in ON_SQLITE]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("elections", "0015_rehearsal_keeps_the_ledger"), ("congress", "0009_end_of_the_term")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
