"""The automatic look at a submitted claim: the checks run, a clerk decides.

Idempotent: a case that is not waiting for it any more is left alone, and two at the same
moment end in one event, since `perform` compares the status under its lock.
"""

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import perform


def review(case: Case) -> Case:
    """Look at a submitted claim; returns the case as it stands afterwards."""
    case = Case.objects.select_related("person", "revision").get(pk=case.pk)
    if case.status != "submitted":
        return case
    try:
        return perform(case, "queue", Actor.system())
    except NotAllowed:
        case.refresh_from_db()
        if case.status == "submitted":
            raise
        return case
