"""The job that keeps the figures of the supervisor page: today, yesterday, missed days.

What is counted, and how, is in `casework.stats`.
"""

from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from casework import stats
from casework.clock import local_day
from casework.jobs import Run, run_job
from casework.models import DailyStat, JobRun

# How far back a roll-up that did not run for a while looks.
LOOK_BACK = timedelta(days=14)


def roll_up(now=None) -> JobRun | None:
    """Write the figures of yesterday, of today so far, and of days that were missed."""
    now = now or timezone.now()
    return run_job("casework.statistics", lambda run: _work(run, local_day(now), now))


def _work(run: Run, today: date, now) -> None:
    newest = DailyStat.objects.filter(day__lte=today).aggregate(day=Max("day"))["day"]
    first = max(newest or today - LOOK_BACK, today - LOOK_BACK)
    day = min(first, today - timedelta(days=1))
    while day <= today:
        run.tick(done=stats.roll_up(day, now))
        day += timedelta(days=1)
