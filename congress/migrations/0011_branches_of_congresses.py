"""Where the branch of a congress stands in the tree, kept by the database itself so that a nation is counted fast.

On PostgreSQL a new congress waits for an act on its branch, as its foreign key does anyway, and then reads what that
act left. A later migration that makes one of the two tables anew on SQLite drops these triggers first and lays them
again.
"""

import accounts.fields
from django.db import migrations, models

CONGRESS, ORGANIZATION = "congress_congress", "organizations_organization"
COLUMNS = "branch_path, branch_closed_on"
OF_BRANCH = "CASE WHEN node_type IN ('branch', 'grassroots_branch') THEN"
FOUND = f"SELECT {OF_BRANCH} path END, {OF_BRANCH} closed_on END"
OWN = f"({FOUND} FROM {ORGANIZATION} WHERE id = NEW.organization_id)"
FILL = f"""
UPDATE {CONGRESS} SET ({COLUMNS}) = ({FOUND} FROM {ORGANIZATION} WHERE id = {CONGRESS}.organization_id)
"""
POSTGRESQL = [
    f"""
    CREATE FUNCTION congress_reads_branch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            PERFORM 1 FROM {ORGANIZATION} WHERE id = NEW.organization_id FOR KEY SHARE;
        END IF;
        {FOUND} INTO NEW.branch_path, NEW.branch_closed_on FROM {ORGANIZATION} WHERE id = NEW.organization_id;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION congress_follows_branch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE {CONGRESS} SET branch_path = NULL WHERE organization_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER {CONGRESS}_branch BEFORE INSERT OR UPDATE OF organization_id, {COLUMNS} ON {CONGRESS}
        FOR EACH ROW EXECUTE FUNCTION congress_reads_branch()
    """,
    f"""
    CREATE TRIGGER {ORGANIZATION}_congresses AFTER UPDATE OF path, node_type, closed_on ON {ORGANIZATION}
        FOR EACH ROW WHEN ((OLD.path, OLD.node_type, OLD.closed_on) IS DISTINCT FROM (NEW.path, NEW.node_type, NEW.closed_on))
        EXECUTE FUNCTION congress_follows_branch()
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER {CONGRESS}_branch_entered AFTER INSERT ON {CONGRESS}
    BEGIN UPDATE {CONGRESS} SET ({COLUMNS}) = {OWN} WHERE id = NEW.id; END
    """,
    f"""
    CREATE TRIGGER {CONGRESS}_branch_kept AFTER UPDATE OF organization_id, {COLUMNS} ON {CONGRESS}
    WHEN (NEW.branch_path, NEW.branch_closed_on) IS NOT {OWN}
    BEGIN UPDATE {CONGRESS} SET ({COLUMNS}) = {OWN} WHERE id = NEW.id; END
    """,
    f"""
    CREATE TRIGGER {ORGANIZATION}_congresses AFTER UPDATE OF path, node_type, closed_on ON {ORGANIZATION}
    WHEN (OLD.path, OLD.node_type, OLD.closed_on) IS NOT (NEW.path, NEW.node_type, NEW.closed_on)
    BEGIN UPDATE {CONGRESS} SET ({COLUMNS}) = ({FOUND}
        FROM {ORGANIZATION} WHERE id = NEW.id) WHERE organization_id = NEW.id; END
    """,
]
UNDONE_POSTGRESQL = [
    f"DROP TRIGGER {ORGANIZATION}_congresses ON {ORGANIZATION}",
    f"DROP TRIGGER {CONGRESS}_branch ON {CONGRESS}",
    "DROP FUNCTION congress_follows_branch()",
    "DROP FUNCTION congress_reads_branch()",
]
UNDONE_SQLITE = [
    f"DROP TRIGGER {name}"
    for name in (f"{ORGANIZATION}_congresses", f"{CONGRESS}_branch_kept", f"{CONGRESS}_branch_entered")
]


def run(on_postgresql, on_sqlite):
    def apply(apps, schema_editor):
        for statement in on_postgresql if schema_editor.connection.vendor == "postgresql" else on_sqlite:
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [
        ("congress", "0010_reminders_know_their_place"),
        ("organizations", "0006_posts_end_after_they_begin"),
    ]

    operations = [
        migrations.AddField(
            "congress",
            "branch_path",
            accounts.fields.PathField("đường dẫn của chi bộ trong cây", editable=False, max_length=255, null=True),
        ),
        migrations.AddField(
            "congress",
            "branch_closed_on",
            models.DateField("ngày chi bộ kết thúc hoạt động", editable=False, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "congress",
            models.Index(
                fields=["term_label", "state", "branch_path", "opened_at", "branch_closed_on"],
                name="congress_counted_by_branch",
            ),
        ),
        migrations.RunPython(run(POSTGRESQL, SQLITE), run(UNDONE_POSTGRESQL, UNDONE_SQLITE)),
    ]
