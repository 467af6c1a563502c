"""Whether the process lives (`healthz`) and whether it can work (`readyz`).

An app adds a check of its own from `AppConfig.ready`:

    register_check("queue", age_check(oldest_waiting_seconds, limit=300))
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger(__name__)

# Answers a short detail ("12 s") or nothing; raises when the part does not work.
Check = Callable[[], str | None]
BROKER_SECONDS = 1


class NotReady(Exception):
    """A part works but not well enough; the text says what was found, without personal data."""


@dataclass(frozen=True)
class Result:
    """What one check found, and how long it took in milliseconds."""

    name: str
    ok: bool
    ms: float
    detail: str

    def as_dict(self) -> dict:
        """For the JSON answer."""
        status = "ok" if self.ok else "failed"
        return {"status": status, "ms": round(self.ms, 1), "detail": self.detail}


_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Add a named check to `readyz`; the same name again replaces it."""
    _checks[name] = check


def age_check(oldest_seconds: Callable[[], float | None], limit: float) -> Check:
    """A check that fails when what waits longest has waited more than `limit` seconds.

    `oldest_seconds` answers None when nothing waits.
    """

    def check() -> str:
        age = oldest_seconds()
        detail = "0 s" if age is None else f"{age:.0f} s"
        if age is not None and age > limit:
            raise NotReady(detail)
        return detail

    return check


def database() -> None:
    """The database answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def broker() -> None:
    """The broker answers a PING within a second."""
    if not settings.REDIS_URL:
        raise NotReady("REDIS_URL is not set")
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_SECONDS,
        socket_timeout=BROKER_SECONDS,
        retry=None,
    )
    try:
        client.ping()
    finally:
        client.close()


register_check("database", database)
register_check("broker", broker)


def run_check(name: str, check: Check) -> Result:
    """Run one check; whatever it raises is a failure, and only its kind is shown."""
    began = time.perf_counter()
    try:
        ok, detail = True, check() or ""
    except NotReady as reason:
        ok, detail = False, str(reason)
    except Exception as error:
        log.warning("readiness_check_failed", check=name, error=repr(error))
        ok, detail = False, type(error).__name__
    return Result(name, ok, (time.perf_counter() - began) * 1000, detail)


@require_safe
@never_cache
def healthz(request):
    """The process answers; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request):
    """Every check by name with its time; 503 when one fails."""
    results = [run_check(name, check) for name, check in _checks.items()]
    ready = all(result.ok for result in results)
    body = {
        "status": "ok" if ready else "failed",
        "checks": {result.name: result.as_dict() for result in results},
    }
    return JsonResponse(body, status=200 if ready else 503)
