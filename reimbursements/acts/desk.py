"""Who has a claim: taken, released, assigned, escalated (`casework.having`)."""

from casework.having import Having
from reimbursements.models import Claim

HAVING = Having(Claim, assigned="staff_claim_assigned", overdue="staff_claim_overdue")
