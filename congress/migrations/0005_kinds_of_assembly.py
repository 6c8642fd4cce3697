"""Who meets: members, delegates (E-14) or the committee; each vote keeps the people of its base.

The kind of a plan is frozen with the rest of it. Making congress_congress anew loses nothing: no trigger stands on
it or reads it. The other columns are nullable, so that SQLite adds them where they are.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PLAN = "congress_plan"
TRIGGER = f"{PLAN}_issued"
FROZEN = (
    "organization_id", "number", "issued_on", "subject", "term_label", "basis", "based_on_id", "coverage", "state",
    "issued_by_id",
)  # fmt: skip


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


class Migration(migrations.Migration):
    dependencies = [
        ("congress", "0004_decisions_are_final"),
        ("organizations", "0002_search_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="congress",
            name="one_congress_per_organization_and_term",
        ),
        migrations.AddField(
            model_name="attendance",
            name="arrived_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="có mặt từ"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="mandate",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ex_officio", "Ủy viên cấp ủy triệu tập"),
                    ("official", "Đại biểu chính thức"),
                    ("alternate", "Đại biểu dự khuyết"),
                ],
                max_length=10,
                null=True,
                verbose_name="tư cách đại biểu",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="marked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="điểm danh lúc"),
        ),
        migrations.AddField(
            model_name="attendance",
            name="marked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="người điểm danh",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="congress.attendance",
                verbose_name="thay đại biểu",
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="takes_ballot",
            field=models.BooleanField(blank=True, null=True, verbose_name="nhận phiếu bầu"),
        ),
        migrations.AddField(
            model_name="cardvote",
            name="electorate",
            field=models.JSONField(blank=True, null=True, verbose_name="thành phần cơ sở tính"),
        ),
        migrations.AddField(
            model_name="congress",
            name="alternate_seats",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="số đại biểu dự khuyết"),
        ),
        migrations.AddField(
            model_name="congress",
            name="delegate_seats",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="số đại biểu dự đại hội cấp trên"
            ),
        ),
        migrations.AddField(
            model_name="congress",
            name="kind",
            field=models.CharField(
                choices=[
                    ("members", "Đại hội đảng viên"),
                    ("delegates", "Đại hội đại biểu"),
                    ("meeting", "Hội nghị cấp ủy"),
                ],
                default="members",
                max_length=10,
                verbose_name="loại hình",
            ),
        ),
        migrations.AddField(
            model_name="congress",
            name="standing_seats",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="số lượng ủy viên ban thường vụ"
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("members", "Đại hội đảng viên"), ("delegates", "Đại hội đại biểu")],
                max_length=10,
                null=True,
                verbose_name="loại hình đại hội của chính đảng bộ",
            ),
        ),
        migrations.AlterField(
            model_name="congress",
            name="committee_seats",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="số lượng cấp ủy viên"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True),
                    models.Q(("mandate", "alternate"), models.Q(("replaces", models.F("id")), _negated=True)),
                    _connector="OR",
                ),
                name="only_an_alternate_replaces_a_delegate",
            ),
        ),
        migrations.AddConstraint(
            model_name="congress",
            constraint=models.UniqueConstraint(
                fields=("organization", "term_label", "kind"), name="one_congress_per_organization_term_and_kind"
            ),
        ),
        migrations.RunPython(freeze((*FROZEN, "kind")), freeze(FROZEN)),
    ]
