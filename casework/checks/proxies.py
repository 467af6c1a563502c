"""Does one proxy apply for many persons?"""

from collections.abc import Callable

from django.db.models import Model

from casework.kinds import Finding
from residents.crypto import keyed_hashes

# A carer may apply for a village; more persons than this are worth a look. A number of ours.
MANY = 5


def proxy_of_many(detail: type[Model]) -> Callable[..., Finding | None]:
    """The check for one kind of case, whose detail rows hold `proxy_hash` and `person_id`:
    persons other than this one for whom the same proxy has applied."""

    def check(dossier) -> Finding | None:
        number = (dossier.answers.proxy or {}).get("id_number")
        if not number:
            return None
        others = (
            detail.objects.filter(proxy_hash__in=keyed_hashes("id", number))
            .exclude(person_id=dossier.case.person_id)
            .order_by("person_id")
            .values("person_id")
            .distinct()[: MANY + 1]
        )
        count = len(others)
        if count < MANY:
            return None
        text = f"同一代办人已为其他 {count} 名或更多参保人办理。"
        return Finding("proxy_many", text, "field:proxy")

    return check
