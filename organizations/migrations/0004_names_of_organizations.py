"""Every organization's present name becomes the first of its dated names."""

from django.db import migrations


def backfill(apps, schema_editor):
    Organization = apps.get_model("organizations", "Organization")
    OrganizationName = apps.get_model("organizations", "OrganizationName")
    fields = ("pk", "name", "committee_name", "node_type", "founded_on", "closed_on")
    rows = (
        OrganizationName(
            organization_id=pk,
            name=name,
            committee_name=committee_name,
            node_type=node_type,
            starts_on=founded_on,
            ends_on=closed_on,
        )
        for pk, name, committee_name, node_type, founded_on, closed_on in Organization.objects.values_list(*fields)
    )
    OrganizationName.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_acts_particulars_links_imports")]

    operations = [migrations.RunPython(backfill, migrations.RunPython.noop)]
