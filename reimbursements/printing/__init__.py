"""Paper of a claim: the 结算单, the application of the counter, what says where the originals
of bills are; its letters are those of every case."""

from reimbursements.printing.sheet import SettlementSheet, sheet_of

APPLICATION = "reimbursements/printing/application.typ"
ORIGINALS = "reimbursements/printing/originals.typ"
SETTLEMENT = "reimbursements/printing/settlement.typ"

__all__ = ["APPLICATION", "ORIGINALS", "SETTLEMENT", "SettlementSheet", "sheet_of"]
