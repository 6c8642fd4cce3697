"""Reminders from before they knew their place: nothing would ever settle them, and they would count every day.

What still waits is reminded anew by the next run, with its place. What was only told stays on the list, as seen.
"""

from django.db import migrations
from django.db.models.functions import Now


def settle(apps, schema_editor):
    apps.get_model("congress", "Reminder").objects.filter(place=None, seen_at=None).update(seen_at=Now())


class Migration(migrations.Migration):
    dependencies = [("congress", "0012_former_plans_of_congresses")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
