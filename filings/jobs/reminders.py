"""Reminders 30, 7 and 1 days before a filing ends, each sent once.

What is due is computed from the days that are left and the last reminder sent, so that a
job that did not run for two days still sends the right one, and only that.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casework.clock import local_day
from casework.days import chinese_day
from casework.jobs import Run, run_job
from casework.models import Case, JobRun
from casework.notices import build_reminders, save_notices
from casework.publish import publish_later
from filings.models import Filing

STAGES = (1, 7, 30)
CHUNK = 500


def remind(now=None) -> JobRun | None:
    """Send the reminders that are due; None when another process is at it."""
    now = now or timezone.now()
    return run_job("filings.reminders", lambda run: _work(run, now))


def _work(run: Run, now) -> None:
    today = local_day(now)
    for left in range(max(STAGES) + 1):
        last_day = today + timedelta(days=left)
        stage = stage_of(left)
        while ids := _due(last_day, stage):
            _send(ids, last_day, left, stage, now)
            run.tick(done=len(ids))


def stage_of(left: int) -> int:
    """The reminder that belongs to so many days before the end."""
    return min(stage for stage in STAGES if left <= stage)


def _due(last_day: date, stage: int) -> list[int]:
    """Filings that end on this day and were not reminded at this stage. Whoever was granted
    less than the stage before the end has just read the date, and is not reminded of it."""
    rows = Filing.objects.filter(live=True, in_force_until=last_day)
    rows = rows.filter(Q(reminded=None) | Q(reminded__gt=stage))
    rows = rows.filter(granted_on__lte=last_day - timedelta(days=stage))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _send(ids: list[int], last_day: date, left: int, stage: int, now) -> None:
    template = "filing_ends_soon" if left else "filing_ends_today"
    context = {"until": chinese_day(last_day), "days": str(left)}
    with transaction.atomic():
        cases = list(Case.objects.filter(pk__in=ids, status="approved").for_lists().order_by("pk"))
        pairs = [(case, f"ends:{last_day}:{stage}") for case in cases]
        save_notices(build_reminders(pairs, template, context, now))
        Filing.objects.filter(pk__in=ids).update(reminded=stage)
        publish_later("casework.tasks.deliver_outbox")
