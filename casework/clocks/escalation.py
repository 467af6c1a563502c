"""Cases past their due time: the supervisors of the area are told, once."""

from dataclasses import dataclass

from django.utils import timezone

from casework.actors import Actor
from casework.jobs import Run, run_job
from casework.models import Case, JobRun
from casework.perform import perform_many

CHUNK = 500


@dataclass(frozen=True)
class Escalation:
    """The clock of one kind of case whose detail row has `escalated_at`."""

    job: str
    kind: str
    statuses: tuple[str, ...]


def escalate_overdue(now=None, *, of: Escalation) -> JobRun | None:
    """Escalate what is late; None when another process is at it."""
    now = now or timezone.now()
    return run_job(of.job, lambda run: _work(run, now, of))


def _work(run: Run, now, of: Escalation) -> None:
    late = Case.objects.filter(
        kind=of.kind,
        is_open=True,
        status__in=of.statuses,
        due_at__lt=now,
        **{f"{of.kind}__escalated_at": None},
    )
    last = 0
    while ids := list(late.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        last = ids[-1]
        result = perform_many(ids, "escalate", Actor.system(), kind_code=of.kind, now=now)
        run.tick(done=len(result.done))
