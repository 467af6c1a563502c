"""Celery tasks of registrations: the clocks that beat starts. Run twice, each does its work
once."""

from celery import shared_task

from registrations import jobs


@shared_task
def expire_due() -> None:
    """Write the expiry of registrations whose last day has passed."""
    jobs.expire_due()


@shared_task
def remind() -> None:
    """Remind 30, 7 and 1 days before a registration ends."""
    jobs.remind()


@shared_task
def close_corrections() -> None:
    """Remind of corrections of registrations, and end those whose day has passed."""
    jobs.close_corrections(of=jobs.CORRECTIONS)


@shared_task
def escalate_overdue() -> None:
    """Tell supervisors of registrations past their due time."""
    jobs.escalate_overdue(of=jobs.ESCALATION)


@shared_task
def clean_drafts() -> None:
    """Tell of drafts of registrations nobody went on with, and delete them thirty days later."""
    jobs.clean_drafts(of=jobs.DRAFTS)
