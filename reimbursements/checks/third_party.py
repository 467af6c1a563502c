"""Does somebody else have to pay?"""

from casework.kinds import Finding
from reimbursements.bills import warnings
from reimbursements.checks.seen import finding
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """What a third party owes is not paid by the fund (docs/sources.md, 手工报销)."""
    said = dossier.answers.third_party == "yes"
    return [finding(doubt) for doubt in warnings.third_party(said)]
