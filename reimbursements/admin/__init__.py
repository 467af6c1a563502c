"""The desk of claims: settlement policies, and what a claim adds to the case page."""

from casework.admin.parts import CASE_PAGES, add_parts
from reimbursements.admin import claim_acts, reports
from reimbursements.admin.claim_parts import CLAIM, claim_parts
from reimbursements.admin.payment_batches import PaymentBatchAdmin
from reimbursements.admin.policies import SettlementPolicyAdmin

__all__ = ["PaymentBatchAdmin", "SettlementPolicyAdmin"]

add_parts(CLAIM, claim_parts)
CASE_PAGES += [claim_acts.urls, reports.urls]
