"""The index by which a part of a name is found: full text on SQLite, GIN on PostgreSQL.

Neither needs an extension. Why: docs/decisions/facilities-search.md.
"""

from django.db import migrations

# A full-text row has a number; this one follows from the code (H/P and 11 digits), so
# that it holds when VACUUM renumbers the rows of the table.
NUMBER = (
    "(CASE substr({row}.code, 1, 1) WHEN 'P' THEN 2 ELSE 1 END) * 100000000000"
    " + CAST(substr({row}.code, 2) AS INTEGER)"
)
ADD = f"INSERT INTO facilities_institution_grams (rowid, grams) VALUES ({NUMBER.format(row='new')}, new.grams);"
REMOVE = (
    "INSERT INTO facilities_institution_grams (facilities_institution_grams, rowid, grams)"
    f" VALUES ('delete', {NUMBER.format(row='old')}, old.grams);"
)
SQLITE = (
    # Contentless: the grams stand in the institution's own row already.
    "CREATE VIRTUAL TABLE facilities_institution_grams"
    " USING fts5(grams, content='', detail=none, columnsize=0)",
    f"CREATE TRIGGER facilities_institution_added AFTER INSERT ON facilities_institution BEGIN {ADD} END",
    f"CREATE TRIGGER facilities_institution_removed AFTER DELETE ON facilities_institution BEGIN {REMOVE} END",
    "CREATE TRIGGER facilities_institution_renamed AFTER UPDATE OF code, grams ON facilities_institution"
    f" WHEN old.grams IS NOT new.grams OR old.code IS NOT new.code BEGIN {REMOVE} {ADD} END",
)
SQLITE_BACK = (
    "DROP TRIGGER facilities_institution_added",
    "DROP TRIGGER facilities_institution_removed",
    "DROP TRIGGER facilities_institution_renamed",
    "DROP TABLE facilities_institution_grams",
)
POSTGRESQL = (
    "CREATE INDEX facilities_institution_grams ON facilities_institution"
    " USING gin (string_to_array(grams, ' '))",
)
POSTGRESQL_BACK = ("DROP INDEX facilities_institution_grams",)


def forwards(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}[vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
