"""How days are written in letters, on pages and in messages. Pure."""

from datetime import date


def chinese_day(day: date) -> str:
    """2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


def until_words(due: date | None) -> str:
    """How a letter or message says the last day of something, with or without one."""
    return f"请在{chinese_day(due)}（含当天）以前" if due else "请尽快"
