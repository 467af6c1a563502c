"""Month arithmetic of periods and deadlines. Pure.

Source: 民法典 第201—203条 (docs/sources.md): the first day is not counted; a period of
months ends on the corresponding day, or on the last day of the month where there is none.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

NextWorkday = Callable[[date], date]


def add_months(day: date, months: int) -> date:
    """The last day, inclusive to 24:00, of a period of `months` that starts on `day`.

    2026-11-22 + 3 is 2027-02-22; 2026-08-31 + 6 is 2027-02-28.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def supply_deadline(
    today: date, days: int | None, months: int | None, next_workday: NextWorkday
) -> date | None:
    """The last day on which promised papers may come in; None when no number is known.

    Counts calendar days or months from `today`. A deadline of the resident that falls on a
    free day moves to the next working day (民法典 第203条); the end of a filing never moves.
    """
    if months is not None:
        return next_workday(add_months(today, months))
    if days is not None:
        return next_workday(today + timedelta(days=days))
    return None
