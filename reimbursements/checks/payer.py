"""Is the payer named on the bill the patient?"""

from casework.kinds import Finding
from reimbursements.bills.warnings import payer_not_patient
from reimbursements.checks.seen import finding, this_stay
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """The sentence names nobody."""
    name = dossier.answers.name
    bills = this_stay(dossier).bills
    return [finding(doubt) for bill in bills for doubt in payer_not_patient(bill, name)]
