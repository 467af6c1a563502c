"""Handing work to Celery after the commit, without ever failing the request or holding it up.

Celery's own connections try again for several seconds when the broker is away. Publishing
has connections of its own that try once and wait at most a second; after a failure the
broker is left alone for a moment, so that a request with several tasks waits once.
"""

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu import pools

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1
# How long nothing is published after a failure; the sweep finds what was left out.
REST_SECONDS = 2
_ONCE = {
    "socket_timeout": PATIENCE_SECONDS,
    "socket_connect_timeout": PATIENCE_SECONDS,
    "max_retries": 0,
}
_rest = {"until": 0.0}


def publish_later(task: str, *args) -> None:
    """Queue a task by name once the transaction is committed.

    A broker that is down is logged, not raised: the sweep, each minute, finds the work.
    """
    transaction.on_commit(lambda: publish(task, *args), robust=True)


def publish(task: str, *args) -> bool:
    """Queue a task now; False when the broker could not take it within a second."""
    if time.monotonic() < _rest["until"]:
        return False
    try:
        with _producers().acquire(block=True, timeout=PATIENCE_SECONDS) as producer:
            current_app.send_task(
                task, args=args, retry=False, ignore_result=True, producer=producer
            )
    except Exception as error:  # kombu wraps what its transport raises, redis-py does not
        _rest["until"] = time.monotonic() + REST_SECONDS
        log.warning("publish_failed", task=task, error=type(error).__name__)
        return False
    return True


def _producers():
    """The pool of producers whose connections give up at once."""
    return pools.producers[current_app.connection_for_write(transport_options=_ONCE)]
