"""What a resident's page says of whom it is for, and which version of a case it was made from."""

from casework.models import Case
from residents.personal import mask_name


def acting_for(case: Case, dossier) -> dict:
    """What the page's head says of whom this is for: the person of the case, always."""
    holding = dossier.holding
    name = dossier.answers.name or (holding.name if holding else "") or case.name
    return {
        "name": mask_name(name) if name else "参保人",
        "relation": holding.get_relation_display() if holding else "",
        "switch_url": "",
    }


def version_of(request) -> int:
    """The version of the case that the page was made from; -1, which is stale, for nonsense."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else -1
