"""Promised papers: reminded before they are due, announced when they are late.

What the place's rule makes of it is confirmed by a person and works forward only.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from casework.actors import Actor
from casework.clock import local_day
from casework.days import chinese_day
from casework.errors import CaseworkError
from casework.jobs import Run, run_job
from casework.models import JobRun
from casework.notices import notify
from casework.perform import perform
from casework.publish import publish_later
from filings.acts.promising import consequence
from filings.models import Filing

OWING = [Filing.Promise.OWED, Filing.Promise.TO_CORRECT]
# Days before the papers are due on which a reminder goes out: numbers of ours.
STAGES = (1, 7)
CHUNK = 200


def chase_promises(now=None) -> JobRun | None:
    """Remind and announce; None when another process is at it."""
    now = now or timezone.now()
    return run_job("filings.promises", lambda run: _work(run, now))


def _work(run: Run, now) -> None:
    today = local_day(now)
    for filing in _in_chunks(_to_remind(today)):
        _remind(filing, (filing.supply_by - today).days, now)
        run.tick(done=1)
    for filing in _in_chunks(_late(today)):
        try:
            perform(filing.case, "announce_overdue", Actor.system(), now=now)
            run.tick(done=1)
        except CaseworkError as error:
            run.tick(failed=1, problem=f"{filing.case.number}: {error}")


def _in_chunks(rows):
    """The rows in order of primary key, a chunk at a time, each chunk read anew."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from chunk


def _to_remind(today):
    until = today + timedelta(days=max(STAGES))
    rows = Filing.objects.filter(
        live=True, promise_state__in=OWING, supply_by__range=(today, until)
    )
    return rows.select_related("case", "rule")


def _late(today):
    rows = Filing.objects.filter(live=True, promise_state__in=OWING, supply_by__lt=today)
    return rows.select_related("case")


def _remind(filing: Filing, left: int, now) -> None:
    stage = min(stage for stage in STAGES if left <= stage)
    if filing.supply_reminded is not None and filing.supply_reminded <= stage:
        return
    context = {
        "until": chinese_day(filing.supply_by),
        "days": str(left),
        "consequence": consequence(filing),
    }
    with transaction.atomic():
        key = f"{filing.pk}:supply:{filing.supply_by}:{stage}"
        notify(filing.case, "filing_supply_reminder", context, key, now)
        Filing.objects.filter(pk=filing.pk).update(supply_reminded=stage)
        publish_later("casework.tasks.deliver_outbox")
