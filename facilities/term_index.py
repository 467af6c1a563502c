"""Institutions by the terms that they hold, straight from the database's own index.

SQLite: a full-text table that triggers feed. PostgreSQL: a GIN index and a function
that insists on it. Both are made by migration 0002.
"""

from collections.abc import Callable, Sequence

from django.db import connection

# A full-text row has its number from grade, kind and digits: 02 1 53090200001 is the
# 三级甲等 hospital H53090200001. So the order of rows is that of grade and code.
_DIGITS = 11
_KINDS = {1: "H", 2: "P"}
_SQLITE = (
    "SELECT rowid FROM facilities_institution_terms"
    " WHERE facilities_institution_terms MATCH %s LIMIT %s"
)
_POSTGRESQL = "SELECT code FROM facilities_codes_with(%s::text[], %s) AS code"


def codes_with(terms: Sequence[str], most: int) -> list[str]:
    """Codes of at most `most` institutions that hold every term, the highest grades first.

    One query; no terms at all name nothing.
    """
    return _BY_VENDOR[connection.vendor](list(terms), most) if terms else []


def in_order() -> bool:
    """Whether the codes of one grade come in order too.

    Then asking for a few gives the first few; else for the same ones every time one
    must ask for the same number.
    """
    return connection.vendor == "sqlite"


def _on_sqlite(terms: list[str], most: int) -> list[str]:
    # Terms hold letters, digits and Chinese characters only, so quoting is safe.
    match = " AND ".join(f'"{term}"' for term in terms)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE, [match, most])
        return [_code(number) for (number,) in cursor.fetchall()]


def _code(number: int) -> str:
    """The institution code that a full-text row number stands for."""
    kind, digits = divmod(number % 10 ** (_DIGITS + 1), 10**_DIGITS)
    return f"{_KINDS[kind]}{digits:0{_DIGITS}d}"


def _on_postgresql(terms: list[str], most: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL, [terms, most])
        return [code for (code,) in cursor.fetchall()]


_BY_VENDOR: dict[str, Callable[[list[str], int], list[str]]] = {
    "sqlite": _on_sqlite,
    "postgresql": _on_postgresql,
}
