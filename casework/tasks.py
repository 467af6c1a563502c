"""Celery tasks of the house. Each is idempotent: run twice, it does its work once."""

from celery import shared_task

from casework import digests, failures, outbox, provisional, sessions, statistics
from casework import sweep as sweeping
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


@shared_task
def sweep() -> None:
    """Each minute: lost reviews, waiting messages, forgotten cases."""
    sweeping.sweep()


@shared_task
def tidy() -> None:
    """Each night: files without a record, old records of runs."""
    sweeping.tidy()


@shared_task
def clear_sessions() -> None:
    """Each night: the rows of log-ins that are over."""
    sessions.clear_sessions()


@shared_task
def write_digest() -> None:
    """Each day: the heads of all event chains, into a file outside the database."""
    digests.write_digest()


@shared_task
def settle_provisional() -> None:
    """Each day: due times beyond the holiday table, once the table reaches them."""
    provisional.settle_provisional()


@shared_task
def roll_up() -> None:
    """Each hour: the figures of the supervisor page."""
    statistics.roll_up()


@shared_task
def tell_failures() -> None:
    """Each morning: what failed, to those who look after it."""
    failures.tell_failures()
