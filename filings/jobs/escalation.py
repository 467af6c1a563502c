"""Cases past their due time: the supervisors of the area are told, once."""

from django.utils import timezone

from casework.actors import Actor
from casework.jobs import Run, run_job
from casework.models import Case, JobRun
from casework.perform import perform_many

CHUNK = 500


def escalate_overdue(now=None) -> JobRun | None:
    """Escalate what is late; None when another process is at it."""
    now = now or timezone.now()
    return run_job("filings.escalation", lambda run: _work(run, now))


def _work(run: Run, now) -> None:
    late = Case.objects.filter(
        kind="filing",
        is_open=True,
        status__in=["in_review", "approved"],
        due_at__lt=now,
        filing__escalated_at=None,
    )
    last = 0
    while ids := list(late.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        last = ids[-1]
        result = perform_many(ids, "escalate", Actor.system(), kind_code="filing", now=now)
        run.tick(done=len(result.done))
