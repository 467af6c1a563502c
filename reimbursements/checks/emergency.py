"""Is it settled as an emergency although no filing was found?"""

from casework.kinds import Finding
from reimbursements.dossier import Dossier

SOURCE = "医保发〔2022〕22号"


def check(dossier: Dossier) -> list[Finding]:
    """急诊抢救视同备案: whether it was one, a clerk reads from the papers of the hospital."""
    if dossier.settled_as != "TMP-EMG" or dossier.filed.found:
        return []
    text = "没有备案，暂按急诊抢救视同备案计算，请核对急诊材料后核定备案类别。"
    return [Finding("emergency_unproven", text, "field:reason", SOURCE)]
