"""Who has a claim: taken, released, assigned, escalated (`casework.having`)."""

from casework.having import Having
from casework.models import Case, StaffProfile
from reimbursements.models import Claim
from reimbursements.states import STAGES


def _refusal(case: Case, profile: StaffProfile) -> str | None:
    if profile.role not in STAGES.get(case.status, frozenset()):
        return "该人员的角色不办理这个环节"
    if profile.user_id in _busy_elsewhere(case):
        return "该人员已办理过这件申请的其他环节"
    return None


def _busy_elsewhere(case: Case) -> set[int]:
    """Those who acted at another stage, or in the decision that is appealed against."""
    claim = case.claim
    acted = {
        "first": claim.first_by_id,
        "second": claim.second_by_id,
        "approval": claim.approved_by_id,
    }
    acted.pop({"second_review": "second", "approval": "approval"}.get(case.status, "first"))
    return {*acted.values(), *claim.decided_before} - {None}


_HAVING = Having(
    Claim,
    assigned="staff_claim_assigned",
    overdue="staff_claim_overdue",
    refusal=_refusal,
)
take, release = _HAVING.take, _HAVING.release
assign, escalate = _HAVING.assign, _HAVING.escalate
