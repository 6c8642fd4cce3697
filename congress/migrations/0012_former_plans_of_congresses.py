"""By which plan a congress went before another took over. Uses ``refuse_change`` of accounts on PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models

FORMER = "congress_formerplan"
POSTGRESQL = f"""
CREATE TRIGGER {FORMER}_insert_only BEFORE UPDATE OR DELETE ON {FORMER}
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
SQLITE = [
    f"""
    CREATE TRIGGER {FORMER}_no_{verb.lower()} BEFORE {verb} ON {FORMER}
    BEGIN SELECT RAISE(ABORT, 'former plans of a congress are insert-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]


def guard(apps, schema_editor):
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("congress", "0011_branches_of_congresses")]

    operations = [
        migrations.CreateModel(
            name="FormerPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField(verbose_name="đến lúc")),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_plans",
                        to="congress.congress",
                        verbose_name="đại hội",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="congress.plan",
                        verbose_name="đã theo kế hoạch",
                    ),
                ),
            ],
            options={
                "verbose_name": "kế hoạch trước của đại hội",
                "verbose_name_plural": "kế hoạch trước của đại hội",
                "ordering": ["until", "pk"],
                "indexes": [models.Index(fields=["congress", "until"], name="former_plans_of_a_congress")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),  # the triggers go with their table
    ]
