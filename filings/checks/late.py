"""Was the care paid in full before the filing?"""

from casework.kinds import Finding
from filings.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """Late filings are looked at: what they are good for is the place's rule."""
    if not dossier.answers.self_paid:
        return None
    return Finding("late_filing", "费用已自费结清后补办，请按当地补办规定审核。", "field:self_paid")
