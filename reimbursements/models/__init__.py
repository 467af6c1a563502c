"""The tables of claims: what was claimed, decided, settled and paid, and by which policy."""

from reimbursements.models.account import (
    ImportedSettlement,
    LedgerEntry,
    Settlement,
    YearAccount,
)
from reimbursements.models.bill import Bill, BillLine
from reimbursements.models.claim import Claim, Stay
from reimbursements.models.delegation import StageDelegation
from reimbursements.models.payment import Adjustment, Payment, PaymentBatch
from reimbursements.models.policy import PublishedPolicyError, SettlementPolicy
from reimbursements.models.proposal import Proposal
from reimbursements.models.report import ClaimStat
from reimbursements.models.scan import BillScan

__all__ = [
    "Adjustment",
    "Bill",
    "BillLine",
    "BillScan",
    "Claim",
    "ClaimStat",
    "ImportedSettlement",
    "LedgerEntry",
    "Payment",
    "PaymentBatch",
    "Proposal",
    "PublishedPolicyError",
    "Settlement",
    "SettlementPolicy",
    "StageDelegation",
    "Stay",
    "YearAccount",
]
