"""PostgreSQL empties no table of evidence: TRUNCATE fires no row trigger, so it has one of its own.

Uses the function ``refuse_change`` that accounts brings. SQLite has no TRUNCATE.
"""

from django.db import migrations

TABLES = (
    "congress_cardvote",
    "congress_clearancerequest",
    "documents_documentversion",
    "documents_issuedpaper",
    "documents_numbercounter",
    "documents_reviewround",
    "elections_ballotround",
    "elections_candidate",
    "elections_ratification",
    "elections_sealedresult",
    "elections_tallysheet",
)


def run(statement):
    def apply(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for table in TABLES:
                schema_editor.execute(statement.format(table=table), params=None)

    return apply


CREATE = (
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)
DROP = "DROP TRIGGER {table}_no_truncate ON {table}"


class Migration(migrations.Migration):
    dependencies = [
        ("elections", "0004_names_on_the_ballot"),
        ("documents", "0003_reviews_are_final"),
        ("congress", "0004_decisions_are_final"),
    ]

    operations = [migrations.RunPython(run(CREATE), run(DROP))]
