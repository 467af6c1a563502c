"""Was the disease of a 门诊慢特病 visit registered on that day?

The resident writes the diagnosis in free words: which registered disease it is, a clerk says.
"""

from casework.kinds import Finding
from facilities.diseases import BY_CODE
from registrations.inquiry import Registered, registered_on
from reimbursements.dossier import Dossier

CHRONIC = "chronic"


def check(dossier: Dossier) -> list[Finding]:
    """No registration in force in the insured area on the day of the visit, or one of another
    disease than the diagnosis names. Never a refusal: it may have been registered elsewhere."""
    answers = dossier.answers
    if answers.kind != CHRONIC or answers.admitted_on is None:
        return []
    day = answers.admitted_on
    found = [
        each
        for each in registered_on(dossier.case.person_id, None, day)
        if each.holds_in(answers.insured_area)
    ]
    if not found:
        text = f"{day.isoformat()} 在参保地没有有效的门诊慢特病认定记录，请核对认定材料。"
        return [Finding("disease_unregistered", text, "field:kind")]
    if any(_named(each, answers.diagnosis) for each in found):
        return []
    numbers = "、".join(each.number for each in found)
    text = f"{day.isoformat()} 有效的认定是 {numbers}，诊断里没有写到所认定的病种，请核对。"
    return [Finding("other_disease", text, "field:diagnosis")]


def _named(registered: Registered, diagnosis: str) -> bool:
    """Whether the diagnosis names the disease, by its official or its short name."""
    fact = BY_CODE.get(registered.disease)
    names = {registered.name, fact.short_name if fact else registered.name}
    return any(name in diagnosis for name in names)
