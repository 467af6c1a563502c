"""Institutions by the terms that they hold, straight from the database's own index.

SQLite: a full-text table that triggers feed. PostgreSQL: a GIN index and a function
that insists on it. Both are made by migration 0002.
"""

from collections.abc import Callable, Sequence

from django.db import connection

_PHARMACY = 2  # the full-text row of a code is its digits behind 1 (H) or 2 (P)
_DIGITS = 11
# In row order, which is the order of codes.
_SQLITE = (
    "SELECT rowid FROM (SELECT rowid FROM facilities_institution_terms"
    " WHERE facilities_institution_terms MATCH %s LIMIT %s)"
)
_POSTGRESQL = "SELECT code FROM facilities_codes_with(%s::text[], %s::text[], %s) AS code"


def codes_with(terms: Sequence[str], most: int, one_of: Sequence[str] = ()) -> list[str]:
    """Codes of at most `most` institutions that hold every term.

    With `one_of`, those that also hold its first term come first, and so on. One
    query; no terms at all name nothing.
    """
    if not terms:
        return []
    return _BY_VENDOR[connection.vendor](list(terms), most, list(one_of))


def _on_sqlite(terms: list[str], most: int, one_of: list[str]) -> list[str]:
    sets = [[*terms, term] for term in one_of] or [terms]
    parameters = [value for each in sets for value in (_match(each), most)]
    statement = " UNION ALL ".join([_SQLITE] * len(sets)) + " LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, most])
        return [_code(number) for (number,) in cursor.fetchall()]


def _match(terms: list[str]) -> str:
    # Terms hold letters, digits and Chinese characters only, so quoting is safe.
    return " AND ".join(f'"{term}"' for term in terms)


def _code(number: int) -> str:
    """The institution code that a full-text row number stands for."""
    kind, digits = divmod(number, 10**_DIGITS)
    return f"{'P' if kind == _PHARMACY else 'H'}{digits:0{_DIGITS}d}"


def _on_postgresql(terms: list[str], most: int, one_of: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL, [terms, one_of, most])
        return [code for (code,) in cursor.fetchall()]


_BY_VENDOR: dict[str, Callable[[list[str], int, list[str]], list[str]]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
}
