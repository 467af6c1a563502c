"""Due times beyond the holiday table, computed anew once the table reaches them.

A clock that was stopped and started again is run through its events, with the calendar
as it is known now.
"""

from django.utils import timezone

from casework.clock import Due, days_left, due_after, local_day, resume
from casework.jobs import Run, run_job
from casework.kinds import kind_of
from casework.models import Case, JobRun
from casework.workdays import current_calendar

CHUNK = 500


def settle_provisional(now=None) -> JobRun | None:
    """Compute provisional due times anew; None when another process is at it."""
    return run_job("casework.provisional", lambda run: _work(run, now or timezone.now()))


def _work(run: Run, now) -> None:
    calendar = current_calendar()
    rows = Case.objects.filter(is_open=True, due_provisional=True, due_at__isnull=False)
    last = 0
    while chunk := list(rows.filter(pk__gt=last).for_lists().order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        run.tick(done=sum(_settle(case, calendar) for case in chunk))


def _settle(case: Case, calendar) -> bool:
    """Write the new due time unless the case moved meanwhile; True when it was written."""
    if not calendar.knows(local_day(case.due_at)):
        return False
    due = replay(case, calendar)
    if due is None:
        return False
    return bool(
        Case.objects.filter(pk=case.pk, version=case.version, due_at=case.due_at).update(
            due_at=due.at, due_provisional=due.provisional
        )
    )


def replay(case: Case, calendar) -> Due | None:
    """The due time that the events of a case lead to, or None when its clock stands still."""
    clocks = {row.event: row.clock for row in kind_of(case).workflow.transitions}
    due, left = None, None
    for event in case.events.order_by("seq"):
        clock = clocks.get(event.code, "keep")
        if clock == "start":
            due, left = due_after(event.at, case.allowed_days, calendar), None
        elif clock == "pause" and due:
            due, left = None, days_left(due.at, event.at, calendar)
        elif clock == "resume" and left is not None:
            due, left = resume(left, event.at, calendar), None
    return due
