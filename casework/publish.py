"""Handing work to Celery after the commit, without ever failing the request."""

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)


def publish_later(task: str, *args) -> None:
    """Queue a task by name once the transaction is committed.

    A broker that is down is logged, not raised: the sweep, each minute, finds the work.
    """
    transaction.on_commit(lambda: publish(task, *args), robust=True)


def publish(task: str, *args) -> bool:
    """Queue a task now; False when the broker could not take it within a second."""
    try:
        current_app.send_task(task, args=args, retry=False, ignore_result=True)
    except Exception as error:  # kombu wraps what its transport raises, redis-py does not
        log.warning("publish_failed", task=task, error=type(error).__name__)
        return False
    return True
