"""A report keeps its workbook like its other files. SQLite remakes the table, so the triggers are set anew."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

kept = import_module("documents.migrations.0005_reports_are_kept")
OPEN = Q(pdf_name="", pdf_sha256="", word_name="", word_sha256="", excel_name="", excel_sha256="")
MADE = ~Q(pdf_name="") & ~Q(pdf_sha256="") & ~Q(word_name="") & ~Q(word_sha256="")
WITH_EXCEL = (Q(excel_name="") & Q(excel_sha256="")) | (~Q(excel_name="") & ~Q(excel_sha256=""))
FREE = kept.run(kept.POSTGRESQL_BACK, kept.SQLITE_BACK)
HELD = kept.run(kept.POSTGRESQL, kept.SQLITE)


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_reports_are_kept")]

    operations = [
        migrations.RunPython(FREE, HELD),
        migrations.AddField(
            "committeereport", "excel_name", models.CharField("tệp Excel", max_length=200, blank=True, default="")
        ),
        migrations.AddField(
            "committeereport",
            "excel_sha256",
            models.CharField("mã băm tệp Excel", max_length=64, blank=True, default=""),
        ),
        migrations.RemoveConstraint("committeereport", "a_rendered_report_has_both_files"),
        migrations.AddConstraint(
            "committeereport",
            models.CheckConstraint(condition=OPEN | (MADE & WITH_EXCEL), name="a_rendered_report_has_its_files"),
        ),
        migrations.RunPython(HELD, FREE),
    ]
