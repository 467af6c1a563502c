"""Celery tasks of the house. Each is idempotent: run twice, it does its work once."""

from celery import shared_task

from casework import outbox
from casework.kinds import kind_of
from casework.models import Case


@shared_task
def review_case(case_id: int) -> None:
    """The automatic review of a submitted case; does nothing when it was reviewed already."""
    case = Case.objects.filter(pk=case_id, status="submitted").first()
    if case is not None:
        kind_of(case).review(case)


@shared_task
def deliver_outbox() -> int:
    """Send the messages that are due; returns how many left."""
    sent, _ = outbox.deliver()
    return sent
