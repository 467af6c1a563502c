"""Other stays of the same person: overlapping, the same amount, tiny before large."""

from casework.kinds import Finding
from reimbursements.bills.warnings import (
    overlapping_stays,
    same_in_other_claim,
    same_stay_other_name,
    tiny_first_stay,
)
from reimbursements.checks.seen import finding, other_stays, this_stay
from reimbursements.dossier import Dossier


def check(dossier: Dossier) -> list[Finding]:
    """Each with the number of the other claim."""
    stay, others = this_stay(dossier), other_stays(dossier)
    doubts = same_stay_other_name(stay, others) + overlapping_stays(stay, others)
    doubts += same_in_other_claim(stay, others)
    doubts += tiny_first_stay(stay, others)
    return [finding(doubt) for doubt in doubts]
