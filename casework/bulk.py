"""Writing many changed cases in few statements."""

from django.db import connection

from casework.models import Case

# PostgreSQL types of the columns a transition moves.
_PG_TYPES = {
    "BooleanField": "boolean",
    "CharField": "text",
    "DateField": "date",
    "DateTimeField": "timestamptz",
    "ForeignKey": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
    "SmallIntegerField": "smallint",
}


def update_cases(cases: list[Case], names: tuple[str, ...]) -> None:
    """Write the named columns of locked cases: one UPDATE on PostgreSQL, one prepared
    statement run for each row on SQLite. (Django's bulk_update builds a CASE for every
    column and row, which is some twenty times slower.)
    """
    if not cases:
        return
    fields = {name: Case._meta.get_field(name.removesuffix("_id")) for name in names}
    if connection.vendor == "postgresql":
        _update_from_arrays(cases, fields)
    else:
        _update_one_by_one(cases, fields)


def _values(case: Case, fields: dict) -> list:
    return [
        field.get_db_prep_save(getattr(case, name), connection) for name, field in fields.items()
    ]


def _update_from_arrays(cases, fields) -> None:
    columns = [field.column for field in fields.values()]
    types = [_PG_TYPES[field.get_internal_type()] for field in fields.values()]
    arrays = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *types))
    sets = ", ".join(f'"{column}" = moved."{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in ("id", *columns))
    sql = (
        f"UPDATE casework_case SET {sets} FROM unnest({arrays}) AS moved({names}) "
        "WHERE casework_case.id = moved.id"
    )
    rows = [[case.pk, *(getattr(case, name) for name in fields)] for case in cases]
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _update_one_by_one(cases, fields) -> None:
    sets = ", ".join(f'"{field.column}" = %s' for field in fields.values())
    rows = [[*_values(case, fields), case.pk] for case in cases]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE casework_case SET {sets} WHERE id = %s", rows)
