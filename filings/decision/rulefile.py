"""One YAML file of a place, read strictly into rules and texts. Pure but for reading.

A file has `place`, `name`, optionally `common` (values for all its rules), `rules` and
optionally `texts`. A rule lists its `categories` and `insurances` and becomes one row for
each pair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from casework.yamlfile import Lines, read_yaml
from facilities import areas
from filings.decision.codes import NATION
from filings.decision.errors import RulebookError, RuleError
from filings.decision.rules import FIELDS, Rule
from filings.decision.texts import TEXT_FIELDS, AgencyText

_TOP = ("place", "name", "common", "rules", "texts")
_REQUIRED = ("place", "name", "rules")
# In a file these stand for several rows at once.
_MANY = {"categories": "category", "insurances": "insurance"}
_RULE_KEYS = (*_MANY, *(key for key in FIELDS if key not in ("place", *_MANY.values())))
_TEXT_KEYS = tuple(key for key in TEXT_FIELDS if key != "place")


@dataclass(frozen=True)
class Row:
    """A rule or a text with where it stands."""

    value: Rule | AgencyText
    path: Path
    line: int


def read_rule_file(path: Path) -> list[Row]:
    """The rows of a file; raises RulebookError with file, line and what was expected."""
    return list(_File(path, *read_yaml(path)).rows())


class _File:
    """A file while it is read: its values, and the line of each."""

    def __init__(self, path: Path, values: Any, lines: Lines):
        self.path = path
        self.lines = lines
        self.values = self.mapping(values, (), _TOP, _REQUIRED)
        self.common = self.mapping(self.values.get("common", {}), ("common",), _RULE_KEYS)
        self.check_place()

    def rows(self) -> Iterator[Row]:
        """All rules, then all texts."""
        for where, entry in self.entries("rules", _RULE_KEYS):
            yield from self.rules(where, {**self.common, **entry})
        for where, entry in self.entries("texts", _TEXT_KEYS):
            value = self.made(AgencyText, {"place": self.values["place"], **entry}, where)
            yield Row(value, self.path, self.lines[where])

    def rules(self, where: tuple, entry: dict[str, Any]) -> Iterator[Row]:
        """One row for each category and insurance that an entry lists."""
        shared = {key: value for key, value in entry.items() if key not in _MANY}
        lists = [self.listed(entry, key, where) for key in _MANY]
        for combination in product(*lists):
            one = dict(zip(_MANY.values(), combination, strict=True))
            values = {"place": self.values["place"], **one, **shared}
            yield Row(self.made(Rule, values, where), self.path, self.lines[where])

    def listed(self, entry: dict[str, Any], key: str, where: tuple) -> list:
        """The codes of `categories` or `insurances`."""
        value = entry.get(key)
        if not isinstance(value, list) or not value:
            raise self.error(where, key, f'{key}：应为列表，至少写一个，例如 [LT-RET] 或 ["310"]')
        return value

    def made(self, kind: type, values: dict[str, Any], where: tuple) -> Any:
        """The row, or the refusal at the line of the field that is wrong."""
        try:
            return kind.from_dict(values)
        except RuleError as error:
            many = {one: key for key, one in _MANY.items()}
            raise self.error(where, many.get(error.field, error.field), str(error)) from None

    def entries(self, key: str, allowed: tuple) -> Iterator[tuple[tuple, dict[str, Any]]]:
        """The entries of a list with the place of each."""
        entries = self.values.get(key, [])
        if not isinstance(entries, list):
            raise self.error((), key, f"{key}：应为列表，每一项以 - 开头")
        for n, entry in enumerate(entries):
            yield (key, n), self.mapping(entry, (key, n), allowed)

    def mapping(
        self, value: Any, where: tuple, allowed: tuple, required: tuple = ()
    ) -> dict[str, Any]:
        """A mapping without unknown keys and with all required ones."""
        if not isinstance(value, Mapping):
            raise self.error(where, None, "应为“键: 值”的形式")
        for key in value:
            if key not in allowed:
                raise self.error(where, key, f"{key}：不认识的键，可用的键是 {'、'.join(allowed)}")
        for key in required:
            if key not in value:
                raise self.error(where, None, f"{key}：缺少这一项")
        return dict(value)

    def check_place(self) -> None:
        """The code and the name must be of the same place, so that neither is a slip."""
        place, name = self.values["place"], self.values["name"]
        if place != NATION and (not isinstance(place, str) or areas.division(place) is None):
            raise self.error(
                (), "place", f'place：应为带引号的6位区划代码，例如 "530900"，收到的是 {place!r}'
            )
        real = "全国" if place == NATION else areas.division(place).name
        if name != real:
            raise self.error((), "name", f"name：{place} 应为 {real}，收到的是 {name!r}")

    def error(self, where: tuple, key: str | None, message: str) -> RulebookError:
        """A refusal at the line of a key: in the entry, else in `common`, else of the entry."""
        for spot in ((*where, key), ("common", key), where, ()):
            if spot in self.lines:
                return RulebookError(self.path, self.lines[spot], message)
        return RulebookError(self.path, 1, message)
