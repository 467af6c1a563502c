"""Does a locked filing of the person forbid this one?"""

from casework.days import chinese_day
from casework.kinds import Finding
from facilities.areas import area_name
from filings.conflicts import locked_filing
from filings.decision import FactsError
from filings.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """Changing the place would end a filing that may not be changed yet."""
    try:
        found = locked_filing(dossier)
    except FactsError:
        return None
    if found is None:
        return None
    return Finding(
        "locked",
        f"现有备案（就医地{area_name(found.destination_area)}）在"
        f"{chinese_day(found.locked_until)}（含当天）以前不能变更。",
        "field:destination",
    )
