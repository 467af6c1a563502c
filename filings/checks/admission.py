"""Is the day of admission plausible?"""

from datetime import timedelta

from casework.kinds import Finding
from filings.dossier import Dossier

# Longer stays happen, but are rare enough for a look: a number of ours.
LONG_STAY = timedelta(days=365)


def check(dossier: Dossier) -> Finding | None:
    """Not before birth, not after today, not implausibly long ago."""
    admitted = dossier.answers.admitted_on
    if admitted is None:
        return None
    born = dossier.case.person.birth_date
    if born and admitted < born:
        return _finding("入院日期早于出生日期。")
    if admitted > dossier.asked_on:
        return _finding("入院日期晚于提交日期。")
    if admitted < dossier.asked_on - LONG_STAY:
        return _finding("入院日期在一年以前，请核对。")
    return None


def _finding(text: str) -> Finding:
    return Finding("admission_implausible", text, "field:admitted_on")
