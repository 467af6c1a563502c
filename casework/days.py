"""How days are written in letters, on pages and in messages, and how months are counted. Pure."""

import calendar
from datetime import date


def chinese_day(day: date) -> str:
    """2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


def until_words(due: date | None) -> str:
    """How a letter or message says the last day of something, with or without one."""
    return f"请在{chinese_day(due)}（含当天）以前" if due else "请尽快"


def add_months(day: date, months: int) -> date:
    """The last day, inclusive to 24:00, of a period of `months` that starts on `day`.

    Source: 民法典 第201—203条 (docs/sources.md): the first day is not counted; the period ends
    on the corresponding day, or on the last day of the month where there is none.
    2026-11-22 + 3 is 2027-02-22; 2026-08-31 + 6 is 2027-02-28.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
