"""What the events of a day tell: cases that came and ended, and how long each stage took."""

from collections import defaultdict
from datetime import date, datetime
from functools import lru_cache

from django.db.models import F, Q

from casework.clock import local_day
from casework.models import CaseEvent
from casework.workdays import current_calendar
from reimbursements.reports import measures
from reimbursements.reports.measures import COUNTED, STAGES, Tally, Where

CHUNK = 2000
KIND = "claim"
# Taken back by the resident, or by the agency after it was settled: no stage was done.
TAKEN_BACK = frozenset({"withdrawn", "reversed"})


def count_events(tally: Tally, begin: datetime, end: datetime) -> int:
    """Count the events of claims from `begin` to before `end`; returns how many counted.

    A stage counts once each time it is left by the agency, in working days after the day on
    which the case came into it; 0 where it was left on the same day. A claim that is taken back
    has done no stage.
    """
    days = lru_cache(maxsize=None)(current_calendar().workdays_between)
    left = Q(from_status__in=STAGES) & ~Q(to_status=F("from_status"))
    found = CaseEvent.objects.filter(
        Q(code__in=COUNTED) | left, at__gte=begin, at__lt=end, case__kind=KIND
    ).order_by("pk")
    seen = last = 0
    while chunk := list(_with_place(found.filter(pk__gt=last))[:CHUNK]):
        last = chunk[-1][0]
        seen += len(chunk)
        came = _came(chunk)
        for event in chunk:
            _count(tally, event, came, days)
    return seen


def entered(visits: list[tuple], state: str, seq: int) -> datetime | None:
    """When a case came last into `state` before its event `seq`; `visits` are (seq, state,
    at) in order."""
    found = [at for number, into, at in visits if number < seq and into == state]
    return found[-1] if found else None


def _with_place(events):
    return events.values_list(
        "pk",
        "case_id",
        "seq",
        "at",
        "code",
        "from_status",
        "to_status",
        "case__city",
        "case__county",
        "case__insurance",
        "case__topic",
        "case__destination",
    )


def _count(tally: Tally, event: tuple, came: dict, days) -> None:
    _, case, seq, at, code, before, after, *place = event
    where = Where(*place)
    if code in COUNTED:
        tally.add(where, COUNTED[code], count=1)
    if before not in STAGES or after == before or code in TAKEN_BACK:
        return
    since = entered(came[case], before, seq)
    if since is not None:
        part = STAGES[before][0]
        took = days(local_day(since), local_day(at))
        anywhere = where._replace(destination="")
        tally.add(anywhere, measures.STAGE, part, count=1, days=max(took, 0))


def _came(chunk: list[tuple]) -> dict[int, list[tuple]]:
    """{case: (seq, state, at) of each time it came into a stage}."""
    found: dict[int, list[tuple]] = defaultdict(list)
    rows = CaseEvent.objects.filter(
        case_id__in={event[1] for event in chunk}, to_status__in=STAGES
    ).exclude(from_status=F("to_status"))
    for case, *visit in rows.order_by("case_id", "seq").values_list(
        "case_id", "seq", "to_status", "at"
    ):
        found[case].append(tuple(visit))
    return found


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)
