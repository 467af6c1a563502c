"""What is answered: a `Decision`, and the question as all its parts see it. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from facilities import areas
from filings.decision.facts import Facts
from filings.decision.months import NextWorkday
from filings.decision.reasons import Reason, reason
from filings.decision.rules import Rule


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one question. Days are inclusive; None is said by a reason.

    The last six fields are for the program and stand in no JSON line: `may_file` (no filing
    is needed, but one keeps the benefit whole), `in_hospital` (goes first in the queue),
    `validity` (which of `codes.VALIDITIES` explains `valid_to`, or `codes.CHOSEN`: with
    "unpublished" a None is *not* 长期, and `floor_until` is the day that the national minimum
    reaches), and the rule that decided (None where no place says anything).
    """

    outcome: str
    category: str
    scope: str
    destination_area: str
    valid_from: date | None
    valid_to: date | None
    locked_until: date | None
    documents: tuple[tuple[str, ...], ...]
    promise_allowed: bool
    supply_by: date | None
    benefit_level: str
    benefit_text: str
    reasons: tuple[Reason, ...]
    may_file: bool = False
    in_hospital: bool = False
    validity: str | None = None
    floor_until: date | None = None
    rule_key: str | None = None
    rule_version: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """The answer as it stands in a JSON line."""
        return {
            "outcome": self.outcome,
            "category": self.category,
            "scope": self.scope,
            "destination_area": self.destination_area,
            "valid_from": _iso(self.valid_from),
            "valid_to": _iso(self.valid_to),
            "locked_until": _iso(self.locked_until),
            "documents": [list(group) for group in self.documents],
            "promise_allowed": self.promise_allowed,
            "supply_by": _iso(self.supply_by),
            "benefit": {"level": self.benefit_level, "text": self.benefit_text},
            "reasons": [item.as_dict() for item in self.reasons],
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True, slots=True)
class Where:
    """From where to where: scope, the two pooling areas and their names."""

    scope: str
    insured_area: str
    destination_area: str
    place: str
    destination: str


@lru_cache(maxsize=16384)
def where(insured_area: str, destination: str) -> Where:
    """The way from an insured area to a destination; raises UnknownArea."""
    home, away = areas.pooling_area_of(insured_area), areas.destination_area(destination)
    return Where(
        areas.scope_between(insured_area, destination),
        home,
        away,
        areas.division(home).name,
        areas.division(away).name,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """The facts with what follows from them: category, way, and the rule found."""

    facts: Facts
    category: str
    where: Where
    next_workday: NextWorkday
    rule: Rule | None = None

    def say(self, code: str, **words) -> Reason:
        """The reason with this code; place and destination need not be given."""
        source = self.rule.source if self.rule else None
        place, destination = self.where.place, self.where.destination
        return reason(code, source, place=place, destination=destination, **words)
