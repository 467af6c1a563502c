"""Whether a disease can be registered here, with which papers and for how long. Pure.

`decide(facts, rulebook) -> Decision`; the rules are YAML under `registrations/data/`.
"""

from registrations.decision.codes import OUTCOMES, REFUSED, REVIEW
from registrations.decision.engine import Decision, Stated, decide
from registrations.decision.errors import FactsError
from registrations.decision.facts import Facts
from registrations.decision.rulebook import Rulebook, shipped
from registrations.decision.rules import NoticeWords, Rule

__all__ = [
    "OUTCOMES",
    "REFUSED",
    "REVIEW",
    "Decision",
    "Facts",
    "FactsError",
    "NoticeWords",
    "Rule",
    "Rulebook",
    "Stated",
    "decide",
    "shipped",
]
