"""The calendar in force: the national table and the agency's rows, cached for a minute."""

from casework.calendar import Calendar
from casework.models import Workday
from config.near import forget, near

KEY = "casework.workdays"
KEPT_SECONDS = 60


def current_calendar() -> Calendar:
    """The working-day calendar with the agency's own corrections."""
    return Calendar(overrides=near(KEY, _rows, KEPT_SECONDS))


def _rows() -> dict:
    return dict(Workday.objects.values_list("day", "working"))


def forget_calendar() -> None:
    """Drop the cached rows after a change."""
    forget(KEY)
