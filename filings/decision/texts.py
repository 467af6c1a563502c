"""Texts that residents read or sign: 告知书 and 承诺书, dated, by place. Pure.

The wording is our own and marked 示例 until an agency adopts it; what is stored of a case is
which text, its hash and when it was read.
"""

import hashlib
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from filings.decision import codes
from filings.decision.errors import RuleError
from filings.decision.fields import (
    area,
    code_of,
    codes_of,
    covers,
    day,
    optional,
    plain,
    read_all,
    text,
)
from filings.decision.sources import SOURCES

NOTICE, PROMISE = "notice", "promise"
KINDS = {NOTICE: "告知书", PROMISE: "承诺书"}
# 告知书 begins with the five sentences that matter most.
FIRST_SENTENCES = 5


def _sentences(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("应为句子的列表，没有的写 []")
    return tuple(text()(item) for item in value)


@dataclass(frozen=True, slots=True)
class AgencyText:
    """A version of a text, valid from `valid_from` to `valid_to` inclusive (None: open).

    `categories` empty means all. `first` are the sentences shown before the body.
    """

    place: str
    kind: str
    categories: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    title: str
    first: tuple[str, ...]
    body: str
    sources: tuple[str, ...]
    mark: str

    def __post_init__(self):
        """Raise RuleError when the fields contradict each other."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise RuleError("valid_to", f"应不早于 valid_from {self.valid_from}")
        if self.kind == NOTICE and len(self.first) != FIRST_SENTENCES:
            raise RuleError("first", f"告知书开头应正好有 {FIRST_SENTENCES} 句最要紧的话")
        if self.kind == NOTICE and self.categories:
            raise RuleError("categories", "告知书不分备案类型，应为 []")

    @property
    def key(self) -> str:
        """Which text this is, alike in every version."""
        return ":".join((self.place, self.kind, *self.categories))

    @property
    def version(self) -> date:
        """The day from which this version is valid."""
        return self.valid_from

    @property
    def content(self) -> str:
        """The whole text as it is read and hashed: title, mark, first sentences, body."""
        mark = codes.MARKS[self.mark]
        title = f"{self.title}（{mark}文本）" if mark else self.title
        first = "\n".join(f"{n}. {line}" for n, line in enumerate(self.first, 1))
        return "\n\n".join(part for part in (title, first, self.body) if part) + "\n"

    @property
    def sha256(self) -> str:
        """The SHA-256 of `content` in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def is_valid_on(self, on: date) -> bool:
        """Whether this version is in force on a day."""
        return covers(self.valid_from, self.valid_to, on)

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, ready for JSON."""
        return {field: plain(getattr(self, field)) for field in TEXT_FIELDS}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "AgencyText":
        """A text from plain values; raises RuleError naming the field."""
        return cls(**read_all(TEXT_FIELDS, values))


TEXT_FIELDS = {
    "place": area,
    "kind": code_of(KINDS),
    "categories": codes_of(codes.CATEGORIES),
    "valid_from": day,
    "valid_to": optional(day),
    "title": text(),
    "first": _sentences,
    "body": text(),
    "sources": codes_of(SOURCES),
    "mark": code_of(codes.MARKS),
}
assert tuple(TEXT_FIELDS) == tuple(field.name for field in fields(AgencyText))
