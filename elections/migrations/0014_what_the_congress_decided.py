"""Votes on going on and on stopping, who nominated the names that left, names ruled out on a paper, complaints.

Nullable columns remake no table on SQLite, so the triggers of earlier migrations stand. Uses the function
``refuse_change`` of accounts.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

COMPLAINT = "elections_complaint"
SETTLED, KEPT = f"{COMPLAINT}_settled", f"{COMPLAINT}_kept"
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in ("congress_id", "received_on", "about"))
FINAL = f"OLD.settled_on IS NOT NULL OR {CHANGED}"
POSTGRESQL = [
    f"CREATE TRIGGER {SETTLED} BEFORE UPDATE ON {COMPLAINT} FOR EACH ROW WHEN ({FINAL}) EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {KEPT} BEFORE DELETE ON {COMPLAINT} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    f"CREATE TRIGGER {COMPLAINT}_no_truncate BEFORE TRUNCATE ON {COMPLAINT} FOR EACH STATEMENT "
    "EXECUTE FUNCTION refuse_change()",
]
SQLITE = [
    f"CREATE TRIGGER {SETTLED} BEFORE UPDATE ON {COMPLAINT} WHEN {FINAL} "
    f"BEGIN SELECT RAISE(ABORT, '{COMPLAINT}: UPDATE refused, {SETTLED}'); END",
    f"CREATE TRIGGER {KEPT} BEFORE DELETE ON {COMPLAINT} "
    f"BEGIN SELECT RAISE(ABORT, '{COMPLAINT}: DELETE refused, {KEPT}'); END",
]


def put_up(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def card_vote(label):
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="congress.cardvote",
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("congress", "0007_steps_of_congresses"),
        ("elections", "0013_no_step_without_its_row"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("ballotround", "opened_vote", card_vote("biểu quyết bầu tiếp")),
        migrations.AddField("election", "stopped_vote", card_vote("biểu quyết dừng bầu")),
        migrations.AddField(
            "boardruling",
            "uncounted",
            models.JSONField("những người không được tính trên phiếu", blank=True, null=True),
        ),
        migrations.AddField(
            "candidate",
            "nominator_name",
            models.CharField("đảng viên sinh hoạt tạm thời đề cử", max_length=110, blank=True, null=True),
        ),
        migrations.AddField(
            "withdrawal", "by_ballot", models.BooleanField("quyết định bằng bỏ phiếu kín", blank=True, null=True)
        ),
        migrations.AddField(
            "withdrawal", "nominator", models.CharField("người đề cử", max_length=110, blank=True, null=True)
        ),
        migrations.AddField(
            "withdrawal",
            "source",
            models.CharField(
                "nguồn giới thiệu",
                max_length=12,
                choices=[
                    ("committee", "Danh sách cấp ủy triệu tập chuẩn bị"),
                    ("nominated", "Đề cử tại đại hội"),
                    ("stood", "Ứng cử"),
                ],
                blank=True,
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_on", models.DateField(verbose_name="ngày nhận")),
                ("about", models.CharField(max_length=500, verbose_name="nội dung")),
                ("recorded_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="ngày kết luận")),
                ("conclusion", models.CharField(blank=True, max_length=500, verbose_name="kết luận")),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="congress.congress",
                        verbose_name="đại hội",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi kết luận",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn khiếu nại về bầu cử",
                "verbose_name_plural": "đơn khiếu nại về bầu cử",
                "ordering": ["received_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(settled_on__isnull=True, settled_by__isnull=True)
                        | (Q(settled_on__gte=F("received_on"), settled_by__isnull=False) & ~Q(conclusion="")),
                        name="a_settled_complaint_has_its_conclusion",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_up),
    ]
