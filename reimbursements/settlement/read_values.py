"""Single values of a policy file: each reader returns exact data or refuses with its line."""

from datetime import date

from reimbursements.settlement import money
from reimbursements.settlement.yamltree import Item

AMOUNT = "金额，单位元，最多两位小数，例如 1200.00"
PERCENT = "百分比，最多两位小数，例如 85%"
POINTS = "百分点，最多两位小数，例如 2"
DAY = "日期，例如 2025-01-01"


def amount(item: Item) -> int:
    """Fen of an amount in yuan."""
    try:
        return money.parse_yuan(item.text(AMOUNT))
    except ValueError:
        item.fail(AMOUNT)


def percentage(item: Item) -> int:
    """Basis points, 0 to 100 %."""
    try:
        value = money.parse_percent(item.text(PERCENT))
    except ValueError:
        item.fail(PERCENT)
    if value > money.WHOLE:
        item.fail("不超过 100% 的百分比")
    return value


def points(item: Item) -> int:
    """Hundredths of a percentage point, either sign; never more than a hundred points."""
    try:
        value = money.parse_hundredths(item.text(POINTS))
    except ValueError:
        item.fail(POINTS)
    if abs(value) > money.WHOLE:
        item.fail("不超过 100 的百分点")
    return value


def falling_points(item: Item) -> int:
    """Points that lower a ratio: written with their minus, so that no cut becomes a rise."""
    value = points(item)
    if value >= 0:
        item.fail("负的百分点，例如 -10（降低 10 个百分点）")
    return value


def choice(item: Item, options: dict[str, str]) -> str:
    """One of the codes of ``options`` (code to meaning)."""
    expected = "、".join(f"{code}（{meaning}）" for code, meaning in options.items())
    value = item.text(expected)
    if value not in options:
        item.fail(expected)
    return value


def choices(item: Item, options: dict[str, str]) -> tuple[str, ...]:
    """Several different codes of ``options``, in the order of the file."""
    expected = "、".join(f"{code}（{meaning}）" for code, meaning in options.items())
    chosen = tuple(choice(value, options) for value in item.one_or_more(expected))
    if len(set(chosen)) < len(chosen):
        item.fail("每项只写一次", "有重复的项")
    return chosen


def whole(item: Item, low: int, high: int) -> int:
    expected = f"{low} 到 {high} 的整数"
    text = item.text(expected)
    if not (text.isascii() and text.isdigit() and len(text) < 9 and low <= int(text) <= high):
        item.fail(expected)
    return int(text)


def times(item: Item) -> int:
    """Hundredths of a multiple between 1 and 10."""
    expected = "1 到 10 之间的倍数，最多两位小数，例如 1.5"
    try:
        value = money.parse_hundredths(item.text(expected))
    except ValueError:
        item.fail(expected)
    if not 100 <= value <= 1000:
        item.fail(expected)
    return value


def day(item: Item) -> date:
    text = item.text(DAY)
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        item.fail(DAY)


def words(item: Item | None, expected: str) -> tuple[str, ...]:
    """A list of different words."""
    if item is None:
        return ()
    found = tuple(value.text(expected) for value in item.items(expected))
    if len(set(found)) < len(found):
        item.fail("每个词只写一次", "有重复的词")
    return found


def yes(item: Item | None) -> bool:
    if item is None:
        return False
    if item.value not in ("true", "false"):
        item.fail("true 或 false")
    return item.value == "true"
