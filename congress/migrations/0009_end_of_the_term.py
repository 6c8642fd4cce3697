"""The day on which the term of the committee in office ends (E-06); a nullable column remakes nothing on SQLite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("congress", "0008_settings_and_stations_of_issued_plans")]

    operations = [
        migrations.AddField(
            "congress",
            "term_ends_on",
            models.DateField("ngày hết nhiệm kỳ của cấp ủy đương nhiệm", blank=True, null=True),
        ),
    ]
