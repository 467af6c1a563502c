"""Is the insured county the one of the register?"""

from casework.checks.enrolled import enrolments_here
from casework.kinds import Finding
from facilities.areas import area_name


def check(dossier) -> Finding | None:
    """A case of another county of the same pooling area may have to go to its office."""
    found = {row.insured_area for row in enrolments_here(dossier)}
    if not found or dossier.answers.insured_area in found:
        return None
    names = "、".join(area_name(code) for code in sorted(found))
    return Finding(
        "county_differs", f"参保登记在{names}，与填写的参保地不一致。", "field:insured_area"
    )
