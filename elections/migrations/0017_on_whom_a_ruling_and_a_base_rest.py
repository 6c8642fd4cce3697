"""A name is left out of a valid paper alone, for its category; a sheet rests on the base that was fixed with its slate.

A statement sent past the services may not leave a name out of an invalid paper, nor put a sheet beside another base
than that of its round. Columns are nullable: nothing is remade on SQLite.
"""

from importlib import import_module

from django.db import migrations, models

before = import_module("elections.migrations.0016_what_was_fixed_counted_and_ratified")
ROUND, SHEET, RULING = before.ROUND, before.SHEET, before.RULING
SEAL = "elections_sealedresult"
FIGURES = (
    "summoned",
    "temporarily_elsewhere_absent",
    "exempt_absent",
    "suspended_or_prosecuted",
    "excused_throughout",
    "present",
    "convening_members_absent",
    "unreplaced_absent",
)

LEFT_OUT_BADLY = (
    "(NEW.uncounted IS NOT NULL AND (NEW.verdict <> 'valid' OR NEW.category = ''"
    " OR CAST(NEW.uncounted AS text) IN ('[]', 'null')))"
    " OR (NEW.uncounted IS NULL AND NEW.verdict = 'valid' AND NEW.category <> '')"
)


def on_another_base(db):
    """Of a first count another base than the round's, of a recount another than was sealed first (E-63k)."""
    same = [
        f"coalesce({db.whole(before.CASE, 'electorate', name)}, 0)"
        f" = coalesce({db.whole('ballot.electorate', 'figures', name)}, 0)"
        for name in FIGURES
    ]
    base, excused = db.whole("ballot.electorate", "election_base"), db.whole("ballot.electorate", "figures", FIGURES[4])
    same.append(f"{db.whole(before.RESULT, 'base')} IN ({base}, {base} + coalesce({excused}, 0))")
    of_round = f"SELECT 1 FROM {ROUND} AS ballot WHERE ballot.id = NEW.round_id AND {' AND '.join(same)}"
    first = 'first."case"'
    as_sealed = (
        f"SELECT 1 FROM {SEAL} AS seal JOIN {SHEET} AS first ON first.id = seal.sheet_id"
        " WHERE seal.round_id = NEW.round_id AND seal.edition = 1"
        f" AND {db.part(first, 'electorate')} = {db.part(before.CASE, 'electorate')}"
    )
    is_sealed = f"EXISTS (SELECT 1 FROM {SEAL} WHERE round_id = NEW.round_id)"
    return f"NOT (CASE WHEN {is_sealed} THEN EXISTS ({as_sealed}) ELSE EXISTS ({of_round}) END)"


def guards(db):
    return {
        f"{RULING}_of_one_name": (RULING, "INSERT", LEFT_OUT_BADLY),
        f"{SHEET}_on_its_base": (SHEET, "INSERT", on_another_base(db)),
    }


guard, refuse = before.earlier.earlier.guard, before.earlier.earlier.refuse


POSTGRESQL = [one for name, rest in guards(before.PostgreSQL).items() for one in guard(name, *rest)]
POSTGRESQL_BACK = [
    one
    for name, (table, *_) in guards(before.PostgreSQL).items()
    for one in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
]
SQLITE = [refuse(name, *rest) for name, rest in guards(before.SQLite).items()]
SQLITE_BACK = [f"DROP TRIGGER {name}" for name in guards(before.SQLite)]


class Migration(migrations.Migration):
    dependencies = [("elections", "0016_what_was_fixed_counted_and_ratified")]

    operations = [
        migrations.AddField(
            model_name="ballotledger",
            name="votes_again",
            field=models.BooleanField(blank=True, null=True, verbose_name="hủy cả phiếu đã phát, bỏ phiếu lại"),
        ),
        migrations.AddField(
            model_name="candidate",
            name="nominator_from",
            field=models.CharField(blank=True, max_length=150, null=True, verbose_name="người đề cử chuyển đến từ"),
        ),
        migrations.RunPython(before.run(POSTGRESQL, SQLITE), before.run(POSTGRESQL_BACK, SQLITE_BACK)),
    ]
