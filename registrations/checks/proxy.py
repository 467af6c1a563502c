"""Does one proxy register diseases for many persons?"""

from casework.kinds import Finding
from registrations.dossier import Dossier
from registrations.models import DiseaseRegistration
from residents.crypto import keyed_hashes

# A carer may apply for a village; more persons than this are worth a look. A number of ours.
MANY = 5


def check(dossier: Dossier) -> Finding | None:
    """Persons other than this one for whom the same proxy has applied."""
    number = (dossier.answers.proxy or {}).get("id_number")
    if not number:
        return None
    others = (
        DiseaseRegistration.objects.filter(proxy_hash__in=keyed_hashes("id", number))
        .exclude(person_id=dossier.case.person_id)
        .order_by("person_id")
        .values("person_id")
        .distinct()[: MANY + 1]
    )
    count = len(others)
    if count < MANY:
        return None
    return Finding("proxy_many", f"同一代办人已为其他 {count} 名或更多参保人办理。", "field:proxy")
