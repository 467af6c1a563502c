"""Is the same disease registered already and in force?"""

from casework.kinds import Finding
from registrations.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """A renewal begins the day after; anything else is a second registration."""
    current = [row for row in dossier.others if row.end is None or row.end >= dossier.today]
    if not current:
        return None
    row = current[0]
    until = f"有效期至 {row.end.isoformat()}" if row.end else "长期有效"
    return Finding(
        "already_registered",
        f"这个病种已有认定（{row.case.number}，{until}）；续期的，新的认定从其后一天开始。",
        "field:disease",
    )
