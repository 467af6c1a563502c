"""Periods end on the corresponding day; a resident's deadline never falls on a free day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar import Calendar
from casework.days import chinese_day
from filings.decision.months import add_months, supply_deadline

next_workday = Calendar().next_workday


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 11, 22), 3, date(2027, 2, 22)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 6, date(2026, 8, 28)),
        (date(2026, 5, 5), 12, date(2027, 5, 5)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_period_of_months_ends_on_the_corresponding_day(day, months, last):
    assert add_months(day, months) == last


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(0, 120))
def test_a_period_keeps_the_day_or_ends_with_the_month(day, months):
    last = add_months(day, months)
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == months
    next_day = date.fromordinal(last.toordinal() + 1)
    assert last.day == day.day or (last.day < day.day and next_day.day == 1)


def test_a_deadline_on_a_weekend_moves_to_monday():
    assert supply_deadline(date(2026, 11, 20), 1, None, next_workday) == date(2026, 11, 23)


def test_a_deadline_in_the_national_holidays_moves_behind_them():
    # 2026-10-01 to 10-07 are free, 10-08 is a working day.
    assert supply_deadline(date(2026, 9, 1), None, 1, next_workday) == date(2026, 10, 8)


def test_a_deadline_on_a_working_day_stays():
    assert supply_deadline(date(2026, 11, 20), 3, None, next_workday) == date(2026, 11, 23)


def test_without_a_number_there_is_no_deadline():
    assert supply_deadline(date(2026, 11, 20), None, None, next_workday) is None


def test_a_day_is_written_in_chinese():
    assert chinese_day(date(2026, 3, 5)) == "2026年3月5日"
