"""Drafts nobody went on with: their account is told, and thirty days later they are deleted.

Both numbers are ours. A draft begun by a clerk has nobody to tell and is deleted after the
two periods together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from casework.clock import local_day
from casework.days import chinese_day
from casework.drafts import discard_draft
from casework.jobs import Run, run_job
from casework.models import Case, JobRun, Notice, Revision
from casework.notices import notify

UNTOUCHED = timedelta(days=30)
WARNED = timedelta(days=30)
CHUNK = 200


@dataclass(frozen=True)
class Drafts:
    """The clock of one kind of case; `template` may name {until}."""

    job: str
    kind: str
    template: str


def clean_drafts(now=None, *, of: Drafts) -> JobRun | None:
    """Tell and delete; None when another process is at it."""
    now = now or timezone.now()
    return run_job(of.job, lambda run: _work(run, now, of))


def _work(run: Run, now: datetime, of: Drafts) -> None:
    for case in _in_chunks(_untouched_since(now - UNTOUCHED - WARNED, of.kind)):
        if _was_told(case, now, of.template) and discard_draft(case):
            run.tick(done=1)
    for case in _in_chunks(_untouched_since(now - UNTOUCHED, of.kind).exclude(account=None)):
        _tell(case, now, of.template)


def _in_chunks(rows):
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from chunk


def _untouched_since(moment: datetime, kind: str):
    """Drafts of a kind whose answers nobody has saved since then."""
    newer = Revision.objects.filter(case=OuterRef("pk"), saved_at__gt=moment)
    rows = Case.objects.filter(kind=kind, status=Case.DRAFT, created_at__lte=moment)
    return rows.filter(~Exists(newer)).for_lists()


def _was_told(case: Case, now: datetime, template: str) -> bool:
    """The warning about the draft as it stands is thirty days old (or there is nobody)."""
    if case.account_id is None:
        return True
    rows = Notice.objects.filter(
        case=case, template=template, sent_at__lte=now - WARNED, sent_at__gte=_saved_at(case)
    )
    return rows.exists()


def _tell(case: Case, now: datetime, template: str) -> None:
    saved = _saved_at(case)
    until = chinese_day(local_day(now + WARNED))
    notify(case, template, {"until": until}, f"{case.pk}:draft:{saved:%Y%m%d%H%M%S}", now)


def _saved_at(case: Case) -> datetime:
    revision = case.revisions.order_by("number").last()
    return (revision and revision.saved_at) or case.created_at
