"""Are the days of the stay plausible?"""

from datetime import timedelta

from casework.kinds import Finding
from reimbursements.dossier import Dossier

# Longer stays happen, but are rare enough for a look: a number of ours.
LONG_STAY = timedelta(days=365)


def check(dossier: Dossier) -> list[Finding]:
    """Not before birth, not after the day of asking, not implausibly long."""
    admitted, last = dossier.answers.admitted_on, dossier.answers.last_day
    if admitted is None or last is None:
        return []
    born = dossier.case.person.birth_date
    if born and admitted < born:
        return _finding("入院（就诊）日期早于出生日期。")
    if last > dossier.asked_on:
        return _finding("出院（就诊）日期晚于提交日期。")
    if last - admitted > LONG_STAY:
        return _finding("住院超过一年，请核对入院和出院日期。")
    return []


def _finding(text: str) -> list[Finding]:
    return [Finding("dates_doubtful", text, "field:admitted_on")]
