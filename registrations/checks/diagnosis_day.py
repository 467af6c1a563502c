"""Can the day of the diagnosis be right?"""

from casework.kinds import Finding
from registrations.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """Before the person was born, or after the day of submitting."""
    day, born = dossier.answers.diagnosed_on, dossier.case.person.birth_date
    if day is None:
        return None
    if born and day < born:
        text = "确诊日期早于出生日期。"
    elif day > dossier.asked_on:
        text = "确诊日期晚于提交申请的日期。"
    else:
        return None
    return Finding("diagnosis_implausible", text, "field:diagnosed_on")
