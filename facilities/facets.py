"""What an institution is filtered by, as terms of its search index beside the grams of its name.

Terms are plain words of letters and digits, none shorter than four, so that no gram
of a name is taken for one.
"""

from collections.abc import Iterable

from facilities import areas
from facilities.areas import Division

IN_FORCE = "inforce"
# The grade of each level code of facilities.models.Institution.Level.
_GRADES = dict(
    zip((f"{level:02d}" for level in range(1, 12)), "33332221110", strict=True),
)


def of_institution(institution, services: Iterable[tuple[str, str]]) -> list[str]:
    """The facets of an institution with these (service, disease code or "")."""
    code = institution.division_id
    place = (f"prov{areas.province_of(code)[:2]}", f"city{code[:4]}", f"dist{code}")
    opened = sorted({term for pair in services for term in (service(*pair), service(pair[0]))})
    return [
        IN_FORCE,
        level(institution.level),
        grade(_GRADES[institution.level]),
        *place,
        *opened,
    ]


def level(code: str) -> str:
    """Institutions of one level, by its code (the function of migration 0002 asks for these)."""
    return f"level{code}"


def grade(number: str) -> str:
    """Institutions of 三级, 二级, 一级 or 未定级: "3", "2", "1", "0"."""
    return f"grade{number}"


def service(name: str, disease: str = "") -> str:
    """Institutions that have opened a service, or one disease of 门诊慢特病."""
    return f"opened{(disease or name).lower()}"


def place(division: Division) -> str:
    """Institutions of a province, city or county; those of a 本级 are all of its city."""
    if division.level == areas.PROVINCE:
        return f"prov{division.code[:2]}"
    if division.level == areas.COUNTY:
        return f"dist{division.code}"
    return f"city{division.code[:4]}"
