"""The clock counts working days, with 调休, in China's time."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar import LAST_KNOWN_YEAR, Calendar
from casework.clock import (
    SHANGHAI,
    days_left,
    due_after,
    light,
    resident_deadline,
    resume,
    time_left_text,
)

CALENDAR = Calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-16 09:00", 2, "2026-11-18"),  # Monday to Wednesday
        ("2026-11-20 17:00", 2, "2026-11-24"),  # over a weekend
        ("2026-11-21 10:00", 2, "2026-11-24"),  # received on a Saturday
        ("2026-09-30 10:00", 2, "2026-10-09"),  # over the National Day holiday
        ("2026-02-13 10:00", 1, "2026-02-14"),  # a Saturday worked for the Spring Festival
    ],
)
def test_a_case_is_due_at_the_end_of_its_last_working_day(received, days, due):
    assert due_after(at(received), days, CALENDAR).at == at(f"{due} 23:59:59")


def test_the_instant_before_midnight_in_china_counts_for_that_day():
    late = datetime.fromisoformat("2026-11-16T15:59:00+00:00")  # 23:59 in Shanghai
    early = datetime.fromisoformat("2026-11-16T16:01:00+00:00")  # 00:01 of the 17th
    assert due_after(late, 1, CALENDAR).at == at("2026-11-17 23:59:59")
    assert due_after(early, 1, CALENDAR).at == at("2026-11-18 23:59:59")


def test_past_the_holiday_table_weekends_count_and_the_date_is_provisional():
    due = due_after(at(f"{LAST_KNOWN_YEAR}-12-31 10:00"), 1, CALENDAR)
    assert due.provisional
    assert due.at.date() >= date(LAST_KNOWN_YEAR + 1, 1, 1)
    assert not due_after(at("2026-11-16 09:00"), 2, CALENDAR).provisional


def test_a_day_set_by_the_agency_overrides_the_table():
    closed = Calendar(overrides={date(2026, 11, 17): False})
    assert due_after(at("2026-11-16 09:00"), 1, closed).at == at("2026-11-18 23:59:59")


@pytest.mark.parametrize(
    ("now", "colour", "words"),
    [
        ("2026-11-16 09:00", "green", "还有 2 个工作日"),
        ("2026-11-17 09:00", "yellow", "还有 1 个工作日"),
        ("2026-11-18 20:30", "yellow", "还有 3 小时"),
        ("2026-11-18 23:30", "yellow", "不足 1 小时"),
        ("2026-11-19 00:10", "red", "逾期 1 天"),
        ("2026-11-22 00:10", "red", "逾期 4 天"),
    ],
)
def test_the_light_and_the_words_follow_the_time_left(now, colour, words):
    due = at("2026-11-18 23:59:59")
    assert light(due, at(now), CALENDAR) == colour
    assert time_left_text(due, at(now), CALENDAR) == words


def test_a_stopped_clock_shows_no_colour():
    assert light(None, at("2026-11-18 09:00"), CALENDAR) == ""
    assert time_left_text(None, at("2026-11-18 09:00"), CALENDAR) == "计时暂停"


def test_time_spent_correcting_is_not_counted():
    due = due_after(at("2026-11-16 09:00"), 5, CALENDAR).at
    left = days_left(due, at("2026-11-18 09:00"), CALENDAR)
    assert left == 3
    assert resume(left, at("2026-12-02 15:00"), CALENDAR).at == at("2026-12-07 23:59:59")


def test_a_case_stopped_late_is_due_the_next_working_day_after_it_comes_back():
    assert resume(-2, at("2026-11-20 15:00"), CALENDAR).at == at("2026-11-23 23:59:59")


def test_a_residents_last_day_that_is_a_holiday_moves_to_the_next_working_day():
    assert resident_deadline(date(2026, 11, 12), 10, CALENDAR) == date(2026, 11, 23)
    assert resident_deadline(date(2026, 11, 13), 10, CALENDAR) == date(2026, 11, 23)


@given(st.dates(date(2020, 1, 1), date(2028, 12, 31)), st.integers(0, 60))
def test_adding_working_days_and_counting_them_agree(start, days):
    end = CALENDAR.add_workdays(start, days)
    assert CALENDAR.workdays_between(start, end) == days
