"""Celery tasks of filings: the clocks that beat starts. Run twice, each does its work once."""

from celery import shared_task

from filings.jobs import corrections, drafts, escalation, expiry, promises, reminders


@shared_task
def expire_due() -> None:
    """Write the expiry of filings whose last day has passed."""
    expiry.expire_due()


@shared_task
def remind() -> None:
    """Remind 30, 7 and 1 days before a filing ends."""
    reminders.remind()


@shared_task
def chase_promises() -> None:
    """Remind of promised papers, and announce those that are late."""
    promises.chase_promises()


@shared_task
def close_corrections() -> None:
    """Remind of corrections, and end those whose day has passed."""
    corrections.close_corrections()


@shared_task
def escalate_overdue() -> None:
    """Tell supervisors of cases past their due time."""
    escalation.escalate_overdue()


@shared_task
def clean_drafts() -> None:
    """Tell of drafts nobody went on with, and delete them thirty days later."""
    drafts.clean_drafts()
