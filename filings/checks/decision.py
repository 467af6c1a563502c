"""What the rules themselves leave to a clerk."""

from casework.kinds import Finding
from filings.decision import FactsError
from filings.decision.codes import NOT_NEEDED, REFUSED
from filings.dossier import Dossier

# Reasons of a decision that a clerk has to look at, each with the doubt it raises.
DOUBTFUL = {
    "no_rule": "no_rule",
    "validity_over": "end_in_doubt",
    "end_before_lock": "end_in_doubt",
}


def check(dossier: Dossier) -> Finding | None:
    """The rules are silent, or changed since the case was submitted."""
    try:
        decision = dossier.decision
    except FactsError as error:
        return Finding(
            "rule_changed", f"按现行规则不能判断：{error.message}", f"field:{error.field}"
        )
    if decision.outcome in (NOT_NEEDED, REFUSED):
        first = decision.reasons[0]
        return Finding("rule_changed", f"按现行规则：{first.text}", "field:category", first.source)
    for reason in decision.reasons:
        if reason.code in DOUBTFUL:
            return Finding(DOUBTFUL[reason.code], reason.text, "", reason.source)
    return None
