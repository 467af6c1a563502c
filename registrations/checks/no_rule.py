"""Is there a rule of the insured area itself?"""

from casework.kinds import Finding
from registrations.decision import FactsError
from registrations.dossier import Dossier


def check(dossier: Dossier) -> Finding | None:
    """Where only the national fallback is known, the clerk goes by the place's own rules."""
    try:
        rule = dossier.decision_for_staff.rule
    except FactsError as error:
        return Finding("no_rule", f"不能判断：{error.message}。", f"field:{error.field}")
    if rule and not rule.is_national:
        return None
    return Finding(
        "no_rule",
        "本系统没有收录当地对这个病种的规定，材料和有效期按通行的做法列出，请按当地规定认定。",
        "field:disease",
    )
