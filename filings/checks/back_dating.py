"""Is the filing to begin in the past without an admission that explains it?"""

from datetime import timedelta

from casework.kinds import Finding
from filings.dossier import Dossier

_DAY = timedelta(days=1)


def check(dossier: Dossier) -> Finding | None:
    """The day before the admission is taken as asked: the guide asks for it."""
    answers = dossier.answers
    start = answers.start
    if start is None or start >= dossier.asked_on:
        return None
    if answers.admitted_on and start >= answers.admitted_on - _DAY:
        return None
    return Finding(
        "back_dated", "申请从提交以前的日期开始，没有对应的入院日期，请核对。", "field:start"
    )
