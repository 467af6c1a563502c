"""Who has a filing: taken, released, assigned, escalated (`casework.having`)."""

from casework.having import Having
from casework.models import Case
from filings.models import Filing


def keep_on_desk(case: Case) -> None:
    """An approved filing stays on the desk as long as its promised papers need a clerk."""
    if case.status == "approved":
        case.is_open = case.filing.waits_for_staff


HAVING = Having(Filing, assigned="staff_assigned", overdue="staff_overdue", settle=keep_on_desk)
