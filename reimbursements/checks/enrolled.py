"""Was the person enrolled on the first and the last day of the stay?"""

from datetime import date

from casework.kinds import Finding
from facilities.areas import UnknownArea, pooling_area_of
from reimbursements.dossier import Dossier
from residents.matching import enrolments_on
from residents.models import Enrolment


def check(dossier: Dossier) -> list[Finding]:
    """What the register says of the two days; a clerk confirms."""
    answers = dossier.answers
    days = dict.fromkeys(day for day in (answers.admitted_on, answers.last_day) if day)
    bad = [day for day in days if not _active(dossier, day)]
    if not bad:
        return []
    words = "、".join(day.isoformat() for day in bad)
    text = f"参保登记中没有 {words} 在参保地该险种正常参保的记录，请核对参保和缴费情况。"
    return [Finding("not_enrolled", text, "field:insured_area")]


def _active(dossier: Dossier, day: date) -> bool:
    return any(
        row.state == Enrolment.State.ACTIVE
        and row.insurance == dossier.answers.insurance
        and _area(row.insured_area) == dossier.area
        for row in enrolments_on(dossier.case.person, day)
    )


def _area(code: str) -> str:
    try:
        return pooling_area_of(code)
    except UnknownArea:
        return ""
