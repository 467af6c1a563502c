"""Corrections: reminded before their day, ended after it. One without a day waits."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from casework.actors import Actor
from casework.clock import local_day
from casework.days import chinese_day
from casework.jobs import Run, run_job
from casework.models import Case, JobRun
from casework.notices import notify
from casework.perform import perform_many
from casework.publish import publish

# Days before the end of a correction on which a reminder goes out: numbers of ours.
STAGES = (1, 3)
CHUNK = 500


@dataclass(frozen=True)
class Corrections:
    """The clock of one kind of case whose table has `correction` and `lapse`; `template` may
    name {until} and {days}."""

    job: str
    kind: str
    template: str


def close_corrections(now=None, *, of: Corrections) -> JobRun | None:
    """Remind and lapse; None when another process is at it."""
    now = now or timezone.now()
    return run_job(of.job, lambda run: _work(run, now, of))


def _work(run: Run, now, of: Corrections) -> None:
    today = local_day(now)
    waiting = Case.objects.filter(kind=of.kind, status="correction").for_lists()
    until = today + timedelta(days=max(STAGES))
    soon = waiting.filter(correction_due__range=(today, until)).order_by("pk")
    for case in soon.iterator(chunk_size=CHUNK):
        _remind(case, (case.correction_due - today).days, of.template, now)
    publish("casework.tasks.deliver_outbox")
    last = 0
    late = waiting.filter(correction_due__lt=today).order_by("pk").values_list("pk", flat=True)
    while ids := list(late.filter(pk__gt=last)[:CHUNK]):
        last = ids[-1]
        result = perform_many(ids, "lapse", Actor.system(), kind_code=of.kind, now=now)
        run.tick(done=len(result.done))


def _remind(case: Case, left: int, template: str, now) -> None:
    """Once for each stage, by its key."""
    stage = min(stage for stage in STAGES if left <= stage)
    context = {"until": chinese_day(case.correction_due), "days": str(left)}
    key = f"{case.pk}:correction:{case.correction_due}:{stage}"
    notify(case, template, context, key, now)
