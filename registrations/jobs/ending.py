"""Registrations that end: reminded 30, 7 and 1 days before, and their expiry written.

Whether one is in force does not depend on either: registrations.inquiry reads the dates. What
is due is computed from the days that are left and the last reminder sent, so that a job that
did not run for two days sends the right one, and only that.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casework.actors import Actor
from casework.clock import local_day
from casework.days import chinese_day
from casework.jobs import Run, run_job
from casework.models import Case, JobRun
from casework.notices import build_reminders, save_notices
from casework.perform import perform_many
from casework.publish import publish_later
from registrations.models import DiseaseRegistration

# Days before the end: numbers of ours, the same as for filings.
STAGES = (1, 7, 30)
CHUNK = 500


def expire_due(now=None) -> JobRun | None:
    """Expire every registration that is over; None when another process is at it."""
    now = now or timezone.now()
    return run_job("registrations.expiry", lambda run: _expire(run, now))


def _expire(run: Run, now) -> None:
    over = DiseaseRegistration.objects.filter(live=True, last_day__lt=local_day(now))
    last = 0
    while ids := list(over.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        last = ids[-1]
        result = perform_many(ids, "expire", Actor.system(), kind_code="registration", now=now)
        run.tick(done=len(result.done))


def remind(now=None) -> JobRun | None:
    """Send the reminders that are due; None when another process is at it."""
    now = now or timezone.now()
    return run_job("registrations.reminders", lambda run: _remind(run, now))


def _remind(run: Run, now) -> None:
    today = local_day(now)
    for left in range(max(STAGES) + 1):
        stage = min(stage for stage in STAGES if left <= stage)
        last_day = today + timedelta(days=left)
        while ids := _due(last_day, stage):
            _send(ids, last_day, left, stage, now)
            run.tick(done=len(ids))


def _due(last_day: date, stage: int) -> list[int]:
    """What ends on this day and was not reminded at this stage. Whoever was granted less than
    the stage before the end has just read the date, and is not reminded of it."""
    rows = DiseaseRegistration.objects.filter(live=True, last_day=last_day)
    rows = rows.filter(Q(reminded=None) | Q(reminded__gt=stage))
    rows = rows.filter(granted_on__lte=last_day - timedelta(days=stage))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _send(ids: list[int], last_day: date, left: int, stage: int, now) -> None:
    template = "registration_ends_soon" if left else "registration_ends_today"
    context = {"until": chinese_day(last_day), "days": str(left)}
    with transaction.atomic():
        cases = list(Case.objects.filter(pk__in=ids, status="approved").for_lists().order_by("pk"))
        pairs = [(case, f"ends:{last_day}:{stage}") for case in cases]
        save_notices(build_reminders(pairs, template, context, now))
        DiseaseRegistration.objects.filter(pk__in=ids).update(reminded=stage)
        publish_later("casework.tasks.deliver_outbox")
