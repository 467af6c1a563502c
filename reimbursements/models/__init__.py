"""The tables of claims: settlement policies."""

from reimbursements.models.policy import PublishedPolicyError, SettlementPolicy

__all__ = ["PublishedPolicyError", "SettlementPolicy"]
