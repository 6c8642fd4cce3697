"""The shipped table of holidays and days worked in exchange; staff edit the rows afterwards."""

import json
from datetime import date
from pathlib import Path

from django.db import migrations

SHIPPED = Path(__file__).resolve().parent.parent / "rules" / "holidays.json"


def load(apps, schema_editor):
    Holiday = apps.get_model("congress", "Holiday")
    data = json.loads(SHIPPED.read_text("utf-8"))
    rows = [Holiday(day=date.fromisoformat(one["on"]), name=one["name"], source=one["certainty"]) for one in data["days_off"]]
    off = {row.day for row in rows}
    rows += [
        Holiday(day=date.fromisoformat(one["on"]), name="Làm bù", is_working=True, source=one["certainty"])
        for one in data["worked_instead"]
        if date.fromisoformat(one["on"]) not in off
    ]
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("congress", "0001_plans_and_congresses")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
