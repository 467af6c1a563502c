"""Rows that would decide the same case on the same day, or leave days undecided. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, pairwise

from filings.decision.rules import Rule
from filings.decision.texts import AgencyText

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Problem:
    """The row that does not fit, and what was expected (Chinese)."""

    later: Rule | AgencyText
    message: str


def problem_in_time(rows: Sequence[Rule] | Sequence[AgencyText]) -> Problem | None:
    """The first overlap or gap in time, or two rows of one place that could both decide."""
    return _between_versions(rows) or _between_rows_of_a_place(rows)


def _between_versions(rows) -> Problem | None:
    versions = defaultdict(list)
    for row in rows:
        versions[row.key].append(row)
    for same in versions.values():
        for earlier, later in pairwise(sorted(same, key=lambda row: row.valid_from)):
            message = _overlap(earlier, later) or _gap(earlier, later)
            if message:
                return Problem(later, message)
    return None


def _overlap(earlier, later) -> str | None:
    if earlier.valid_to is not None and earlier.valid_to < later.valid_from:
        return None
    return (
        f"{later.key} 有两版时间重叠：{earlier.valid_from} 起的一版，valid_to 应为"
        f" {later.valid_from - _DAY}（{later.valid_from} 起是下一版）"
    )


def _gap(earlier, later) -> str | None:
    if earlier.valid_to + _DAY == later.valid_from:
        return None
    return (
        f"{later.key} 在 {earlier.valid_to} 和 {later.valid_from} 之间有空档，"
        f"后一版的 valid_from 应为 {earlier.valid_to + _DAY}"
    )


def _between_rows_of_a_place(rows) -> Problem | None:
    groups = defaultdict(list)
    for row in rows:
        groups[_group(row)].append(row)
    for same in groups.values():
        for one, other in combinations(same, 2):
            if one.key != other.key and _in_time(one, other) and _both_fit(one, other):
                return Problem(other, f"{one.key} 和 {other.key} 可能同时适用，请改到只有一条适用")
    return None


def _group(row: Rule | AgencyText) -> tuple:
    if isinstance(row, AgencyText):
        return (row.place, row.kind)
    # The plain rule of a place stands behind its variants and never competes with them.
    return (row.place, row.category, row.scope, row.insurance, bool(row.variant))


def _both_fit(one, other) -> bool:
    if isinstance(one, AgencyText):
        return _meet(one.categories, other.categories)
    return _meet(one.destinations, other.destinations) and _meet(one.cares, other.cares)


def _meet(some: tuple, others: tuple) -> bool:
    """Whether two lists share a value; an empty list means all."""
    return not some or not others or bool(set(some) & set(others))


def _in_time(one, other) -> bool:
    return one.is_valid_on(other.valid_from) or other.is_valid_on(one.valid_from)
