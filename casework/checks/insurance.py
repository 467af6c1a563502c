"""Is the insurance type the one of the register?"""

from casework.checks.enrolled import enrolments_here
from casework.kinds import Finding


def check(dossier) -> Finding | None:
    """The wrong type leads to the wrong ratio later."""
    found = {row.insurance for row in enrolments_here(dossier)}
    if not found or dossier.answers.insurance in found:
        return None
    return Finding("insurance_differs", "填写的险种与参保登记不一致。", "field:insurance")
