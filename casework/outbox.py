"""Delivery of the outbox: claim, send, mark, each in its own short transaction.

A message is claimed with a lease before it is sent and marked as sent after it. A worker
killed between the two leaves a lease that runs out; the message is then tried again with
the same key, which a gateway uses to drop a repetition. What is marked as sent is never
sent again.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from casework.models import Notice

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8


def deliver(limit: int = 200) -> tuple[int, int]:
    """Send what is due; returns (sent, failed). Safe to run in several workers at once."""
    gateway = import_string(settings.SMS_GATEWAY)()
    sent = failed = 0
    for notice in _claim(limit):
        if _send(gateway, notice):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _due(now):
    return Q(state=Notice.State.WAITING, next_try_at__lte=now) | Q(
        state=Notice.State.SENDING, next_try_at__lte=now
    )


def _claim(limit: int) -> list[Notice]:
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(_due(now), channel=Notice.Channel.SMS)
            .order_by("next_try_at", "id")[:limit]
        )
        Notice.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=Notice.State.SENDING, next_try_at=now + LEASE
        )
    return rows


def _send(gateway, notice: Notice) -> bool:
    try:
        gateway.send(notice.phone, notice.text)
    except Exception as error:  # a gateway may fail in any way; the message stays
        _postpone(notice, error)
        return False
    Notice.objects.filter(pk=notice.pk).update(
        state=Notice.State.SENT, sent_at=timezone.now(), attempts=notice.attempts + 1, error=""
    )
    return True


def _postpone(notice: Notice, error: Exception) -> None:
    attempts = notice.attempts + 1
    given_up = attempts >= MAX_ATTEMPTS
    log.warning("notice_failed", notice=notice.pk, attempts=attempts, error=type(error).__name__)
    Notice.objects.filter(pk=notice.pk).update(
        state=Notice.State.FAILED if given_up else Notice.State.WAITING,
        attempts=attempts,
        next_try_at=timezone.now() + timedelta(seconds=30 * 2**attempts),
        error=f"{type(error).__name__}: {error}"[:200],
    )


def oldest_waiting_seconds() -> int:
    """Age in seconds of the oldest message that should have left; 0 when none waits."""
    oldest = Notice.objects.filter(_due(timezone.now()), channel=Notice.Channel.SMS).aggregate(
        at=Min("next_try_at")
    )["at"]
    return int((timezone.now() - oldest).total_seconds()) if oldest else 0
