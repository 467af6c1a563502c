"""Is one phone given for many persons?"""

from casework.kinds import Finding
from casework.models import Case
from residents.crypto import keyed_hashes

# A family shares a phone; more persons than this are worth a look. A number of ours.
MANY = 5


def check(dossier) -> Finding | None:
    """Persons other than this one whose cases name the same phone."""
    phone = dossier.answers.phone
    if not phone or dossier.answers.counter:
        return None
    others = (
        Case.objects.filter(phone_hash__in=keyed_hashes("phone", phone))
        .exclude(person_id=dossier.case.person_id)
        .exclude(number=None)
        .order_by("person_id")
        .values("person_id")
        .distinct()[: MANY + 1]
    )
    count = len(others)
    if count < MANY:
        return None
    return Finding(
        "phone_shared", f"同一联系电话已用于其他 {count} 名或更多参保人。", "field:phone"
    )
