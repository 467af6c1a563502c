"""The calendar in force: the national table and the agency's rows, cached for a minute."""

from django.core.cache import cache

from casework.calendar import Calendar
from casework.models import Workday

KEY = "casework.workdays"


def current_calendar() -> Calendar:
    """The working-day calendar with the agency's own corrections."""
    rows = cache.get(KEY)
    if rows is None:
        rows = dict(Workday.objects.values_list("day", "working"))
        cache.set(KEY, rows, 60)
    return Calendar(overrides=rows)


def forget_calendar() -> None:
    """Drop the cached rows after a change."""
    cache.delete(KEY)
