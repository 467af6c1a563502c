"""The figures of a day, written by a job from the events and read by the supervisor page.

A figure is a count (and a sum of seconds) for one day, county, kind, measure and clerk.
Counting a day again replaces what was counted before, so a run may be repeated at will.

- `received`: cases submitted; `closed`: cases that left the open states by a member of staff
  or the system (a resident's own withdrawal is not counted); `total` is the time since
  submission in seconds, corrections included.
- `at_once`: of those, closed by the system straight from submission, without a clerk.
- `late`: of those, closed after their due time. `returned`: corrections asked for.
- `took_…`: the closed ones by how long they took.
- `open`, `overdue`: how many stood open at the moment of counting; today only, since the
  past cannot be counted again.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from casework.clock import SHANGHAI, local_day
from casework.kinds import all_kinds
from casework.models import Case, CaseEvent, DailyStat
from casework.workflow import RESIDENT, SYSTEM

RECEIVED, CLOSED, AT_ONCE, LATE, RETURNED = "received", "closed", "at_once", "late", "returned"
OPEN, OVERDUE = "open", "overdue"
# (measure, words, at most so long); the last has no limit.
TOOK = (
    ("took_1h", "1 小时内", timedelta(hours=1)),
    ("took_1d", "1 天内", timedelta(days=1)),
    ("took_2d", "2 天内", timedelta(days=2)),
    ("took_5d", "5 天内", timedelta(days=5)),
    ("took_10d", "10 天内", timedelta(days=10)),
    ("took_more", "10 天以上", None),
)
CHUNK = 2000


@dataclass(frozen=True)
class _States:
    """What the events of one kind mean for the figures."""

    open: frozenset[str]
    first: frozenset[str]  # where a case stands right after it was submitted
    paused: frozenset[str]  # where it waits for the resident


def roll_up(day: date, now: datetime | None = None) -> int:
    """Count one day (a date in China) over all counties; returns how many figures it wrote.

    Replaces the figures of that day in one transaction.
    """
    now = now or timezone.now()
    figures: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    _count_events(day, figures)
    if day == local_day(now):
        _count_standing(now, figures)
    rows = [
        DailyStat(
            day=day,
            city=city,
            county=county,
            kind=kind,
            measure=measure,
            clerk_id=clerk,
            count=count,
            total=total,
        )
        for (city, county, kind, measure, clerk), (count, total) in figures.items()
    ]
    with transaction.atomic():
        kept = _standing_of_the_past(day, now)
        DailyStat.objects.filter(day=day).exclude(measure__in=kept).delete()
        DailyStat.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def roll_up_recent(days: int = 3, now: datetime | None = None) -> int:
    """Count today and the days before it again; returns how many figures were written."""
    now = now or timezone.now()
    today = local_day(now)
    return sum(roll_up(today - timedelta(days=back), now) for back in range(days))


def _standing_of_the_past(day: date, now: datetime) -> tuple[str, ...]:
    """What stood open cannot be counted for a day that is over: it is left as it was."""
    return () if day == local_day(now) else (OPEN, OVERDUE)


def _count_events(day: date, figures: dict) -> None:
    states = {kind.code: _states(kind.workflow) for kind in all_kinds()}
    begin = datetime.combine(day, time.min, SHANGHAI)
    events = (
        CaseEvent.objects.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
        .values_list(
            "at",
            "from_status",
            "to_status",
            "actor_id",
            "actor_role",
            "case__city",
            "case__county",
            "case__kind",
            "case__submitted_at",
            "case__due_at",
        )
        .order_by("pk")
    )
    for event in events.iterator(chunk_size=CHUNK):
        if event[7] in states:
            _count_event(states[event[7]], event, figures)


def _states(workflow) -> _States:
    rows = workflow.transitions
    return _States(
        open=workflow.open_states,
        first=frozenset(row.target for row in rows if Case.DRAFT in row.sources and row.target),
        paused=frozenset(row.target for row in rows if row.clock == "pause" and row.target),
    )


def _count_event(states: _States, event: tuple, figures: dict) -> None:
    at, before, after, actor, role, city, county, kind, submitted_at, due_at = event
    clerk = None if role in (RESIDENT, SYSTEM) else actor

    def add(measure: str, seconds: int = 0) -> None:
        figure = figures[city, county, kind, measure, clerk]
        figure[0] += 1
        figure[1] += seconds

    if before == Case.DRAFT and after != Case.DRAFT:
        add(RECEIVED)
    if before != after and after in states.paused:
        add(RETURNED)
    closes = before in states.open and after not in states.open and role != RESIDENT
    if not closes or submitted_at is None:
        return
    took = max(at - submitted_at, timedelta(0))
    add(CLOSED, int(took.total_seconds()))
    add(next(measure for measure, _, limit in TOOK if limit is None or took <= limit))
    if role == SYSTEM and before in states.first:
        add(AT_ONCE)
    if due_at and at > due_at:
        add(LATE)


def _count_standing(now: datetime, figures: dict) -> None:
    standing = (
        Case.objects.submitted()
        .filter(is_open=True)
        .values("city", "county", "kind")
        .annotate(open=Count("id"), overdue=Count("id", filter=Q(due_at__lt=now)))
        .order_by("county", "kind")
    )
    for row in standing:
        where = (row["city"], row["county"], row["kind"])
        for measure in (OPEN, OVERDUE):
            figures[*where, measure, None][0] = row[measure]
