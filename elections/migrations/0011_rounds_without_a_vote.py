"""A round on which the congress decided not to vote is over, and stays as it was.

Uses the function ``refuse_change`` of accounts. The partial index is no part of the table: nothing is remade on SQLite.
"""

from django.db import migrations, models
from django.db.models import Q

ROUND = "elections_ballotround"
KEPT = f"{ROUND}_set_aside"
POSTGRESQL = [
    f"CREATE TRIGGER {KEPT} BEFORE UPDATE OR DELETE ON {ROUND} FOR EACH ROW "
    "WHEN (OLD.state = 'set_aside') EXECUTE FUNCTION refuse_change()",
]
POSTGRESQL_BACK = [f"DROP TRIGGER {KEPT} ON {ROUND}"]
SQLITE = [
    f"CREATE TRIGGER {KEPT}_{verb.lower()} BEFORE {verb} ON {ROUND} WHEN OLD.state = 'set_aside' "
    f"BEGIN SELECT RAISE(ABORT, '{ROUND}: {verb} refused, {KEPT}'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = [f"DROP TRIGGER {KEPT}_{verb}" for verb in ("update", "delete")]


def run(postgresql, sqlite):
    def apply(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("elections", "0010_entries_are_compared")]

    operations = [
        migrations.AlterField(
            model_name="ballotround",
            name="state",
            field=models.CharField(
                choices=[
                    ("slate_open", "Đang lập danh sách"),
                    ("slate_fixed", "Đã chốt số lượng, danh sách"),
                    ("counting", "Đang kiểm phiếu"),
                    ("counted", "Đã nhập kết quả kiểm phiếu"),
                    ("sealed", "Đã niêm phong kết quả"),
                    ("set_aside", "Không bỏ phiếu"),
                ],
                default="slate_open",
                max_length=12,
                verbose_name="trạng thái",
            ),
        ),
        migrations.RemoveConstraint(model_name="ballotround", name="one_unsealed_round_per_election"),
        migrations.AddConstraint(
            model_name="ballotround",
            constraint=models.UniqueConstraint(
                condition=~Q(state__in=("sealed", "set_aside")),
                fields=("election",),
                name="one_unsealed_round_per_election",
            ),
        ),
        migrations.RunPython(run(POSTGRESQL, SQLITE), run(POSTGRESQL_BACK, SQLITE_BACK)),
    ]
