"""Who has a registration: taken, released, assigned, escalated (`casework.having`)."""

from casework.guards import CLERKS
from casework.having import Having
from casework.models import Case, StaffProfile
from registrations.models import DiseaseRegistration


def _refusal(case: Case, profile: StaffProfile) -> str | None:
    registration = case.registration
    if registration.appealed_at and registration.decided_by_id == profile.user_id:
        return "复核须由原决定以外的人员办理"
    return None


_HAVING = Having(
    DiseaseRegistration,
    assigned="staff_assigned",
    overdue="staff_overdue",
    refusal=_refusal,
    receivers=CLERKS,
)
take, release = _HAVING.take, _HAVING.release
assign, escalate = _HAVING.assign, _HAVING.escalate
