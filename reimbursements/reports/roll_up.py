"""Writing the figures down: a day counted again replaces what was counted before, and a
month is the sum of its days.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum

from casework.clock import SHANGHAI
from reimbursements.models import ClaimStat
from reimbursements.reports.arrived import count_money
from reimbursements.reports.booked import book
from reimbursements.reports.measures import Tally
from reimbursements.reports.stages import count_events, month_of

DAY, MONTH = ClaimStat.Span.DAY, ClaimStat.Span.MONTH
BATCH = 1000
# What makes a figure of a month: everything but the day.
KEPT = (
    "city",
    "county",
    "insurance",
    "kind",
    "destination",
    "measure",
    "part",
    "working_days",
)


def count_day(day: date) -> int:
    """Count one day in China over all areas and write it down, in one transaction; returns
    how many settlements, events and payments it had."""
    begin = datetime.combine(day, time.min, SHANGHAI)
    end = begin + timedelta(days=1)
    tally = Tally()
    seen = book(tally, begin, end) + count_events(tally, begin, end)
    seen += count_money(tally, begin, end)
    rows = [
        ClaimStat(
            span=DAY,
            day=day,
            **key.where._asdict(),
            measure=key.measure,
            part=key.part,
            working_days=key.working_days,
            count=count,
            fen=fen,
        )
        for key, count, fen in tally.rows()
    ]
    with transaction.atomic():
        ClaimStat.objects.filter(span=DAY, day=day).delete()
        ClaimStat.objects.bulk_create(rows, batch_size=BATCH)
    return seen


def sum_month(month: date) -> int:
    """Add up the days of the month that begins on `month`; returns how many figures it has."""
    end = month_of(month + timedelta(days=31))
    with transaction.atomic():
        days = ClaimStat.objects.filter(span=DAY, day__gte=month, day__lt=end)
        sums = days.order_by().values(*KEPT).annotate(n=Sum("count"), f=Sum("fen"))
        rows = [
            ClaimStat(span=MONTH, day=month, count=row.pop("n"), fen=row.pop("f"), **row)
            for row in sums
        ]
        ClaimStat.objects.filter(span=MONTH, day=month).delete()
        ClaimStat.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)
