"""All rules and texts, found by place and day; read strictly from YAML. Pure but for reading.

The most specific place wins: county or 本级, pooling area, province, nation. A rule is taken
whole; fields are never mixed between places.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from casework.errors import FileRefused
from facilities import areas
from registrations.decision.codes import DISEASES, NATION
from registrations.decision.rulefile import read_rule_file
from registrations.decision.rules import NoticeWords, Rule

SHIPPED = Path(__file__).resolve().parent.parent / "data"


class Rulebook:
    """Rules and texts that never change once built."""

    def __init__(self, rules: Iterable[Rule], texts: Iterable[NoticeWords] = ()):
        # The latest version first.
        self.rules = tuple(sorted(rules, key=lambda rule: rule.valid_from, reverse=True))
        self.texts = tuple(sorted(texts, key=lambda text: text.valid_from, reverse=True))

    def find(self, insured_area: str, disease: str, on: date) -> Rule | None:
        """The rule of the disease on a day, or None where no place says anything."""
        return self._first(
            (rule for rule in self.rules if rule.disease == disease), insured_area, on
        )

    def listed(self, insured_area: str, on: date) -> list[Rule]:
        """The rules of all diseases of a place on a day, in the order of the national list."""
        found = (self.find(insured_area, disease, on) for disease in DISEASES)
        return [rule for rule in found if rule]

    def notice_for(self, insured_area: str, on: date) -> NoticeWords | None:
        """The 告知书 of a place on a day, its own or that of a place above it."""
        return self._first(self.texts, insured_area, on)

    @staticmethod
    def _first(rows, insured_area: str, on: date):
        rows = [row for row in rows if row.valid_from <= on]
        for place in place_chain(insured_area):
            for row in rows:
                if row.place == place:
                    return row
        return None


@lru_cache(maxsize=8192)
def place_chain(code: str) -> tuple[str, ...]:
    """From the place itself up to the nation: county, pooling area, province, 000000.

    Raises UnknownArea.
    """
    area = areas.pooling_area_of(code)
    return tuple(dict.fromkeys((code, area, areas.province_of(area), NATION)))


@lru_cache(maxsize=1)
def shipped() -> Rulebook:
    """The rules that come with the project (registrations/data)."""
    return load(SHIPPED)


def load(folder: Path | str) -> Rulebook:
    """All *.yaml files of a folder; raises FileRefused with file and line."""
    folder = Path(folder)
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise FileRefused(folder, 0, "这个文件夹里没有 .yaml 规则文件")
    rules, texts = [], []
    for path in paths:
        own, text = read_rule_file(path)
        _refuse_second(path, own, rules)
        rules += own
        texts += [text] if text else []
    return Rulebook(rules, texts)


def _refuse_second(path: Path, own: list[Rule], known: list[Rule]) -> None:
    """Two files of one place would leave it to chance which rule holds."""
    there = {(rule.key, rule.valid_from) for rule in known}
    twice = next((rule for rule in own if (rule.key, rule.valid_from) in there), None)
    if twice:
        raise FileRefused(path, 1, f"{twice.key} 自 {twice.valid_from} 的规则在另一个文件里已有")
