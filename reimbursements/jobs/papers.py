"""Paper originals that were announced and have not come: reminded, since payment waits.

With the last reminder the clerk who has the claim is told, or the supervisors of its area.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from casework.jobs import Run, run_job
from casework.models import Case, JobRun, Notice, StaffProfile
from casework.notices import notify, save_notices
from casework.publish import publish_later
from reimbursements.jobs.payments import in_site, staff_of
from reimbursements.models import Bill

# Days after submitting on which a reminder goes out: numbers of ours.
STAGES = (7, 21)
TEMPLATE = "claim_papers_reminder"
STAFF_TEMPLATE = "staff_papers_late"
SUPERVISOR = StaffProfile.Role.SUPERVISOR
CHUNK = 200


def remind_papers(now: datetime | None = None) -> JobRun | None:
    """Remind of paper originals, once at each stage; None when another process is at it."""
    now = now or timezone.now()
    return run_job("reimbursements.papers", lambda run: _work(run, now))


def _work(run: Run, now: datetime) -> None:
    last = 0
    waiting = _waiting(now)
    while chunk := list(waiting.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        with transaction.atomic():
            told = _told(chunk)
            due = [(case, key) for case in chunk if (key := _key(case, now)) not in told]
            for case, key in due:
                notify(case, TEMPLATE, {"count": str(case.awaited)}, key, now)
                if key.endswith(f":{STAGES[-1]}"):
                    _tell_staff(case, key, now)
            if due:
                publish_later("casework.tasks.deliver_outbox")
        run.tick(done=len(due))


def _waiting(now: datetime):
    """Open claims that were submitted long enough ago, with how many originals are awaited.
    One of a bill that was cut whole is waited for no longer."""
    awaited = Q(claim__bills__paper=Bill.Paper.AWAITED, claim__bills__removed=False) & ~Q(
        claim__bills__decision=Bill.Decision.CUT,
        claim__bills__cut_fen=F("claim__bills__total_fen"),
    )
    rows = Case.objects.filter(
        kind="claim", is_open=True, submitted_at__lte=now - timedelta(days=min(STAGES))
    )
    rows = rows.annotate(awaited=Count("claim__bills", filter=awaited)).filter(awaited__gt=0)
    return rows.for_lists()


def _key(case: Case, now: datetime) -> str:
    stage = max(days for days in STAGES if case.submitted_at <= now - timedelta(days=days))
    return f"{case.pk}:papers:{stage}"


def _tell_staff(case: Case, key: str, now: datetime) -> None:
    """One in-site message to whoever has the claim in hand; the supervisors where nobody has."""
    words = {"number": case.number, "count": str(case.awaited), "days": str(STAGES[-1])}
    told = [case.assignee_id] if case.assignee_id else staff_of(case.county, [SUPERVISOR])
    notices = [in_site(user, STAFF_TEMPLATE, words, f"{key}:staff", now) for user in told]
    for notice in notices:
        notice.case = case
    save_notices(notices)


def _told(chunk: list[Case]) -> set[str]:
    """The stages of these claims that were told already, as their keys begin."""
    rows = Notice.objects.filter(case__in=[case.pk for case in chunk], template=TEMPLATE)
    return {":".join(key.split(":")[:3]) for key in rows.values_list("dedupe_key", flat=True)}
