"""The desk of claims: settlement policies."""

from reimbursements.admin.policies import SettlementPolicyAdmin

__all__ = ["SettlementPolicyAdmin"]
