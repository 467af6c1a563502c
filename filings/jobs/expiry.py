"""Expiry: writes the event for filings whose last day has passed.

Whether a filing is in force does not depend on it: filings.inquiry reads the dates.
"""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from casework.actors import Actor
from casework.clock import local_day
from casework.jobs import Run, run_job
from casework.models import JobRun
from casework.perform import perform_many
from filings.models import Filing

CHUNK = 1000


def expire_due(now=None) -> JobRun | None:
    """Expire every filing that is over; None when another process is at it."""
    now = now or timezone.now()
    return run_job("filings.expiry", lambda run: _work(run, now))


def _work(run: Run, now) -> None:
    today = local_day(now)
    after: tuple[date, int] | None = None
    while chunk := _due(today, after):
        after = chunk[-1]
        ids = [pk for _, pk in chunk]
        result = perform_many(ids, "expire", Actor.system(), kind_code="filing", now=now)
        run.tick(done=len(result.done))


def _due(today: date, after: tuple[date, int] | None) -> list[tuple[date, int]]:
    """The next chunk in the order of the partial index, behind the last one."""
    rows = Filing.objects.filter(live=True, in_force_until__lt=today)
    if after:
        day, pk = after
        rows = rows.filter(Q(in_force_until__gt=day) | Q(in_force_until=day, pk__gt=pk))
    rows = rows.order_by("in_force_until", "pk")
    return list(rows.values_list("in_force_until", "pk")[:CHUNK])
