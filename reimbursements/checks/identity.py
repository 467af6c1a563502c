"""Has it been proven that this account may act for this person?"""

from casework.kinds import Finding
from reimbursements.dossier import Dossier
from reimbursements.missing import identity_wanted


def check(dossier: Dossier) -> list[Finding]:
    """Money goes out: a clerk compares the papers of identity."""
    if not identity_wanted(dossier):
        return []
    text = "账户与参保人的关系没有核实，请核对身份证件和代办关系。"
    if dossier.answers.counter:
        text = "材料是寄来的，没有见到本人，请核对身份证件和回拨记录。"
    return [Finding("identity_unproven", text, "field:name")]
