"""No GET writes. Two exceptions by name: the log of who looked, and session renewal."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

# Tables a GET may write: the access log, and the session's own row.
ALLOWED_TABLES = ("residents_accesslog", "django_session")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

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


def refuse_writes(execute, sql, params, many, context):
    """A database wrapper that raises WriteOnGetError on a write outside the allowed tables."""
    if sql.lstrip()[:8].upper().startswith(WRITES) and not _allowed.get():
        if not any(table in sql for table in ALLOWED_TABLES):
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
