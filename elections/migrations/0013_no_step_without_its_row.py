"""A state says only what a row bears out: sealed has its seal, counted its agreed count, fixed the vote of the congress.

A statement sent past the services may not jump a round or a count, seat a teller in a team that there is not, nor
put in a picture of the signed minutes that nobody has read as read.
"""

from importlib import import_module

from django.db import migrations

earlier = import_module("elections.migrations.0007_the_count_stands")
ROUND, SHEET, SEAL, COUNT = earlier.ROUND, earlier.SHEET, earlier.SEAL, earlier.COUNT
SEAT, RULING, SIGNED = earlier.SEAT, earlier.RULING, earlier.SIGNED
VOTE = "congress_cardvote"


def step(old, new, borne_out="1 = 1"):
    return f"(OLD.state IN ({old}) AND NEW.state = '{new}' AND {borne_out})"


def jump(*steps):
    return f"OLD.state <> NEW.state AND NOT ({' OR '.join(steps)})"


HAS_SHEET = f"EXISTS (SELECT 1 FROM {SHEET} WHERE count_id = NEW.id)"
HAS_SEAL = (
    f"EXISTS (SELECT 1 FROM {SEAL} AS sealed JOIN {SHEET} AS sheet ON sheet.id = sealed.sheet_id"
    " WHERE sheet.count_id = NEW.id)"
)
COUNT_JUMPS = jump(
    step("'entering'", "agreed", HAS_SHEET),
    step("'agreed'", "sealed", HAS_SEAL),
    step("'entering', 'agreed'", "dropped", f"NEW.dropped_because <> '' AND NOT {HAS_SEAL}"),
)


def counted(state):
    return f"EXISTS (SELECT 1 FROM {COUNT} WHERE round_id = NEW.id AND state = '{state}')"


FIXED = "NEW.fixed_vote_id IS NOT NULL"
FIXED_BY_THE_VOTE = f"EXISTS (SELECT 1 FROM {VOTE} WHERE id = NEW.fixed_vote_id AND subject = 'slate' AND adopted)"
"""Not on SQLite: there no trigger of ours reads a table of another app, which could then not be remade."""


def round_jumps(fixed):
    return jump(
        step("'slate_open'", "slate_fixed", fixed),
        step("'slate_open'", "set_aside"),
        step("'slate_fixed'", "slate_open"),
        step("'slate_fixed'", "counting", counted("entering")),
        step("'counting'", "counted", counted("agreed")),
        step("'counting', 'counted'", "slate_fixed", f"NOT {counted('entering')} AND NOT {counted('agreed')}"),
        step("'counted'", "sealed", f"EXISTS (SELECT 1 FROM {SEAL} WHERE round_id = NEW.id)"),
    )


NO_SUCH_TEAM = f"NOT EXISTS (SELECT 1 FROM {COUNT} WHERE id = NEW.count_id AND NEW.team BETWEEN 1 AND teams)"
READ_BEFORE_IT_CAME = (
    "NEW.checked_at IS NOT NULL OR NEW.checked_by_id IS NOT NULL OR NEW.matches IS NOT NULL OR NEW.retyped IS NOT NULL"
)
READ_WITHOUT_FIGURES = "NEW.checked_at IS NOT NULL AND (NEW.retyped IS NULL OR NEW.checked_by_id IS NULL)"

GUARDS = {
    f"{COUNT}_step": (COUNT, "UPDATE", COUNT_JUMPS),
    f"{ROUND}_step": (ROUND, "UPDATE", round_jumps(FIXED)),
    f"{ROUND}_begins_open": (ROUND, "INSERT", "NEW.state <> 'slate_open'"),
    f"{SEAT}_of_a_team": (SEAT, "INSERT", NO_SUCH_TEAM),
    f"{RULING}_of_a_team": (RULING, "INSERT", NO_SUCH_TEAM),
    f"{SIGNED}_comes_unread": (SIGNED, "INSERT", READ_BEFORE_IT_CAME),
    f"{SIGNED}_read_in_figures": (SIGNED, "UPDATE", READ_WITHOUT_FIGURES),
}


ON_POSTGRESQL = GUARDS | {f"{ROUND}_step": (ROUND, "UPDATE", round_jumps(FIXED_BY_THE_VOTE))}

POSTGRESQL = [one for name, rest in ON_POSTGRESQL.items() for one in earlier.guard(name, *rest)]
POSTGRESQL_BACK = [
    one
    for name, (table, *_) in GUARDS.items()
    for one in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
]
SQLITE = [earlier.refuse(name, *rest) for name, rest in GUARDS.items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in GUARDS]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("elections", "0012_names_the_congress_let_join"), ("congress", "0005_kinds_of_assembly")]

    operations = [migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK))]
