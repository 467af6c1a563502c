"""The clock of the reports: each hour the days that changed are counted again.

A day changes while it lasts, when a claim that was settled on it is settled anew or reversed,
and when it is written down that money came back on it. Counted twice, a day says the same.
"""

from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from casework.clock import local_day
from casework.jobs import Run, run_job
from casework.models import Case, JobRun
from reimbursements.models import ClaimStat, Payment, Settlement
from reimbursements.reports.arrived import days_of_receipts
from reimbursements.reports.money import MEASURES as MONEY
from reimbursements.reports.roll_up import count_day, sum_month
from reimbursements.reports.stages import KIND, month_of

NAME = "reimbursements.reports"
# A transaction that was open while the last run counted is counted by the next.
OVERLAP = timedelta(hours=1)
CHUNK = 1000


def roll_up_claims(
    now: datetime | None = None, first: date | None = None, last: date | None = None
) -> JobRun | None:
    """Count the days that changed since the last run, and all from `first` to `last` besides;
    None when another process is at it. The first run counts everything, and so does the first
    one after an update by which more is counted."""
    now = now or timezone.now()
    since = _last_run() if _knows_money() else None
    return run_job(NAME, lambda run: _work(run, since, now, _between(first, last)))


def counted_until() -> datetime | None:
    """When the newest run that did its work began; None before the first."""
    runs = JobRun.objects.filter(name=NAME, state=JobRun.State.DONE).order_by("-id")
    return runs.values_list("started_at", flat=True).first()


def changed_days(since: datetime, now: datetime) -> set[date]:
    """The days from `since` to today, those on which claims were settled before that have been
    settled or reversed since, and those of money whose receipt was noted or struck since."""
    days = set(_between(local_day(since), local_day(now))) | days_of_receipts(since)
    touched = Settlement.objects.filter(at__gte=since).order_by("claim_id").distinct()
    claims = list(touched.values_list("claim_id", flat=True))
    for start in range(0, len(claims), CHUNK):
        rows = Settlement.objects.filter(claim_id__in=claims[start : start + CHUNK])
        days |= {local_day(at) for at in rows.order_by().values_list("at", flat=True)}
    return days


def first_day() -> date | None:
    """The day of the oldest claim; None when there is none."""
    at = Case.objects.filter(kind=KIND).aggregate(at=Min("submitted_at"))["at"]
    settled = Settlement.objects.aggregate(at=Min("at"))["at"]
    found = [local_day(moment) for moment in (at, settled) if moment]
    return min(found, default=None)


def _knows_money() -> bool:
    """Whether what was counted so far says when money moved, where any did: what waits is the
    sum of all days, so that none may be missing."""
    counted = ClaimStat.objects.filter(span=ClaimStat.Span.MONTH, measure__in=MONEY)
    return counted.exists() or not Payment.objects.exists()


def _last_run() -> datetime | None:
    last = counted_until()
    return last - OVERLAP if last else None


def _work(run: Run, since: datetime | None, now: datetime, asked: list[date]) -> None:
    today = local_day(now)
    days = changed_days(since, now) if since else set(_between(first_day() or today, today))
    days |= {day for day in asked if day <= today}
    for day in sorted(days):
        run.tick(done=count_day(day))
    for month in sorted({month_of(day) for day in days}):
        sum_month(month)
        run.tick()


def _between(first: date | None, last: date | None) -> list[date]:
    if first is None or last is None:
        return []
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]
