"""Writing many rows in few statements, at little more than the cost of the SQL itself.

Django's bulk_update builds a CASE for every column and row, and bulk_create a placeholder
for every value; both cost some ten times the statement they send. Here PostgreSQL gets
the values by COPY, SQLite as one prepared statement run for each row.
"""

from collections.abc import Callable
from dataclasses import field as column
from dataclasses import make_dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.utils import timezone

from casework.models import Case
from residents.crypto import EncryptedTextField

# Fields whose Python value psycopg takes as it is; asking Django for each value of these
# costs more than sending it.
_PLAIN = (
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.ForeignKey,
    models.IntegerField,
    models.UUIDField,
)


def row_class(model: type[models.Model]) -> type:
    """A class of rows of a model, for `insert_rows`: its columns with their defaults and
    nothing besides. Making an instance of the model costs more than writing its row."""
    columns = [(field.attname, object, _default(field)) for field in model._meta.concrete_fields]
    made = make_dataclass(f"{model.__name__}Row", columns, slots=True, kw_only=True, eq=False)
    made._meta = model._meta
    return made


def _default(field: models.Field):
    if field.has_default() and callable(field.default):
        return column(default_factory=field.default)
    value = field.get_default()
    return column(default=value.value if isinstance(value, Enum) else value)


def update_cases(cases: list[Case], names: tuple[str, ...]) -> None:
    """Write the named columns of locked cases."""
    if not cases:
        return
    fields = [Case._meta.get_field(name.removesuffix("_id")) for name in names]
    rows = _values(cases, [Case._meta.pk, *fields])
    columns = [field.column for field in fields]
    if connection.vendor == "postgresql":
        _update_by_copy(rows, columns)
    else:
        sets = ", ".join(f'"{column}" = %s' for column in columns)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE casework_case SET {sets} WHERE id = %s",
                [(*values, pk) for pk, *values in rows],
            )


def _values(rows: list, fields: list) -> list[list]:
    """The database values of the named fields of every row."""
    readers = [_reader(field) for field in fields]
    return [[read(row) for read in readers] for row in rows]


def _reader(field: models.Field) -> Callable:
    """How the database value of a field is read from a row."""
    database = connections[DEFAULT_DB_ALIAS]
    if isinstance(field, EncryptedTextField):
        return _once_a_text(field, database)
    made = getattr(field, "auto_now_add", False)
    if made and isinstance(field, models.DateTimeField) and database.vendor == "postgresql":
        return _all_at(field.attname, timezone.now())
    if isinstance(field, _PLAIN) and not made and database.vendor == "postgresql":
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), database)


def _once_a_text(field: EncryptedTextField, database) -> Callable:
    """The message in the box and the one for the phone are one text: encrypted once, it tells
    no more than that the two rows, which name each other by their case, say the same."""
    last, stored = None, None

    def read(row):
        nonlocal last, stored
        text = getattr(row, field.attname)
        if text is not last:
            last, stored = text, field.get_db_prep_save(text, database)
        return stored

    return read


def _all_at(name: str, moment: datetime) -> Callable:
    """Rows that are written together were made at one moment."""

    def read(row):
        setattr(row, name, moment)
        return moment

    return read


def _update_by_copy(rows: list, columns: list[str]) -> None:
    """Through a temporary table with the types of the real one."""
    names = ", ".join(f'"{column}"' for column in ("id", *columns))
    sets = ", ".join(f'"{column}" = moved."{column}"' for column in columns)
    with connection.cursor() as cursor:
        _temporary(cursor, "moved", names, "casework_case")
        _copy(cursor, "moved", names, rows)
        cursor.execute(
            f"UPDATE casework_case SET {sets} FROM moved WHERE casework_case.id = moved.id"
        )
        cursor.execute("DROP TABLE moved")


def insert_rows(rows: list, *, ignore_conflicts: bool = False) -> None:
    """Insert new rows of one model (instances, or rows of its `row_class`), whose primary
    keys are left unset.

    Defaults, encryption and auto_now_add work as in `save`; signals are not sent.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    values = _values(rows, fields)
    names = ", ".join(f'"{field.column}"' for field in fields)
    if connection.vendor == "postgresql":
        _insert_by_copy(meta.db_table, names, values, ignore_conflicts)
    else:
        after = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
        marks = ", ".join(["%s"] * len(fields))
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({marks}){after}', values
            )


def _insert_by_copy(table: str, names: str, values: list, ignore_conflicts: bool) -> None:
    # The temporary table lives as long as a transaction, and not every caller is in one.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if not ignore_conflicts:
            _copy(cursor, table, names, values)
            return
        _temporary(cursor, "added", names, table)
        _copy(cursor, "added", names, values)
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {names} FROM added ON CONFLICT DO NOTHING'
        )
        cursor.execute("DROP TABLE added")


def _temporary(cursor, name: str, names: str, table: str) -> None:
    """An empty table of some columns of another, gone with the transaction."""
    cursor.execute(
        f'CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS SELECT {names} FROM "{table}" LIMIT 0'
    )


def _copy(cursor, table: str, names: str, rows: list) -> None:
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
