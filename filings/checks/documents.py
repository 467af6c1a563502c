"""Is every group of documents there, or an allowed promise signed?"""

from casework.kinds import Finding
from filings.decision.codes import DOCUMENTS
from filings.dossier import Dossier
from filings.missing import PROOF, missing_of


def check(dossier: Dossier) -> Finding | None:
    """What submitting asks for, looked at again: rules may have changed since."""
    gaps = [gap for gap in missing_of(dossier) if gap.step == PROOF]
    if not gaps:
        return None
    field = gaps[0].field
    target = f"document:{field}" if field in DOCUMENTS else "field:proof"
    return Finding("documents_missing", "；".join(gap.message for gap in gaps), target)
