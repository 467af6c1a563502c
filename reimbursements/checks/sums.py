"""Do lines and parts add up to the bill?"""

from casework.kinds import Finding
from reimbursements.bills.sums import check_sums
from reimbursements.checks.seen import finding, this_stay
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """Every sum that does not come out, with both numbers."""
    return [finding(doubt) for doubt in check_sums(this_stay(dossier))]
