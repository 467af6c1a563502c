"""Did the person break an earlier promise where that bars a new one?"""

from casework.days import add_months, chinese_day
from casework.kinds import Finding
from filings.dossier import Dossier
from filings.models import Filing

BROKEN = (Filing.Promise.OVERDUE, Filing.Promise.UNSUPPLIED)


def check(dossier: Dossier) -> Finding | None:
    """The rule of the broken promise says for how many months."""
    if dossier.answers.proof != "promise":
        return None
    broken = Filing.objects.filter(
        person_id=dossier.case.person_id, promise_state__in=BROKEN, supply_by__isnull=False
    ).select_related("rule")
    until = [day for filing in broken if (day := _barred_until(filing))]
    if not until or max(until) < dossier.today:
        return None
    return Finding(
        "promise_banned",
        f"以前承诺的材料没有按时补交，{chinese_day(max(until))}（含当天）以前不能用承诺书。",
        "field:proof",
    )


def _barred_until(filing: Filing):
    rule = filing.rule.rule() if filing.rule_id else None
    if rule is None or rule.unsupplied != "ban":
        return None
    return add_months(filing.supply_by, rule.ban_months)
