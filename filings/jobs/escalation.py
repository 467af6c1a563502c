"""Filings past their due time, by the clock of every kind of case."""

from casework.clocks import escalation
from casework.models import JobRun

FILINGS = escalation.Escalation("filings.escalation", "filing", ("in_review", "approved"))


def escalate_overdue(now=None) -> JobRun | None:
    """Escalate what is late; None when another process is at it."""
    return escalation.escalate_overdue(now, of=FILINGS)
