"""Month arithmetic of periods and deadlines. Pure.

Source: 民法典 第201—203条 (docs/sources.md): the first day is not counted; a period of
months ends on the corresponding day, or on the last day of the month where there is none.
"""

from collections.abc import Callable
from datetime import date, timedelta

from casework.days import add_months

NextWorkday = Callable[[date], date]


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
