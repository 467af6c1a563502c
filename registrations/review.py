"""The automatic review: the checks, and into the queue with what they found.

The machine never registers a disease. Idempotent: a case that is not waiting for review any
more is left alone, and two reviews at the same moment end in one event.
"""

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import perform


def review(case: Case) -> Case:
    """Review a submitted registration; returns the case as it stands afterwards."""
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
