"""The calendar line and the stacked bar, as numbers and as words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.bars import stacked, validity_bar

FIRST, LAST = date(2026, 11, 22), date(2027, 2, 22)


def bar(today, last=LAST, locked_until=None):
    return validity_bar(FIRST, last, today, locked_until)


@pytest.mark.parametrize(
    ("today", "phase", "text"),
    [
        (date(2026, 11, 20), "before", "2026-11-22 起生效，还有 2 天。"),
        (FIRST, "running", "今天是第 1 天，到期前还有 92 天。"),
        (LAST, "running", "今天是第 93 天，今天是最后一天。"),
        (date(2027, 2, 23), "ended", "已于 2027-02-22 到期。"),
    ],
)
def test_it_says_where_today_stands(today, phase, text):
    assert (bar(today).phase, bar(today).text) == (phase, text)


def test_without_an_end_it_is_open():
    shown = bar(date(2026, 12, 1), last=None)
    assert (shown.phase, shown.text) == ("open", "已生效 10 天，长期有效。")


def test_before_the_first_day_nothing_is_past():
    assert (bar(date(2026, 11, 1)).past, bar(date(2026, 11, 1)).today_at) == (0, None)


def test_on_the_last_day_all_is_past():
    assert bar(LAST).past == 100


def test_a_lock_is_shown_until_its_last_day():
    locked_until = date(2026, 12, 22)
    on_the_day = bar(locked_until, locked_until=locked_until)
    assert on_the_day.lock_text == "2026-12-22（含当日）之前不能变更或取消。"
    assert 0 < on_the_day.locked < 100
    assert bar(date(2026, 12, 23), locked_until=locked_until).lock_text == ""


def test_a_lock_longer_than_the_filing_stays_on_the_line():
    assert bar(FIRST, locked_until=date(2028, 1, 1)).locked == 100


def test_a_filing_of_one_day():
    assert validity_bar(FIRST, FIRST, FIRST).past == 100


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=6))
def test_shares_add_up_to_a_hundred(amounts):
    shares = [part["percent"] for part in stacked([("部分", amount) for amount in amounts])]
    assert sum(shares) == (100 if sum(amounts) else 0)
    assert all(0 <= share <= 100 for share in shares)


def test_nothing_spent_is_an_empty_bar():
    assert [part["percent"] for part in stacked([("甲", 0), ("乙", 0)])] == [0, 0]


def test_a_share_is_near_its_part():
    assert [part["percent"] for part in stacked([("甲", 1), ("乙", 1), ("丙", 1)])] == [34, 33, 33]
