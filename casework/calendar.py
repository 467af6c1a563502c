"""Which days an agency works: the national table with the agency's own corrections.

Where the table ends (each autumn it ends with the year) weekends count as free days
and dates are provisional.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

# The last year the national table covers.
LAST_KNOWN_YEAR = max(day.year for day in (*holidays, *workdays))


@lru_cache(maxsize=4096)
def _national(day: date) -> bool:
    """What the table says of a day it knows; a page of the queue asks it thousands of times."""
    return chinese_calendar.is_workday(day)


@dataclass(frozen=True)
class Calendar:
    """Working days, with the agency's own days put over the national table."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    last_known_year: int = LAST_KNOWN_YEAR

    def is_workday(self, day: date) -> bool:
        """Whether the agency works on this day; past the table, Monday to Friday."""
        if day in self.overrides:
            return self.overrides[day]
        if self.knows(day):
            return _national(day)
        return day.weekday() < 5

    def knows(self, day: date) -> bool:
        """Whether the answer for this day is final rather than provisional."""
        return 2004 <= day.year <= min(self.last_known_year, LAST_KNOWN_YEAR)

    def next_workday(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def add_workdays(self, start: date, days: int) -> date:
        """The last of `days` working days after `start`, which itself does not count."""
        day = start
        for _ in range(days):
            day = self.next_workday(day + timedelta(days=1))
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when end is earlier."""
        if end < start:
            return -self.workdays_between(end, start)
        span = (end - start).days
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, span + 1))
