"""Does the filing begin by the day of admission?

Source: the filing must begin on or before the day of admission (docs/sources.md).
"""

from casework.kinds import Finding
from filings.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """The start that was asked for is after the admission."""
    answers = dossier.answers
    if not (answers.start and answers.admitted_on and answers.start > answers.admitted_on):
        return None
    return Finding(
        "start_after_admission",
        "填写的开始日期晚于入院日期，这次住院不在备案期内。",
        "field:start",
    )
