"""Who of the convening committee accepted an absence, and on what day; of rows kept before nobody has written it.

Columns are nullable: nothing is remade on SQLite.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("congress", "0014_day_of_the_clearance")]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="accepted_by",
            field=models.CharField(
                blank=True, max_length=200, null=True, verbose_name="cấp ủy triệu tập, cấp ủy viên chấp nhận"
            ),
        ),
        migrations.AddField(
            model_name="attendance",
            name="accepted_on",
            field=models.DateField(blank=True, null=True, verbose_name="ngày chấp nhận"),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="excused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ghi nhận chấp nhận lúc"),
        ),
    ]
