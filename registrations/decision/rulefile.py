"""One YAML file of a place, read strictly into rules and a 告知书. Pure but for reading.

A file has `place`, `name`, `common` (values for all its rules), `diseases` (a rule each) and
optionally `notice`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casework.errors import FileRefused
from casework.yamlfile import Lines, read_yaml
from facilities import areas
from registrations.decision.codes import NATION
from registrations.decision.errors import RuleError
from registrations.decision.rules import NOTICE_FIELDS, RULE_FIELDS, NoticeWords, Rule

_TOP = ("place", "name", "common", "diseases", "notice")
_REQUIRED = ("place", "name", "diseases")
_RULE_KEYS = tuple(key for key in RULE_FIELDS if key != "place")
_COMMON_KEYS = tuple(key for key in _RULE_KEYS if key != "disease")
_NOTICE_KEYS = tuple(key for key in NOTICE_FIELDS if key != "place")


def read_rule_file(path: Path) -> tuple[list[Rule], NoticeWords | None]:
    """The rules and the text of a file; raises FileRefused with file, line and what was
    expected."""
    file = _File(path, *read_yaml(path))
    return list(file.rules()), file.notice()


class _File:
    """A file while it is read: its values, and the line of each."""

    def __init__(self, path: Path, values: Any, lines: Lines):
        self.path, self.lines = path, lines
        self.values = self.mapping(values, (), _TOP, _REQUIRED)
        self.common = self.mapping(self.values.get("common", {}), ("common",), _COMMON_KEYS)
        self.check_place()

    def rules(self) -> Iterator[Rule]:
        """A rule for each disease, none of them twice."""
        entries = self.values["diseases"]
        if not isinstance(entries, list):
            raise self.error((), "diseases", "diseases：应为列表，每一项以 - 开头")
        seen = set()
        for n, entry in enumerate(entries):
            where = ("diseases", n)
            own = self.mapping(entry, where, _RULE_KEYS)
            rule = self.made(Rule, {**self.common, **own}, where)
            if (rule.disease, rule.valid_from) in seen:
                raise self.error(where, "disease", f"disease：{rule.disease} 写了两次")
            seen.add((rule.disease, rule.valid_from))
            yield rule

    def notice(self) -> NoticeWords | None:
        """The text of the place; None where the file has none."""
        if "notice" not in self.values:
            return None
        where = ("notice",)
        own = self.mapping(self.values["notice"], where, _NOTICE_KEYS)
        return self.made(NoticeWords, own, where)

    def made(self, kind: type, values: dict[str, Any], where: tuple) -> Any:
        """The rule or the text, or the refusal at the line of the field that is wrong."""
        try:
            return kind.from_dict({"place": self.values["place"], **values})
        except RuleError as error:
            raise self.error(where, error.field, str(error)) from None

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
        found = areas.division(place) if isinstance(place, str) else None
        if place != NATION and found is None:
            raise self.error(
                (), "place", f'place：应为带引号的6位区划代码，例如 "530900"，收到的是 {place!r}'
            )
        real = found.name if found else "全国"
        if name != real:
            raise self.error((), "name", f"name：{place} 应为 {real}，收到的是 {name!r}")

    def error(self, where: tuple, key: str | None, message: str) -> FileRefused:
        """A refusal at the line of a key: in the entry, else in `common`, else of the entry."""
        for spot in ((*where, key), ("common", key), where, ()):
            if spot in self.lines:
                return FileRefused(self.path, self.lines[spot], message)
        return FileRefused(self.path, 1, message)
