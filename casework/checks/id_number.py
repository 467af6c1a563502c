"""Is the ID number well formed?"""

from casework.kinds import Finding
from residents.idnumber import InvalidIdNumber, parse


def check(dossier) -> Finding | None:
    """Numbers are checked when they are typed; imported ones may still be wrong."""
    try:
        parse(dossier.case.person.id_number)
    except InvalidIdNumber as error:
        return Finding("id_invalid", f"证件号码有误：{error}", "field:name")
    return None
