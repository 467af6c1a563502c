"""The desk of claims: settlement policies, and what a claim adds to the case page."""

from django.urls import reverse

from casework.admin.inbox_page import NOTICE_LINKS
from casework.admin.parts import CASE_PAGES, add_parts
from reimbursements.admin import claim_acts, reports, reports_proposals
from reimbursements.admin.claim_parts import CLAIM, claim_parts
from reimbursements.admin.delegations import StageDelegationAdmin
from reimbursements.admin.payment_batches import PaymentBatchAdmin
from reimbursements.admin.policies import SettlementPolicyAdmin

__all__ = ["PaymentBatchAdmin", "SettlementPolicyAdmin", "StageDelegationAdmin"]

add_parts(CLAIM, claim_parts)
CASE_PAGES += [claim_acts.urls, reports.urls, reports_proposals.urls]
NOTICE_LINKS["staff_policy_effect"] = lambda notice: reverse("admin:reimbursements_proposals")
NOTICE_LINKS["staff_payment_no_answer"] = lambda notice: reverse(
    # The key of such a message names its list: batch:<id>:no_answer:<days>:u<user>
    "admin:reimbursements_paymentbatch_change",
    args=[notice.dedupe_key.split(":")[1]],
)
