"""All rules and texts, found by place and day; read strictly from YAML. Pure but for reading.

The most specific place wins: county or 本级, pooling area, province, nation. A rule is taken
whole; fields are never mixed between places.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from facilities import areas
from filings.decision.codes import NATION
from filings.decision.errors import RulebookError, RuleError
from filings.decision.overlaps import problem_in_time
from filings.decision.rulefile import Row, read_rule_file
from filings.decision.rules import Rule
from filings.decision.texts import NOTICE, PROMISE, AgencyText

SHIPPED = Path(__file__).resolve().parent.parent / "rules"


class Rulebook:
    """Rules and texts that never change once built."""

    def __init__(self, rules: Sequence[Rule], texts: Sequence[AgencyText] = ()):
        self.rules = tuple(rules)
        self.texts = tuple(texts)
        self._rules = _index(self.rules)

    @classmethod
    def from_rules(cls, rules: Iterable[Rule], texts: Iterable[AgencyText] = ()) -> "Rulebook":
        """A rulebook of rows from anywhere; raises RuleError on gaps and overlaps in time."""
        rules, texts = tuple(rules), tuple(texts)
        for problem in (problem_in_time(rules), problem_in_time(texts)):
            if problem:
                raise RuleError("valid_from", problem.message)
        return cls(rules, texts)

    def find(
        self,
        insured_area: str,
        category: str,
        scope: str,
        insurance: str,
        destination: str,
        care: str | None,
        on: date,
    ) -> Rule | None:
        """The rule that decides, or None where no place says anything.

        `destination` is a pooling area; a rule narrowed to kinds of care also fits when the
        kind of care is not said.
        """
        for place in place_chain(insured_area):
            for rule in self._rules.get((place, category, scope, insurance), ()):
                if (
                    rule.is_valid_on(on)
                    and (not rule.cares or care is None or care in rule.cares)
                    and (
                        not rule.destinations or areas.province_of(destination) in rule.destinations
                    )
                ):
                    return rule
        return None

    def rule(self, key: str, version: date) -> Rule | None:
        """One version of one rule."""
        found = (rule for rule in self.rules if rule.key == key and rule.version == version)
        return next(found, None)

    def notice_for(self, place: str, on: date) -> AgencyText | None:
        """The 告知书 of a place on a day, its own or that of a place above it."""
        return self._text(NOTICE, place, None, on)

    def promise_for(self, place: str, category: str, on: date) -> AgencyText | None:
        """The 承诺书 of a place for a category on a day, or None where there is none."""
        return self._text(PROMISE, place, category, on)

    def _text(self, kind: str, place: str, category: str | None, on: date) -> AgencyText | None:
        for code in place_chain(place):
            for text in self.texts:
                fits = category is None or not text.categories or category in text.categories
                if text.place == code and text.kind == kind and fits and text.is_valid_on(on):
                    return text
        return None


@lru_cache(maxsize=8192)
def place_chain(code: str) -> tuple[str, ...]:
    """From the place itself up to the nation: county, pooling area, province, 000000.

    Raises UnknownArea.
    """
    if code == NATION:
        return (NATION,)
    area = areas.pooling_area_of(code)
    return tuple(dict.fromkeys((code, area, areas.province_of(area), NATION)))


@lru_cache(maxsize=1)
def shipped() -> Rulebook:
    """The rules that come with the project (filings/rules)."""
    return load(SHIPPED)


def load(folder: Path | str) -> Rulebook:
    """All *.yaml files of a folder; raises RulebookError with file and line."""
    folder = Path(folder)
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise RulebookError(folder, 0, "这个文件夹里没有 .yaml 规则文件")
    rows = [row for path in paths for row in read_rule_file(path)]
    rules = [row for row in rows if isinstance(row.value, Rule)]
    texts = [row for row in rows if isinstance(row.value, AgencyText)]
    for some in (rules, texts):
        _refuse_bad_times(some)
    return Rulebook([row.value for row in rules], [row.value for row in texts])


def _refuse_bad_times(rows: list[Row]) -> None:
    problem = problem_in_time([row.value for row in rows])
    if problem:
        row = next(row for row in rows if row.value is problem.later)
        raise RulebookError(row.path, row.line, problem.message)


def _index(rules: Sequence[Rule]) -> dict[tuple, list[Rule]]:
    """Rules by (place, category, scope, insurance), the narrowed ones first."""
    index: dict[tuple, list[Rule]] = defaultdict(list)
    for rule in sorted(rules, key=lambda rule: not rule.variant):
        index[rule.place, rule.category, rule.scope, rule.insurance].append(rule)
    return dict(index)
