"""Is the total the sum of the lines with one digit added?"""

from casework.kinds import Finding
from reimbursements.bills.warnings import inflated_digit
from reimbursements.checks.seen import finding, this_stay
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """The published pattern of forged bills (docs/sources.md)."""
    stay = this_stay(dossier)
    return [finding(doubt) for bill in stay.bills for doubt in inflated_digit(bill)]
