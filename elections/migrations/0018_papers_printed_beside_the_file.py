"""Why a ledger has other papers printed than the file that was made; once it is closed that stands with its figures.

Columns are nullable: nothing is remade on SQLite.
"""

from importlib import import_module

from django.db import migrations, models

before = import_module("elections.migrations.0016_what_was_fixed_counted_and_ratified")
LEDGER = before.LEDGER
NAME = f"{LEDGER}_printed"
COLUMNS = ("printed_against", "printed_note")


def closed(db):
    return f"OLD.closed_at IS NOT NULL AND ({before.changed(COLUMNS, db.differs)})"


guard, refuse = before.earlier.earlier.guard, before.earlier.earlier.refuse
POSTGRESQL = guard(NAME, LEDGER, "UPDATE", closed(before.PostgreSQL))
POSTGRESQL_BACK = [f"DROP TRIGGER {NAME} ON {LEDGER}", f"DROP FUNCTION {NAME}()"]
SQLITE = [refuse(NAME, LEDGER, "UPDATE", closed(before.SQLite))]
SQLITE_BACK = [f"DROP TRIGGER {NAME}"]


class Migration(migrations.Migration):
    dependencies = [("elections", "0017_on_whom_a_ruling_and_a_base_rest")]

    operations = [
        migrations.AddField(
            model_name="ballotledger",
            name="printed_against",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="phiếu của tệp đã lập khi đóng sổ"),
        ),
        migrations.AddField(
            model_name="ballotledger",
            name="printed_note",
            field=models.CharField(
                blank=True, max_length=300, null=True, verbose_name="giải trình số phiếu in khác tệp đã lập"
            ),
        ),
        migrations.RunPython(before.run(POSTGRESQL, SQLITE), before.run(POSTGRESQL_BACK, SQLITE_BACK)),
    ]
