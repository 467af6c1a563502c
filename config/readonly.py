"""No GET writes. Two exceptions by name: the log of who looked, and session renewal."""

import re
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

# Tables a GET may write: the access log, and the session's own row.
ALLOWED_TABLES = ("residents_accesslog", "residents_accountsession")
_LITERALS = re.compile(r"'(?:[^']|'')*'|/\*.*?\*/|--[^\n]*", re.DOTALL)
_WRITE = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|MERGE\s+INTO|DELETE\s+FROM"
    r"|TRUNCATE(?:\s+TABLE)?|(?<!FOR\s)(?<!KEY\s)UPDATE(?!\s+(?:SET|OF)\b)"
    r"|(?:CREATE|DROP|ALTER)\s+\w+)\s+(?:ONLY\s+)?[\"`]?(\w+)",
    re.IGNORECASE,
)

_allowed: ContextVar[bool] = ContextVar("writes_allowed", default=False)


class WriteOnGetError(RuntimeError):
    """A view that answers a GET tried to change the database."""


@contextmanager
def writes_allowed():
    """Let a block write although it runs inside a GET (used by nothing but tests)."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def written_tables(sql: str) -> set[str]:
    """The tables a statement writes or changes, also behind a comment or a WITH; none for a
    plain SELECT (FOR UPDATE included, which writes nothing)."""
    if sql.startswith("SELECT"):
        return set()
    return set(_WRITE.findall(_LITERALS.sub(" ", sql)))


def refuse_writes(execute, sql, params, many, context):
    """A database wrapper that raises WriteOnGetError on a write outside the allowed tables."""
    if not _allowed.get() and written_tables(sql) - set(ALLOWED_TABLES):
        raise WriteOnGetError(sql[:120])
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Runs every safe request under `refuse_writes`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)
