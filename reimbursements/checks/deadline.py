"""Was the claim handed in before the deadline of the place? Late goes to a clerk."""

from casework.kinds import Finding
from reimbursements.bills.warnings import late_claim
from reimbursements.checks.seen import finding
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """A passed deadline, or that the place has published none: then nothing is invented."""
    found = dossier.deadline
    if found is None:
        text = "参保地没有公布手工报销的申请期限，请按当地规定核实是否逾期。"
        return [Finding("no_rule", text, "field:discharged_on")]
    return [finding(doubt, found.source) for doubt in late_claim(found, dossier.asked_on)]
