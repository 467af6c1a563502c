"""Is the enrolment active?"""

from casework.checks.enrolled import enrolments_here
from casework.kinds import Finding
from residents.models import Enrolment


def check(dossier) -> Finding | None:
    """Every enrolment that is found here is paused or ended."""
    found = enrolments_here(dossier)
    if not found or any(row.state == Enrolment.State.ACTIVE for row in found):
        return None
    return Finding(
        "enrolment_paused", "参保状态为暂停或终止，请核对是否可以享受待遇。", "field:insured_area"
    )
