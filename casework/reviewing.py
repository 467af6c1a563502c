"""The automatic review of a case where the machine grants nothing: its checks, then a clerk.

Idempotent: a case that is not waiting for review any more is left alone, and two reviews at
the same moment end in one event, since `perform` compares the status under its lock.
"""

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import perform

SUBMITTED = "submitted"


def review(case: Case) -> Case:
    """Review a submitted case; returns it as it stands afterwards."""
    case = to_review(case)
    return queue(case) if case.status == SUBMITTED else case


def to_review(case: Case) -> Case:
    """The case as it is now, with what its checks read."""
    return Case.objects.select_related("person", "revision").get(pk=case.pk)


def queue(case: Case, data: dict | None = None) -> Case:
    """Into the queue of the desk, unless somebody was quicker; `data` goes to the effect."""
    try:
        return perform(case, "queue", Actor.system(), data=data)
    except NotAllowed:
        case.refresh_from_db()
        if case.status == SUBMITTED:
            raise
        return case
