"""Does the QR code or the original say what was typed?"""

from casework.kinds import Finding
from reimbursements.bills.warnings import qr_unlike_typed
from reimbursements.checks.seen import finding, this_stay
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """Number, amount or day that the machine read otherwise, with both values."""
    return [finding(doubt) for bill in this_stay(dossier).bills for doubt in qr_unlike_typed(bill)]
