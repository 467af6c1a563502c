"""Readers of single values of a rule: each takes a plain value and returns it checked.

Pure. Each reader raises ValueError with a Chinese sentence that says what was expected.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from facilities import areas
from filings.decision.codes import DOCUMENTS, NATION
from filings.decision.errors import RuleError

Reader = Callable[[Any], Any]


def read_all(readers: Mapping[str, Reader], values: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of a row, each read; raises RuleError for an unknown, missing or bad one."""
    for key in values:
        if key not in readers:
            raise RuleError(str(key), f"不认识的键，可用的键是 {'、'.join(readers)}")
    for key in readers:
        if key not in values:
            raise RuleError(key, "缺少这一项，请写上（没有公布的写 null）")
    return {key: _read(key, readers[key], values[key]) for key in readers}


def _read(key: str, reader: Reader, value: Any) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise RuleError(key, str(error)) from None


def plain(value: Any) -> Any:
    """The value as JSON can hold it: lists for tuples, ISO text for dates."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def covers(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether a period with both days inclusive (None: open) covers a day."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def got(value: Any) -> str:
    """The end of each message: what came instead."""
    shown = "null" if value is None else f"{value!r}"
    return f"收到的是 {shown[:60]}"


def text(empty: bool = False) -> Reader:
    """A text, not empty unless allowed; spaces at its ends are dropped."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"应为文字，{got(value)}")
        if not (value.strip() or empty):
            raise ValueError("应为文字，不能空着")
        return value.strip()

    return read


def flag(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"应为 true 或 false，{got(value)}")
    return value


def number(least: int, most: int) -> Reader:
    """A whole number from `least` to `most`."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"应为 {least} 到 {most} 的整数，{got(value)}")
        return value

    return read


def optional(reader: Reader) -> Reader:
    """None (not published), or what `reader` takes."""

    def read(value: Any) -> Any:
        if value is None:
            return None
        try:
            return reader(value)
        except ValueError as error:
            raise ValueError(f"{error}（没有公布的写 null）") from None

    return read


def day(value: Any) -> date:
    """A date, or its ISO form."""
    if type(value) is date:
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"应为日期，例如 2026-11-22，{got(value)}")


def area(value: Any) -> str:
    """A six-digit code that the table of divisions knows, or 000000 for the nation."""
    if isinstance(value, str) and (value == NATION or areas.division(value) is not None):
        return value
    raise ValueError(f'应为带引号的6位区划代码，例如 "530900"，全国为 "000000"，{got(value)}')


def code_of(allowed: Mapping[str, str]) -> Reader:
    """One code of a closed list."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"应为 {'、'.join(allowed)} 之一，{got(value)}")
        return value

    return read


def codes_of(allowed: Collection[str] | None, reader: Reader | None = None) -> Reader:
    """A list of codes without repetition, of a closed list or each taken by `reader`."""
    one = reader or code_of(allowed)

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(f"应为列表，例如 [a, b] 或 []，{got(value)}")
        items = tuple(one(item) for item in value)
        if len(set(items)) != len(items):
            raise ValueError("列表里应没有重复的值")
        return items

    return read


def document_groups(value: Any) -> tuple[tuple[str, ...], ...]:
    """Groups of documents; of each group any one will do."""
    if not isinstance(value, list | tuple):
        raise ValueError(f"应为列表的列表，例如 [[id_document], [residence_permit]]，{got(value)}")
    groups = tuple(codes_of(DOCUMENTS)(group) for group in value)
    if not all(groups):
        raise ValueError("每一组材料应至少写一种")
    return groups
