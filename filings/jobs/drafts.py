"""Drafts of filings that nobody went on with, by the clock of every kind of case."""

from casework.clocks import drafts
from casework.models import JobRun

FILINGS = drafts.Drafts("filings.drafts", "filing", "filing_draft_old")


def clean_drafts(now=None) -> JobRun | None:
    """Tell and delete; None when another process is at it."""
    return drafts.clean_drafts(now, of=FILINGS)
