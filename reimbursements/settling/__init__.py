"""Settling: from the rows of claims to the engine and back, money kept to the fen.

The unit is the stay. `estimate` and `preview_settlement` write nothing; `settle_claim` and
`reverse_settlement` run inside the transaction of an action, under a lock on the year.
"""

from reimbursements.settling.deciding import ask_back, reverse_settlement, settle_claim
from reimbursements.settling.errors import CannotSettle
from reimbursements.settling.estimating import Estimate, estimate, estimate_of
from reimbursements.settling.previewing import Preview, preview_settlement

__all__ = [
    "CannotSettle",
    "Estimate",
    "Preview",
    "ask_back",
    "estimate",
    "estimate_of",
    "preview_settlement",
    "reverse_settlement",
    "settle_claim",
]
