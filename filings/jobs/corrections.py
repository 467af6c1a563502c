"""Corrections of filings, by the clock of every kind of case."""

from casework.clocks import corrections
from casework.models import JobRun

FILINGS = corrections.Corrections("filings.corrections", "filing", "filing_correction_reminder")


def close_corrections(now=None) -> JobRun | None:
    """Remind and lapse; None when another process is at it."""
    return corrections.close_corrections(now, of=FILINGS)
