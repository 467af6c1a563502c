"""Until when a stay may be claimed: data by place, each with its source and mark."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar import Calendar
from reimbursements.bills.deadlines import MARKS, deadline, load_rules, rule_of
from reimbursements.settlement.errors import PolicyError
from tests.reimbursements.bills.tables import each_row, rows

SOUND = "source: 甲\n  as_of: 2026-11-22\n  mark: 示例\n"


def written(tmp_path, body: str):
    path = tmp_path / "deadlines.yaml"
    path.write_text(f'"530900":\n  {body}')
    return load_rules(path)


@each_row("deadlines.csv", lambda row: f"{row['参保地']} {row['出院日期']}")
def test_every_row_of_the_table(row):
    found = deadline(row["参保地"].split()[0], date.fromisoformat(row["出院日期"]))
    if row["最后一天"] == "没有公布":
        assert found is None
        return
    today = date.fromisoformat(row["在这一天看"])
    assert (found.day.isoformat(), found.mark) == (row["最后一天"], row["标记"])
    assert found.days_left(today) == int(row["还有几天"])
    assert found.passed(today) == (int(row["还有几天"]) < 0)


def test_every_shipped_place_is_in_the_table_and_names_its_source():
    shipped = load_rules()
    shown = {id(rule_of(row["参保地"].split()[0])) for row in rows("deadlines.csv")}
    for area, rule in shipped.items():
        assert id(rule) in shown, area
        assert rule.source and rule.mark in MARKS
        assert rule.mark, "no deadline of §5.3 is of trust A, so each carries a mark"


def test_a_last_day_on_a_holiday_moves_to_the_next_working_day():
    discharged = date(2026, 4, 4)  # 180 days later: 2026-10-01, 国庆节
    assert deadline("150100", discharged).day == date(2026, 10, 1)
    moved = deadline("150100", discharged, Calendar().next_workday).day
    assert moved > date(2026, 10, 1) and Calendar().is_workday(moved)


def test_the_sentence_counts_down_and_never_refuses():
    found = deadline("530902", date(2026, 11, 20))
    assert found.sentence(date(2027, 6, 29)) == "请在2027年6月30日以前提交（示例），还有1天。"
    assert "就是今天" in found.sentence(date(2027, 6, 30))
    late = found.sentence(date(2027, 7, 2))
    assert "已过2天" in late and "仍然可以提交" in late


def test_the_end_of_the_year_of_discharge(tmp_path):
    rule = written(tmp_path, f"type: year_end\n  {SOUND}")["530900"]
    assert (
        rule.last_day(date(2026, 1, 1)) == rule.last_day(date(2026, 12, 31)) == date(2026, 12, 31)
    )
    assert rule.words() == "出院当年12月31日以前"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (f"type: some_day\n  {SOUND}", 2),
        (f"type: fixed_days\n  {SOUND}", 1),
        (f"type: fixed_days\n  value: 0\n  {SOUND}", 3),
        (f"type: fixed_days\n  value: 1.5\n  {SOUND}", 3),
        (f"type: next_year_date\n  value: 02-29\n  {SOUND}", 3),
        (f"type: next_year_date\n  value: 3月底\n  {SOUND}", 3),
        (f"type: year_end\n  value: 03-31\n  {SOUND}", 3),
        ("type: year_end\n  as_of: 2026-11-22\n", 1),
        ("type: year_end\n  source: 甲\n  as_of: 去年\n", 4),
        ("type: year_end\n  source: 甲\n  as_of: 2026-11-22\n  mark: 大概\n", 5),
        (f"type: year_end\n  type: year_end\n  {SOUND}", 3),
    ],
)
def test_a_rule_that_does_not_fit_is_refused_with_its_line(tmp_path, body, line):
    with pytest.raises(PolicyError) as refused:
        written(tmp_path, body)
    assert refused.value.line == line


def test_a_place_that_is_no_pooling_area_is_refused(tmp_path):
    path = tmp_path / "deadlines.yaml"
    path.write_text(f'"530902":\n  type: year_end\n  {SOUND}')
    with pytest.raises(PolicyError, match="530902"):
        load_rules(path)


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(0, 500))
def test_a_deadline_is_never_before_the_discharge_and_counts_by_days(discharged, days):
    for area in load_rules():
        found = deadline(area, discharged)
        assert found.day > discharged
        today = discharged + timedelta(days=days)
        assert found.days_left(today) - 1 == found.days_left(today + timedelta(days=1))
