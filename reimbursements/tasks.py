"""Celery tasks of claims. Each is idempotent: run twice, it does its work once."""

from celery import shared_task

from casework.models import Attachment
from reimbursements import jobs, scanning
from reimbursements.reports.job import roll_up_claims as count_claims


@shared_task
def scan_bill(attachment_id: int) -> None:
    """Read the QR code or the original of one uploaded bill; a file gone meanwhile is none."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is not None:
        scanning.scan(attachment)


@shared_task
def close_corrections() -> None:
    """Remind of corrections of claims, and end those whose day has passed."""
    jobs.close_corrections(of=jobs.CORRECTIONS)


@shared_task
def escalate_overdue() -> None:
    """Tell supervisors of claims past their due time."""
    jobs.escalate_overdue(of=jobs.ESCALATION)


@shared_task
def clean_drafts() -> None:
    """Tell of drafts of claims nobody went on with, and delete them thirty days later."""
    jobs.clean_drafts(of=jobs.DRAFTS)


@shared_task
def remind_papers() -> None:
    """Remind of paper originals that have not come."""
    jobs.remind_papers()


@shared_task
def follow_payments() -> None:
    """Close lists for the bank that are answered, and tell of those that are not."""
    jobs.follow_payments()


@shared_task
def propose_recomputed() -> None:
    """What policies published since the last run would change in settled claims."""
    jobs.propose_recomputed()


@shared_task
def roll_up_claims() -> None:
    """Each hour: the figures of the reports."""
    count_claims()
