"""What the claim's parts of the case page read, by one query that is put together once: the
bills, what was settled and paid, who did what, and which desk does the stage.
"""

from functools import cache

from django.db.models import BigIntegerField
from django.utils import timezone

from casework.clock import local_day
from reimbursements.admin.claim_people import OF_STAGE, naming
from reimbursements.delegating import desk_questions, tell_desk
from reimbursements.dossier import Dossier
from reimbursements.models import Bill
from reimbursements.settling.figures import asked_of, with_figures
from residents.prepared import Prepared, Slot


def read_at_once(dossier: Dossier) -> None:
    """Have the dossier and its case know all this of a submitted claim. A claim that has no
    bills brings nothing along: it is asked for where it is needed."""
    case, claim, day = dossier.case, dossier.claim, local_day(timezone.now())
    bills = _bills().all(
        **asked_of(claim, case.account_id),
        **{column: getattr(claim, column) for column in OF_STAGE},
        county=case.county,
        stage=case.status,
        day=day,
    )
    for bill in bills:
        bill.claim = claim
    dossier.take(bills)
    if bills:
        tell_desk(case, day, bills[0])


@cache
def _bills() -> Prepared:
    rows = Bill.objects.filter(claim_id=Slot("claim", BigIntegerField()), removed=False)
    rows = rows.order_by("position", "pk").annotate(**naming(), **desk_questions())
    return Prepared(with_figures(rows))
