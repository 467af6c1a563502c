"""The figures of a day, rolled up for the supervisor page.

Measures: "submitted"; "opened" (at once, by the system); "approved", "rejected",
"corrected" and "withdrawn"; "decided" with the seconds from acceptance to decision as its
total, by clerk. Written anew for a day, so that a second run changes nothing.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from casework.clock import SHANGHAI, local_day
from casework.jobs import Run, run_job
from casework.models import CaseEvent, DailyStat, JobRun

# Event code -> measure.
COUNTED = {
    "submitted": "submitted",
    "opened": "opened",
    "approved": "approved",
    "rejected": "rejected",
    "correction_requested": "corrected",
    "withdrawn": "withdrawn",
}
DECISIONS = ("approved", "rejected")
# How far back a roll-up that did not run for a while looks.
LOOK_BACK = timedelta(days=14)


@dataclass(frozen=True)
class Cell:
    """What one figure is about."""

    city: str
    county: str
    kind: str
    measure: str
    clerk_id: int | None


def roll_up(now=None) -> JobRun | None:
    """Write the figures of yesterday, of today so far, and of days that were missed."""
    now = now or timezone.now()
    return run_job("casework.statistics", lambda run: _work(run, local_day(now)))


def _work(run: Run, today: date) -> None:
    newest = DailyStat.objects.aggregate(day=Max("day"))["day"]
    first = max(newest or today - LOOK_BACK, today - LOOK_BACK)
    day = min(first, today - timedelta(days=1))
    while day <= today:
        run.tick(done=write_day(day))
        day += timedelta(days=1)


def write_day(day: date) -> int:
    """Write the figures of one day anew; returns how many rows."""
    counts, totals = figures_of(day)
    rows = [
        DailyStat(
            day=day,
            city=cell.city,
            county=cell.county,
            kind=cell.kind,
            measure=cell.measure,
            clerk_id=cell.clerk_id,
            count=count,
            total=totals[cell],
        )
        for cell, count in counts.items()
    ]
    with transaction.atomic():
        DailyStat.objects.filter(day=day).delete()
        DailyStat.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def figures_of(day: date) -> tuple[Counter, Counter]:
    """(counts, totals in seconds) by cell, from the events of the day."""
    start = datetime.combine(day, time.min, SHANGHAI)
    events = CaseEvent.objects.filter(
        at__gte=start, at__lt=start + timedelta(days=1), code__in=COUNTED
    ).order_by("case_id", "seq")
    counts, totals = Counter(), Counter()
    columns = ("code", "actor_id", "at", "case__received_at")
    places = ("case__city", "case__county", "case__kind")
    for code, actor_id, at, received, *place in events.values_list(*columns, *places).iterator():
        clerk = actor_id if code in (*DECISIONS, "correction_requested") else None
        counts[Cell(*place, COUNTED[code], clerk)] += 1
        if code in DECISIONS:
            cell = Cell(*place, "decided", clerk)
            counts[cell] += 1
            totals[cell] += _seconds(received, at)
    return counts, totals


def _seconds(received: datetime | None, at: datetime) -> int:
    """Seconds from acceptance to a decision, the time of corrections included."""
    return max(0, int((at - received).total_seconds())) if received else 0
