"""Until when a stay may be claimed, by place: the data of deadlines.yaml.

National law sets no single limit (docs/sources.md, 手工报销，申请期限), so a place that is not
in the file has none here. A passed deadline is put to a clerk, never refused by the machine.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from facilities.areas import UnknownArea, pooling_area_of
from reimbursements.settlement.yamltree import Item, Section, read_tree

FILE = Path(__file__).with_name("deadlines.yaml")
FIXED_DAYS, YEAR_END, NEXT_YEAR_DATE = "fixed_days", "year_end", "next_year_date"
TYPES = (FIXED_DAYS, YEAR_END, NEXT_YEAR_DATE)
MARKS = ("示例", "待核", "")
MAX_DAYS = 3660
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)

NextWorkday = Callable[[date], date]


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """The rule of one place. `value` is days for fixed_days, MM-DD for next_year_date."""

    type: str
    value: str
    source: str
    as_of: date
    mark: str

    def last_day(self, discharged_on: date) -> date:
        """The last day by the rule alone; the day of discharge does not count (民法典第201条)."""
        if self.type == FIXED_DAYS:
            return discharged_on + timedelta(days=int(self.value))
        if self.type == YEAR_END:
            return date(discharged_on.year, 12, 31)
        month, day = map(int, self.value.split("-"))
        return date(discharged_on.year + 1, month, day)

    def words(self) -> str:
        """The rule in a few words, for the page and the letter."""
        if self.type == FIXED_DAYS:
            return f"出院后{self.value}天以内"
        if self.type == YEAR_END:
            return "出院当年12月31日以前"
        month, day = map(int, self.value.split("-"))
        return f"出院次年{month}月{day}日以前"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for one stay, with where it comes from and its mark (示例, 待核 or "")."""

    day: date
    source: str
    mark: str
    as_of: date
    rule: str

    def days_left(self, today: date) -> int:
        """Days from today: 0 on the last day itself, negative once it has passed."""
        return (self.day - today).days

    def passed(self, today: date) -> bool:
        """Whether the last day is over; then a clerk decides."""
        return today > self.day

    def sentence(self, today: date) -> str:
        """What the resident reads of it."""
        mark = f"（{self.mark}）" if self.mark else ""
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        left = self.days_left(today)
        if left < 0:
            return (
                f"申请期限{mark}是{day}，已过{-left}天。仍然可以提交，由经办人员核实后处理，"
                "请写明晚交的原因。"
            )
        when = f"还有{left}天" if left else "就是今天"
        return f"请在{day}以前提交{mark}，{when}。"


def deadline(
    area: str, discharged_on: date, next_workday: NextWorkday | None = None
) -> Deadline | None:
    """The deadline of a stay by the insured area (any code inside it), None where none is known.

    With `next_workday` (casework.calendar) a last day that is a holiday moves to the next
    working day (民法典第203条).
    """
    rule = rule_of(area)
    if rule is None:
        return None
    day = rule.last_day(discharged_on)
    day = next_workday(day) if next_workday else day
    return Deadline(day, rule.source, rule.mark, rule.as_of, rule.words())


def rule_of(area: str) -> DeadlineRule | None:
    """The rule of the pooling area in which `area` lies."""
    try:
        return load_rules().get(pooling_area_of(area))
    except UnknownArea:
        return None


@cache
def load_rules(file: Path = FILE) -> dict[str, DeadlineRule]:
    """The rules by pooling area. Raises PolicyError with the line of what is wrong."""
    tree = read_tree(file.read_text(encoding="utf-8"), file.name)
    if not isinstance(tree.value, dict):
        tree.fail("统筹区代码到期限")
    return {area: _rule(area, item) for area, item in tree.value.items()}


def _rule(area: str, item: Item) -> DeadlineRule:
    row = Section(item)
    try:
        known = pooling_area_of(area) == area
    except UnknownArea:
        known = False
    if not known:
        item.fail("一个统筹区的代码", f"{area} 不是统筹区")
    kind, mark = row.need("type", "、".join(TYPES)), row.get("mark")
    if kind.text() not in TYPES:
        kind.fail("、".join(TYPES))
    if mark and mark.value not in MARKS:
        mark.fail("示例、待核，或者不写")
    rule = DeadlineRule(
        type=kind.text(),
        value=_value(kind.text(), row),
        source=row.need("source", "来源").text(),
        as_of=_day(row.need("as_of", "日期，例如 2026-11-22")),
        mark=mark.value if mark else "",
    )
    row.done()
    return rule


def _value(kind: str, row: Section) -> str:
    """What the type needs: days, MM-DD, or nothing."""
    if kind == YEAR_END:
        return ""
    item = row.need("value", "天数，或者月日")
    text = item.text()
    if kind == FIXED_DAYS:
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= MAX_DAYS):
            item.fail(f"1到{MAX_DAYS}的天数")
        return text
    match = _MONTH_DAY.fullmatch(text)
    try:
        date(2001, *map(int, match.groups()))  # no leap year: a day that every year has
    except (AttributeError, ValueError):
        item.fail("每年都有的月日，例如 03-31")
    return text


def _day(item: Item) -> date:
    try:
        return date.fromisoformat(item.text())
    except ValueError:
        return item.fail("日期，例如 2026-11-22")
