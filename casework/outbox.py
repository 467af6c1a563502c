"""Delivery of the outbox: claim, send, mark, each in its own short transaction.

Messages are claimed with a lease, a batch at a time; just before one is sent its lease is
renewed, and whoever finds that another deliverer took it over leaves it alone. A worker
killed between sending and marking leaves a lease that runs out: the message is then tried
again with the same key, by which a gateway drops the repetition. What is marked as sent
is never sent again.
"""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from casework.models import Notice

log = structlog.get_logger(__name__)

# Longer than any gateway takes to give up on one message.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8


def deliver(limit: int = 200) -> tuple[int, int]:
    """Send what is due; returns (sent, failed). Safe to run in several workers at once."""
    gateway = import_string(settings.SMS_GATEWAY)()
    sent = failed = 0
    for notice in _claim(limit):
        lease = _renew(notice)
        if lease is None:
            continue
        if _send(gateway, notice, lease):
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
    for row in rows:
        row.next_try_at = now + LEASE
    return rows


def _held(notice: Notice, lease: datetime):
    """The row, as long as this lease on it stands."""
    return Notice.objects.filter(pk=notice.pk, state=Notice.State.SENDING, next_try_at=lease)


def _renew(notice: Notice) -> datetime | None:
    """A fresh lease for one claimed message; None when another deliverer has it by now."""
    lease = timezone.now() + LEASE
    kept = _held(notice, notice.next_try_at).update(next_try_at=lease)
    return lease if kept else None


def _send(gateway, notice: Notice, lease: datetime) -> bool:
    try:
        gateway.send(notice.phone, notice.text, notice.dedupe_key)
    except Exception as error:  # a gateway may fail in any way; the message stays
        _postpone(notice, lease, error)
        return False
    Notice.objects.filter(pk=notice.pk).update(
        state=Notice.State.SENT, sent_at=timezone.now(), attempts=notice.attempts + 1, error=""
    )
    return True


def _postpone(notice: Notice, lease: datetime, error: Exception) -> None:
    """Try again later, unless another deliverer has the message by now."""
    attempts = notice.attempts + 1
    given_up = attempts >= MAX_ATTEMPTS
    log.warning("notice_failed", notice=notice.pk, attempts=attempts, error=type(error).__name__)
    _held(notice, lease).update(
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
