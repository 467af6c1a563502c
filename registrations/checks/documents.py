"""Is every group of documents there?"""

from casework.kinds import Finding
from registrations.dossier import Dossier
from registrations.missing import PROOF, missing_of


def check(dossier: Dossier) -> Finding | None:
    """What submitting asks for, looked at again: rules may have changed since."""
    gaps = [gap for gap in missing_of(dossier) if gap.step == PROOF]
    if not gaps:
        return None
    sentence = "；".join(gap.message for gap in gaps)
    return Finding("documents_missing", f"{sentence}。", f"document:{gaps[0].field}")
