"""The card vote by which the congress let a name above the surplus join the list; a nullable column remakes nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("congress", "0005_kinds_of_assembly"),
        ("elections", "0011_rounds_without_a_vote"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="joined_vote",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="congress.cardvote",
                verbose_name="biểu quyết cho vào danh sách",
            ),
        ),
    ]
