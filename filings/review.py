"""The automatic review: open at once, or hand to a clerk with the reasons.

Idempotent: a case that is not waiting for review any more is left alone, and two reviews
at the same moment end in one event, since `perform` compares the status under its lock.
"""

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import perform
from casework.reviewing import SUBMITTED, queue, to_review
from filings.decision import FactsError
from filings.decision.codes import INSTANT, REVIEW
from filings.dossier import dossier_of


def review(case: Case) -> Case:
    """Review a submitted filing; returns the case as it stands afterwards."""
    case = to_review(case)
    if case.status != SUBMITTED:
        return case
    if _is_instant(case):
        try:
            return perform(case, "open", Actor.system())
        except NotAllowed:
            # The checks, run under the lock, found a doubt: a clerk looks.
            case.refresh_from_db()
    return queue(case, data={"outcome": REVIEW})


def _is_instant(case: Case) -> bool:
    """Whether the place opens such a filing without a clerk."""
    try:
        return dossier_of(case).decision.outcome == INSTANT
    except FactsError:
        return False
