"""Who has a claim: taken, released, assigned, escalated (`casework.having`)."""

from casework.having import Having
from reimbursements.models import Claim

_HAVING = Having(Claim, assigned="staff_claim_assigned", overdue="staff_claim_overdue")
take, release = _HAVING.take, _HAVING.release
assign, escalate = _HAVING.assign, _HAVING.escalate
