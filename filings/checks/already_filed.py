"""Does a filing in force already give what this one would?"""

from casework.kinds import Finding
from filings.conflicts import same_filing
from filings.decision import FactsError
from filings.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """The same place and category, for at least as long."""
    try:
        found = same_filing(dossier)
    except FactsError:
        return None
    if found is None:
        return None
    return Finding(
        "already_filed",
        f"已有就医地和类型相同、在有效期内的备案（{found.case.number}）。",
        "field:destination",
    )
