"""Can this place be filed to at all?"""

from casework.kinds import Finding
from facilities.areas import SAME_AREA, UnknownArea, scope_between
from filings.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """The destination is a known pooling area and not the insured one."""
    answers = dossier.answers
    try:
        scope = scope_between(answers.insured_area, answers.pick)
    except UnknownArea as error:
        return Finding("destination_unfit", f"就医地有误：{error}", "field:destination")
    if scope == SAME_AREA:
        return Finding("destination_unfit", "就医地与参保地属于同一统筹区。", "field:destination")
    return None
