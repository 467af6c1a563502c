"""Was a bill issued before the first or after the last day of the stay?"""

from casework.kinds import Finding
from reimbursements.bills.warnings import bill_outside_stay
from reimbursements.checks.seen import finding, this_stay
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """One finding for each such bill."""
    stay = this_stay(dossier)
    return [finding(doubt) for bill in stay.bills for doubt in bill_outside_stay(bill, stay)]
