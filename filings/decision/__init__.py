"""The decision on a filing as a pure function: facts and rules in, an answer out.

`decide(parse_facts({...}), shipped())`. No database, no request, no clock: the day is a
fact. How to add a place, and the closed lists: docs/rules.md.
"""

from filings.decision.decision import Decision
from filings.decision.engine import decide, derive_category
from filings.decision.errors import FactsError, RulebookError, RuleError
from filings.decision.facts import Facts, parse_facts
from filings.decision.reasons import Reason
from filings.decision.rulebook import Rulebook, load, shipped
from filings.decision.rules import Rule
from filings.decision.texts import AgencyText

__all__ = [
    "AgencyText",
    "Decision",
    "Facts",
    "FactsError",
    "Reason",
    "Rule",
    "RuleError",
    "Rulebook",
    "RulebookError",
    "decide",
    "derive_category",
    "load",
    "parse_facts",
    "shipped",
]
