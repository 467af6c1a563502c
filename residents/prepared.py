"""Queries that are put together once and asked with other values each time.

What a page reads first (who is logged in, which case) is read by the same wide query on each
request, and Django spends several times longer on writing its SQL than the database on
answering it. Here the SQL is kept; everything else is Django's: the rows become the same
instances, with what was joined to them.
"""

import copy
from collections.abc import Iterable
from functools import cached_property

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql import UpdateQuery


class Slot(Expression):
    """A value that is filled in when the query is asked; `field` says of which kind."""

    def __init__(self, name: str, field: Field):
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection):
        """Its place in the SQL; the slot itself stands among the parameters."""
        return "%s", [self]

    def filled(self, values: dict, connection):
        """The value of this slot as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class NewValue(Slot):
    """A value to be stored in a column, as its field stores it: what is encrypted, encrypted."""

    def filled(self, values: dict, connection):
        """The value of this slot as it is written."""
        return self.output_field.get_db_prep_save(values[self.name], connection)


class Prepared:
    """A queryset with slots in its conditions: `first(**values)` or `all(**values)` asks it."""

    def __init__(self, rows: QuerySet):
        self.rows = rows
        self._known_converters: dict | None = None

    @cached_property
    def _compiled(self):
        """The compiler after its work, its SQL, and its parameters, of which some are slots."""
        compiler = self.rows.query.get_compiler(using=self.rows.db)
        return compiler, *compiler.as_sql()

    def _converters(self, expressions: list) -> dict:
        """How the columns become Python values, asked of each column once: a wide query has two
        hundred. They get the connection with each value, and keep none."""
        if self._known_converters is None:
            self._known_converters = self._compiled[0].get_converters(expressions)
        return self._known_converters

    def first(self, **values) -> Model | None:
        """The one instance that the database finds for these values, or None. Conditions that
        more than one row can meet are the caller's mistake."""
        return next(iter(self._asked(values)), None)

    def all(self, **values) -> list[Model]:
        """The instances that the database finds for these values, in the queryset's order."""
        return list(self._asked(values))

    def _asked(self, values: dict) -> QuerySet:
        done, sql, params = self._compiled
        connection = connections[self.rows.db]
        filled = _filled(params, values, connection)
        compiler = copy.copy(done)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, filled)
        compiler.get_converters = self._converters
        return QuerySet(self.rows.model, _Answered(self.rows.query, compiler), self.rows.db)


def by_columns(rows: QuerySet, *names: str) -> Prepared:
    """The rows of which these columns have certain values, none of them null: each column is
    a slot of its own name (for a foreign key its attribute, `person_id`)."""
    columns = {field.attname: field for field in rows.model._meta.concrete_fields}
    slots = {
        name: Slot(name, getattr(columns[name], "target_field", columns[name])) for name in names
    }
    return Prepared(rows.filter(**slots))


class PreparedUpdate:
    """An update with slots in its conditions and for its new values: `run(**values)` does it.

    `rows` says which rows, `columns` what they get: {column: name of its value}.
    """

    def __init__(self, rows: QuerySet, columns: dict[str, str]):
        self.rows, self.columns = rows, columns

    @cached_property
    def _compiled(self) -> tuple[str, list]:
        query = self.rows.query.chain(UpdateQuery)
        column = self.rows.model._meta.get_field
        query.add_update_values(
            {name: NewValue(value, column(name)) for name, value in self.columns.items()}
        )
        sql, params = query.get_compiler(using=self.rows.db).as_sql()
        return sql, list(params)

    def run(self, **values) -> int:
        """How many rows were changed."""
        sql, params = self._compiled
        connection = connections[self.rows.db]
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(params, values, connection))
            return cursor.rowcount


def _filled(params: Iterable, values: dict, connection) -> list:
    return [one.filled(values, connection) if isinstance(one, Slot) else one for one in params]


class _Answered:
    """Stands for the query where a queryset asks for its compiler; else it is that query."""

    def __init__(self, query, compiler):
        self.query, self.compiler = query, compiler

    def __getattr__(self, name: str):
        return getattr(self.query, name)

    def get_compiler(self, using):
        return self.compiler
