"""The sweep of each minute, and the tidying of each night.

What a broker that was down did not take, what a killed worker left lying, what a clerk
took and forgot: the sweep finds it in the database and sets it going again.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from casework import outbox
from casework.actors import Actor
from casework.jobs import Run, run_job
from casework.kinds import all_kinds
from casework.models import Attachment, Case, JobRun, Letter
from casework.perform import perform_many
from casework.publish import publish
from casework.storage import sweep_orphans

# A submitted case is reviewed within seconds; after this the task is taken as lost.
REVIEW_LATE = timedelta(seconds=60)
# Records of runs that did their work are kept this long: a number of ours.
KEEP_RUNS = timedelta(days=60)
# A file without a record this old belongs to nobody: its upload is over.
ORPHAN_AGE = timedelta(days=1)
CHUNK = 200


def sweep(now=None) -> JobRun | None:
    """Queue lost reviews again, send what is due, release what was taken and forgotten.

    A sweep that found nothing leaves no record, so that the others can be seen.
    """
    now = now or timezone.now()
    record = run_job("casework.sweep", lambda run: _sweep(run, now))
    if record and record.state == JobRun.State.DONE and record.done == 0:
        record.delete()
    return record


def _sweep(run: Run, now) -> None:
    run.tick(done=requeue_reviews(now))
    sent, failed = outbox.deliver()
    run.tick(done=sent, problem=f"{failed} 条消息没有发出，稍后重试" if failed else "")
    run.tick(done=release_forgotten(now))


def requeue_reviews(now) -> int:
    """Queue the review of cases that wait for it longer than it takes; returns how many."""
    lost = Case.objects.filter(status="submitted", submitted_at__lt=now - REVIEW_LATE)
    ids = list(lost.order_by("submitted_at").values_list("pk", flat=True)[:CHUNK])
    return sum(publish("casework.tasks.review_case", pk) for pk in ids)


def release_forgotten(now) -> int:
    """Give back cases that a clerk took and left; how long is `CASE_TAKEN_HOURS`, ours."""
    before = now - timedelta(hours=settings.CASE_TAKEN_HOURS)
    released = 0
    for kind in all_kinds():
        row = kind.workflow.by_name.get("release")
        if row is None:
            continue
        waiting = kind.workflow.waiting_for_staff & set(row.sources)
        taken = Case.objects.filter(
            kind=kind.code, is_open=True, status__in=waiting, assigned_at__lt=before
        ).exclude(assignee=None)
        ids = list(taken.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if ids:
            result = perform_many(ids, "release", Actor.system(), kind_code=kind.code, now=now)
            released += len(result.done)
    return released


def tidy(now=None) -> JobRun | None:
    """Each night: files that no record knows, records of runs long past."""
    now = now or timezone.now()
    return run_job("casework.tidy", lambda run: _tidy(run, now))


def _tidy(run: Run, now) -> None:
    swept = sweep_orphans(known_files(), ORPHAN_AGE)
    run.tick(done=len(swept.removed) + swept.unfinished)
    old = JobRun.objects.filter(started_at__lt=now - KEEP_RUNS, state=JobRun.State.DONE)
    run.tick(done=old.delete()[0])


def known_files() -> set[str]:
    """The name of every stored file that a record points at (some 100 bytes each)."""
    names = set(Letter.objects.values_list("stored_name", flat=True).iterator())
    names.update(Attachment.objects.values_list("stored_name", flat=True).iterator())
    originals = Attachment.objects.exclude(original_name="")
    names.update(originals.values_list("original_name", flat=True).iterator())
    return names
