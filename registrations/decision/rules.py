"""One rule of one place for one disease, and the 告知书 of a place. Pure."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from facilities import areas
from registrations.decision.codes import (
    DISEASES,
    DOCUMENTS,
    FIRST_DAYS,
    INSURANCES,
    MARKS,
    NATION,
    SOURCES,
)
from registrations.decision.errors import RuleError

# 告知书 begins with the five sentences that matter most.
FIRST_SENTENCES = 5
Read = Callable[[Any], Any]


def _place(value: Any) -> str:
    if value != NATION and (not isinstance(value, str) or areas.division(value) is None):
        raise ValueError(f'应为带引号的6位区划代码，例如 "530900"，收到的是 {value!r}')
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("应为一句话，不能空着")
    return value.strip()


def _note(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError('应为文字，没有的写 ""')
    return value.strip()


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError(f"应为 2026-01-01 这样的日期，收到的是 {value!r}")
    return value


def _number(most: int, *, optional: bool = False) -> Read:
    def read(value: Any) -> int | None:
        if value is None and optional:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            none = "，没有的写 null" if optional else ""
            raise ValueError(f"应为 1 到 {most} 的整数{none}，收到的是 {value!r}")
        return value

    return read


def _code(known: dict[str, str]) -> Read:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"不认识的代码 {value!r}，可用的是 {'、'.join(known)}")
        return value

    return read


def _codes(known: dict[str, str]) -> Read:
    one = _code(known)

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise ValueError("应为列表，至少写一个")
        if len(set(value)) != len(value):
            raise ValueError("同一个代码写了两次")
        return tuple(one(item) for item in value)

    return read


def _groups(value: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("应为材料组的列表，每组任选一种，例如 [[diagnosis_certificate]]")
    groups = tuple(_codes(DOCUMENTS)(group) for group in value)
    flat = [code for group in groups for code in group]
    if len(set(flat)) != len(flat):
        raise ValueError("同一种材料不能在两组里")
    return groups


def _sentences(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) != FIRST_SENTENCES:
        raise ValueError(f"应正好有 {FIRST_SENTENCES} 句最要紧的话")
    return tuple(_text(item) for item in value)


def _read_all(readers: dict[str, Read], values: dict[str, Any]) -> dict[str, Any]:
    read = {}
    for name, reader in readers.items():
        if name not in values:
            raise RuleError(name, "缺少这一项")
        try:
            read[name] = reader(values[name])
        except ValueError as error:
            raise RuleError(name, str(error)) from None
    return read


@dataclass(frozen=True, slots=True)
class Rule:
    """How one disease is registered in one place, from `valid_from` on.

    `conditions` says in one sentence who it is for, `bring` which reports. `documents` are
    groups, each "any one of". `validity_months` None means 长期. Days are working days.
    `renewal_days`: how many calendar days before the end one may apply anew.
    """

    place: str
    disease: str
    insurances: tuple[str, ...]
    valid_from: date
    conditions: str
    bring: str
    documents: tuple[tuple[str, ...], ...]
    validity_months: int | None
    first_day: str
    renewal_days: int
    statutory_days: int
    promised_days: int
    sources: tuple[str, ...]
    mark: str
    note: str

    def __post_init__(self):
        """Raise RuleError when the fields contradict each other."""
        if self.promised_days > self.statutory_days:
            raise RuleError("promised_days", f"不能超过法定的 {self.statutory_days} 个工作日")

    @property
    def key(self) -> str:
        """Which rule this is, alike in every version."""
        return f"{self.place}:{self.disease}"

    @property
    def is_national(self) -> bool:
        """Whether this is the fallback, for places of which nothing is known."""
        return self.place == NATION

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Rule":
        """A rule from plain values; raises RuleError naming the field."""
        return cls(**_read_all(RULE_FIELDS, values))


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """The 告知书 of a place, from `valid_from` on; `first` is shown before the body."""

    place: str
    valid_from: date
    title: str
    first: tuple[str, ...]
    body: str
    sources: tuple[str, ...]
    mark: str

    @property
    def key(self) -> str:
        """Which text this is, alike in every version."""
        return f"{self.place}:notice"

    @property
    def version(self) -> date:
        """The day from which this version holds."""
        return self.valid_from

    @property
    def content(self) -> str:
        """The whole text as it is read and hashed."""
        title = f"{self.title}（{MARKS[self.mark]}文本）" if MARKS[self.mark] else self.title
        first = "\n".join(f"{n}. {line}" for n, line in enumerate(self.first, 1))
        return "\n\n".join((title, first, self.body)) + "\n"

    @property
    def sha256(self) -> str:
        """The SHA-256 of `content` in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "NoticeWords":
        """A text from plain values; raises RuleError naming the field."""
        return cls(**_read_all(NOTICE_FIELDS, values))


RULE_FIELDS: dict[str, Read] = {
    "place": _place,
    "disease": _code(DISEASES),
    "insurances": _codes(INSURANCES),
    "valid_from": _day,
    "conditions": _text,
    "bring": _text,
    "documents": _groups,
    "validity_months": _number(600, optional=True),
    "first_day": _code(FIRST_DAYS),
    "renewal_days": _number(366),
    "statutory_days": _number(60),
    "promised_days": _number(60),
    "sources": _codes(SOURCES),
    "mark": _code(MARKS),
    "note": _note,
}
NOTICE_FIELDS: dict[str, Read] = {
    "place": _place,
    "valid_from": _day,
    "title": _text,
    "first": _sentences,
    "body": _text,
    "sources": _codes(SOURCES),
    "mark": _code(MARKS),
}
assert tuple(RULE_FIELDS) == tuple(field.name for field in fields(Rule))
assert tuple(NOTICE_FIELDS) == tuple(field.name for field in fields(NoticeWords))
