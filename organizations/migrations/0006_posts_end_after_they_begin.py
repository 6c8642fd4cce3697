"""No post ends before it begins. Rows that do held on no day; they end on their first day and hold on no day still."""

from django.db import migrations, models
from django.db.models import F, Q


def mend(apps, schema_editor):
    posts = apps.get_model("organizations", "PostHolding").objects
    posts.filter(ends_on__lt=F("starts_on")).update(ends_on=F("starts_on"))


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_names_found_fast")]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AddConstraint(
            "postholding",
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_ends_after_it_starts"
            ),
        ),
    ]
