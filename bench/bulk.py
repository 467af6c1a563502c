"""Writing many rows fast: COPY on PostgreSQL, executemany on SQLite."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone


class Table:
    """The columns of a model with the value that a row has where nothing is said."""

    def __init__(self, model: type[Model]):
        self.model, self.name = model, model._meta.db_table
        fields = model._meta.concrete_fields
        self.columns = [field.column for field in fields]
        self._at = {field.attname: number for number, field in enumerate(fields)}
        self._blank = [self._default(field) for field in fields]

    @staticmethod
    def _default(field):
        if getattr(field, "auto_now_add", False):
            return timezone.now()
        return (
            None if field.primary_key else field.get_db_prep_save(field.get_default(), connection)
        )

    def row(self, **values) -> list:
        """A row as stored: what is given must be what the column holds."""
        row = self._blank.copy()
        for name, value in values.items():
            row[self._at[name]] = value
        return row

    def write(self, rows: Iterable[list]) -> None:
        """Add the rows."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["%s"] * len(self.columns))
            stored = [[_for_sqlite(value) for value in row] for row in rows]
            cursor.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', stored)


def _for_sqlite(value):
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


def without_checks() -> None:
    """Leave out foreign keys for this connection: the rows are made to fit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")


def reserve(models: Iterable[type[Model]], first: int = 10**9) -> None:
    """Rows that the application adds get keys from `first` on, out of the way of ours."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models:
                place = [model._meta.db_table, model._meta.pk.column]
                # Never back: rows added since the last time have keys above `first` already.
                cursor.execute(
                    "SELECT setval(seq, GREATEST(%s, nextval(seq)))"
                    " FROM pg_get_serial_sequence(%s, %s) AS seq",
                    [first, *place],
                )


def settle() -> None:
    """Checks on again, statistics fresh, everything on disk."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        # Inside a transaction (a test's) nothing can be vacuumed, only measured.
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
