"""The one way a clock runs: one at a time, in chunks, with a record of each run.

A job holds a database row with a heartbeat. When its process is killed the heartbeat
stops, and after `STALE` the next run takes the row over; the lost run is marked so.
"""

import os
import socket
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from casework.models import JobLock, JobRun

log = structlog.get_logger(__name__)

STALE = timedelta(minutes=2)


class LockLost(RuntimeError):
    """Another process took the job over; this one must stop."""


@dataclass
class Run:
    """A running job: counts what it does and keeps the lock alive."""

    record: JobRun
    holder: str
    problems: list[str] = field(default_factory=list)

    def tick(self, done: int = 0, failed: int = 0, problem: str = "") -> None:
        """Count finished work and renew the heartbeat; raises LockLost when taken over."""
        self.record.done += done
        self.record.failed += failed
        if problem:
            self.problems.append(problem)
        kept = JobLock.objects.filter(name=self.record.name, holder=self.holder).update(
            heartbeat=timezone.now()
        )
        if not kept:
            raise LockLost(self.record.name)
        self.record.save(update_fields=["done", "failed"])


def run_job(name: str, work: Callable[[Run], None]) -> JobRun | None:
    """Run `work(run)` unless the same job runs elsewhere (then None).

    What it did, and what failed, stands in `JobRun`. An exception marks the run as failed
    and is raised again, so that the worker's log has it too.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[-64:]
    if not _acquire(name, holder):
        return None
    run = Run(JobRun.objects.create(name=name, started_at=timezone.now()), holder)
    try:
        work(run)
    except Exception:
        run.problems.append(traceback.format_exc(limit=3))
        _finish(run, JobRun.State.FAILED)
        raise
    _finish(run, JobRun.State.FAILED if run.record.failed else JobRun.State.DONE)
    return run.record


def _acquire(name: str, holder: str) -> bool:
    now = timezone.now()
    with transaction.atomic():
        JobLock.objects.get_or_create(name=name)
        lock = JobLock.objects.select_for_update(of=("self",)).get(name=name)
        if lock.holder and lock.heartbeat and lock.heartbeat > now - STALE:
            return False
        if lock.holder:
            JobRun.objects.filter(name=name, state=JobRun.State.RUNNING).update(
                state=JobRun.State.LOST, ended_at=now
            )
        lock.holder, lock.heartbeat = holder, now
        lock.save()
    return True


def _finish(run: Run, state: str) -> None:
    """Close the record, unless whoever took the job over has closed it as lost."""
    record = run.record
    record.state = state
    record.ended_at = timezone.now()
    record.detail = "\n".join(run.problems)[:4000]
    closed = JobRun.objects.filter(pk=record.pk, state=JobRun.State.RUNNING).update(
        state=state,
        ended_at=record.ended_at,
        detail=record.detail,
        done=record.done,
        failed=record.failed,
    )
    if not closed:
        record.refresh_from_db()
    JobLock.objects.filter(name=record.name, holder=run.holder).update(holder="", heartbeat=None)
    if state == JobRun.State.FAILED:
        log.error("job_failed", job=record.name, failed=record.failed)
