"""Paper of a claim: the 结算单; its letters are those of every case."""

from reimbursements.printing.sheet import SettlementSheet, sheet_of

SETTLEMENT = "reimbursements/printing/settlement.typ"

__all__ = ["SETTLEMENT", "SettlementSheet", "sheet_of"]
