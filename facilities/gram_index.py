"""Institutions whose name holds all of some grams, straight from the database's own index."""

from collections.abc import Callable

from django.db import connection

_PHARMACY = 2  # the full-text row of a code is its digits behind 1 (H) or 2 (P)
_DIGITS = 11

_SQLITE = (
    "SELECT rowid FROM facilities_institution_grams"
    " WHERE facilities_institution_grams MATCH %s LIMIT %s"
)
_POSTGRESQL = (
    "SELECT code FROM facilities_institution"
    " WHERE string_to_array(grams, ' ') @> %s::text[] LIMIT %s"
)


def codes_with(grams: list[str], limit: int) -> list[str]:
    """Codes of at most `limit` institutions that hold every gram, in no order."""
    return _BY_VENDOR[connection.vendor](grams, limit)


def _on_sqlite(grams: list[str], limit: int) -> list[str]:
    # Grams hold letters, digits and Chinese characters only, so quoting is safe.
    match = " AND ".join(f'"{gram}"' for gram in grams)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE, [match, limit])
        return [_code(number) for (number,) in cursor.fetchall()]


def _code(number: int) -> str:
    """The institution code that a full-text row number stands for."""
    kind, digits = divmod(number, 10**_DIGITS)
    return f"{'P' if kind == _PHARMACY else 'H'}{digits:0{_DIGITS}d}"


def _on_postgresql(grams: list[str], limit: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL, [grams, limit])
        return [code for (code,) in cursor.fetchall()]


_BY_VENDOR: dict[str, Callable[[list[str], int], list[str]]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
}
