"""Has the hospital of choice opened this disease?"""

from casework.kinds import Finding
from facilities.models import InstitutionService
from registrations.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """A hospital that has not opened the disease cannot settle it at the desk."""
    answers = dossier.answers
    if not answers.treatment:
        return None
    opened = InstitutionService.objects.filter(
        institution_id=answers.treatment,
        service=InstitutionService.Service.CHRONIC,
        disease_id=answers.disease,
    )
    if opened.exists():
        return None
    return Finding(
        "disease_not_opened",
        "机构目录里，希望就诊的医院没有开通这个病种的异地直接结算，请告知参保人。",
        "field:treatment",
    )
