"""Does the register know this name and number in this pooling area?"""

from casework.kinds import Finding
from facilities.areas import UnknownArea, pooling_area_of
from residents.crypto import keyed_hashes
from residents.models import Enrolment


def enrolments_here(dossier) -> list[Enrolment]:
    """The person's lines of the register under the typed name, in the pooling area of the case."""
    names = set(keyed_hashes("name", dossier.answers.name))
    area = _area(dossier.answers.insured_area)
    return [
        row
        for row in dossier.enrolments
        if row.name_hash in names and area and _area(row.insured_area) == area
    ]


def check(dossier) -> Finding | None:
    """No match does not stop a case: a clerk confirms the person."""
    if enrolments_here(dossier):
        return None
    return Finding(
        "not_matched",
        "参保登记中没有找到姓名、证件号码和参保地都一致的记录，请核对参保情况。",
        "field:insured_area",
    )


def _area(code: str) -> str:
    try:
        return pooling_area_of(code)
    except UnknownArea:
        return ""
