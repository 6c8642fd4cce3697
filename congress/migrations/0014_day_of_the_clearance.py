"""For which day and hour the superior has agreed to a congress."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("congress", "0013_old_reminders_are_settled")]

    operations = [
        migrations.AddField(
            model_name="clearancerequest",
            name="cleared_for",
            field=models.DateTimeField(blank=True, null=True, verbose_name="thời gian đại hội được duyệt"),
        ),
    ]
