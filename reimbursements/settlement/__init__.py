"""The settlement engine: from a dated policy, a stay and the year so far to the fen.

Pure: no Django, no database, no clock, no floating point. Start at `engine.settle`;
how a policy is written is in docs/rules-settlement.md.
"""

from reimbursements.settlement.account import Account
from reimbursements.settlement.engine import (
    Difference,
    Settlement,
    difference,
    reverse,
    settle,
    settle_again,
    year_of,
)
from reimbursements.settlement.errors import (
    CaseTableError,
    PolicyError,
    SettlementError,
    StayError,
)
from reimbursements.settlement.explain import explain
from reimbursements.settlement.jsonio import as_data, settle_line, year_data
from reimbursements.settlement.library import find_policy, policy_files
from reimbursements.settlement.model import Policy, Rule, Version
from reimbursements.settlement.read_policy import load_policy, read_policy
from reimbursements.settlement.read_stay import read_stay, read_year
from reimbursements.settlement.rows import Row
from reimbursements.settlement.stay import Line, Stay

__all__ = [
    "Account",
    "CaseTableError",
    "Difference",
    "Line",
    "Policy",
    "PolicyError",
    "Row",
    "Rule",
    "Settlement",
    "SettlementError",
    "Stay",
    "StayError",
    "Version",
    "as_data",
    "difference",
    "explain",
    "find_policy",
    "load_policy",
    "policy_files",
    "read_policy",
    "read_stay",
    "read_year",
    "reverse",
    "settle",
    "settle_again",
    "settle_line",
    "year_data",
    "year_of",
]
