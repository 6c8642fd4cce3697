"""The steps that congresses have already taken, as far as their rows tell; from now on nobody rewrites them."""

from django.db import migrations

STEP = "congress_congressstep"


def backfill(apps, schema_editor):
    Congress, CongressStep = apps.get_model("congress", "Congress"), apps.get_model("congress", "CongressStep")
    steps = []
    for one in Congress.objects.order_by("pk").iterator():
        known = [("sitting", one.opened_at), ("closed", one.closed_at)]
        steps += [
            CongressStep(congress=one, state=state, entered_at=at)
            for state, at in known
            if at is not None and at < one.state_since
        ]
        steps.append(CongressStep(congress=one, state=one.state, entered_at=one.state_since))
    CongressStep.objects.bulk_create(steps, batch_size=1000)


POSTGRESQL = f"""
CREATE TRIGGER {STEP}_insert_only BEFORE UPDATE OR DELETE ON {STEP}
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
SQLITE = [
    f"""
    CREATE TRIGGER {STEP}_no_{verb.lower()} BEFORE {verb} ON {STEP}
    BEGIN SELECT RAISE(ABORT, 'steps of a congress are insert-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def unguard(apps, schema_editor):
    names = [f"{STEP}_insert_only"]
    if schema_editor.connection.vendor != "postgresql":
        names = [f"{STEP}_no_update", f"{STEP}_no_delete"]
    for name in names:
        on = f" ON {STEP}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("congress", "0006_timeline_helpers_receipts_reminders")]

    operations = [
        migrations.RunPython(backfill, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
