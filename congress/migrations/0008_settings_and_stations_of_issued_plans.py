"""The settings of an issued plan and its stations stand as firm as its number and its deadlines.

Uses ``refuse_change`` of accounts and ``refuse_in_issued_plan`` of 0004_decisions_are_final on PostgreSQL.
"""

from django.db import migrations

PLAN = "congress_plan"
STATION = "congress_planstation"
TRIGGER = f"{PLAN}_issued"
FROZEN = (
    "organization_id", "number", "issued_on", "subject", "term_label", "basis", "based_on_id", "coverage", "state",
    "issued_by_id", "kind",
)  # fmt: skip
SETTINGS = ("duration", "contents", "has_preliminary", "organising", "personnel_steps", "merges_review")


def trigger(columns, vendor):
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    when = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    if vendor == "postgresql":
        return (
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {PLAN} FOR EACH ROW "
            f"WHEN (OLD.state = 'issued' AND ({when})) EXECUTE FUNCTION refuse_change()"
        )
    return (
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {PLAN} WHEN OLD.state = 'issued' AND ({when}) "
        f"BEGIN SELECT RAISE(ABORT, '{PLAN}: UPDATE refused, decided, issued or insert-only'); END"
    )


def freeze(columns):
    def apply(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        schema_editor.execute(
            f"DROP TRIGGER {TRIGGER} ON {PLAN}" if vendor == "postgresql" else f"DROP TRIGGER {TRIGGER}", params=None
        )
        schema_editor.execute(trigger(columns, vendor), params=None)

    return apply


def issued_plan_of(row):
    return f"EXISTS (SELECT 1 FROM {PLAN} WHERE id = {row}.plan_id AND state = 'issued')"


ON_SQLITE = {
    f"{STATION}_issued_insert": ("INSERT", issued_plan_of("NEW")),
    f"{STATION}_issued_update": ("UPDATE", f"{issued_plan_of('OLD')} OR {issued_plan_of('NEW')}"),
    f"{STATION}_issued_delete": ("DELETE", issued_plan_of("OLD")),
}


def guard_stations(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {STATION}_issued BEFORE INSERT OR UPDATE OR DELETE ON {STATION} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_in_issued_plan()",
            params=None,
        )
        return
    for name, (verb, when) in ON_SQLITE.items():
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {STATION} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{STATION}: {verb} refused, decided, issued or insert-only'); END",
            params=None,
        )


def release_stations(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {STATION}_issued ON {STATION}", params=None)
        return
    for name in ON_SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("congress", "0007_steps_of_congresses")]

    operations = [
        migrations.RunPython(freeze((*FROZEN, *SETTINGS)), freeze(FROZEN)),
        migrations.RunPython(guard_stations, release_stations),
    ]
