"""The index by which institutions are found: full text on SQLite, GIN on PostgreSQL.

Neither needs an extension. Why: docs/decisions/facilities-search.md.
"""

from django.db import migrations

# The number of a full-text row follows from grade and code (facilities.term_index), so
# that it gives their order, and holds when VACUUM renumbers the rows of the table.
NUMBER = (
    "CAST({row}.level AS INTEGER) * 1000000000000"
    " + (CASE substr({row}.code, 1, 1) WHEN 'P' THEN 2 ELSE 1 END) * 100000000000"
    " + CAST(substr({row}.code, 2) AS INTEGER)"
)
ADD = f"INSERT INTO facilities_institution_terms (rowid, terms) VALUES ({NUMBER.format(row='new')}, new.terms);"
REMOVE = (
    "INSERT INTO facilities_institution_terms (facilities_institution_terms, rowid, terms)"
    f" VALUES ('delete', {NUMBER.format(row='old')}, old.terms);"
)
SQLITE = (
    # Contentless: the terms stand in the institution's own row already.
    "CREATE VIRTUAL TABLE facilities_institution_terms"
    " USING fts5(terms, content='', detail=none, columnsize=0)",
    f"CREATE TRIGGER facilities_institution_added AFTER INSERT ON facilities_institution BEGIN {ADD} END",
    f"CREATE TRIGGER facilities_institution_removed AFTER DELETE ON facilities_institution BEGIN {REMOVE} END",
    "CREATE TRIGGER facilities_institution_changed AFTER UPDATE OF code, level, terms ON facilities_institution"
    " WHEN old.terms IS NOT new.terms OR old.code IS NOT new.code OR old.level IS NOT new.level"
    f" BEGIN {REMOVE} {ADD} END",
)
SQLITE_BACK = (
    "DROP TRIGGER facilities_institution_added",
    "DROP TRIGGER facilities_institution_removed",
    "DROP TRIGGER facilities_institution_changed",
    "DROP TABLE facilities_institution_terms",
)
POSTGRESQL = (
    "CREATE INDEX facilities_institution_terms ON facilities_institution"
    " USING gin (string_to_array(terms, ' '))",
)
# The planner takes terms for independent and would scan a million rows in the hope of
# meeting a few hundred soon; so the function forbids it.
POSTGRESQL += (
    """
    CREATE FUNCTION facilities_codes_with(wanted text[], most integer)
    RETURNS SETOF varchar LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
    DECLARE
        still integer := most;
        got integer;
    BEGIN
        FOR grade IN 1..11 LOOP
            RETURN QUERY SELECT code FROM facilities_institution
                WHERE string_to_array(terms, ' ') @> (wanted || ('level' || lpad(grade::text, 2, '0')))
                LIMIT still;
            GET DIAGNOSTICS got = ROW_COUNT;
            still := still - got;
            EXIT WHEN still <= 0;
        END LOOP;
    END $$
    """,
)
POSTGRESQL_BACK = (
    "DROP FUNCTION facilities_codes_with(text[], integer)",
    "DROP INDEX facilities_institution_terms",
)


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
