"""Who has a filing: taken, released, assigned, escalated (`casework.having`)."""

from casework.guards import CLERKS
from casework.having import Having
from casework.models import Case, StaffProfile
from filings.models import Filing


def keep_on_desk(case: Case) -> None:
    """An approved filing stays on the desk as long as its promised papers need a clerk."""
    if case.status == "approved":
        case.is_open = case.filing.waits_for_staff


def _refusal(case: Case, profile: StaffProfile) -> str | None:
    if case.filing.appealed_at and case.filing.decided_by_id == profile.user_id:
        return "复核须由原决定以外的人员办理"
    return None


_HAVING = Having(
    Filing,
    assigned="staff_assigned",
    overdue="staff_overdue",
    refusal=_refusal,
    receivers=CLERKS,
    settle=keep_on_desk,
)
take, release = _HAVING.take, _HAVING.release
assign, escalate = _HAVING.assign, _HAVING.escalate
