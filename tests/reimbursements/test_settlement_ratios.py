"""Ratios, bands and what changes them, by hand calculation."""

import pytest

from reimbursements.settlement import StayError, settle
from tests.reimbursements.settling import assert_adds_up, benefit, paid, stay, year


def bands(on: str, measured: str) -> str:
    return f"""
deductible: {{amount: 800}}
ratio:
  bands: [{{from: 0, pays: 80%}}, {{from: 5000, pays: 85%}}, {{from: 10000, pays: 90%}}]
  bands_on: {on}
  measured: {measured}
"""


def test_a_flat_ratio_by_level_and_person():
    found = benefit(
        """
        ratio:
          rows:
            - {when: {level: [一级, 二级]}, pays: 90%}
            - {when: {level: 三级, person_group: 在职}, pays: 80%}
            - {when: {level: 三级, person_group: 退休}, pays: 85.5%}
        """
    )
    assert paid(found, stay("1000", level="一级")) == "900.00"
    assert paid(found, stay("1000")) == "800.00"
    assert paid(found, stay("1000", person_group="退休")) == "855.00"


def test_bands_measured_before_the_deductible_is_taken_off():
    # 800–5000 at 80 %, 5000–10000 at 85 %, 10000–15000 at 90 %
    assert paid(benefit(bands("stay", "before_deductible")), stay("15000")) == "12110.00"


def test_bands_measured_after_the_deductible_is_taken_off():
    # 14200: 5000 × 80 % + 5000 × 85 % + 4200 × 90 %
    assert paid(benefit(bands("stay", "after_deductible")), stay("15000")) == "12030.00"


def test_bands_cumulative_over_the_year_measured_before():
    found = benefit(bands("year", "before_deductible"))
    first = settle(found, stay("6000"), year())
    assert first.funds["basic"] == 336000 + 85000  # 4200 × 80 %, 1000 × 85 %
    second = settle(found, stay("6000"), first.after)
    # from 6000 + 800 to 12000: 3200 × 85 %, 2000 × 90 %
    assert second.funds["basic"] == 272000 + 180000


def test_bands_cumulative_over_the_year_measured_after():
    found = benefit(bands("year", "after_deductible"))
    first = settle(found, stay("6000"), year())
    assert first.funds["basic"] == 400000 + 17000  # 5000 × 80 %, 200 × 85 %
    second = settle(found, stay("6000"), first.after)
    # from 5200 to 10400: 4800 × 85 %, 400 × 90 %
    assert second.funds["basic"] == 408000 + 36000


@pytest.mark.parametrize(
    ("in_scope", "fund"),
    [
        ("5000.00", "3360.00"),
        ("4999.99", "3359.99"),  # 4199.99 × 80 % = 3359.992
        ("5000.01", "3360.01"),  # + 0.01 × 85 % = 3360.0085
        ("10000.00", "7610.00"),
        ("9999.99", "7609.99"),  # 7609.9915
        ("10000.01", "7610.01"),  # 7610.009
    ],
)
def test_the_edges_of_a_band(in_scope, fund):
    assert paid(benefit(bands("stay", "before_deductible")), stay(in_scope)) == fund


def test_a_fund_is_rounded_once_and_its_legs_add_up():
    """Two legs of half a fen each make one fen, not two and not none."""
    found = benefit(
        """
        ratio:
          bands: [{from: 0, pays: 50%}, {from: 0.01, pays: 50%}, {from: 0.02, pays: 50%}]
          bands_on: stay
          measured: after_deductible
        """
    )
    settled = settle(found, stay("0.03"), year())
    legs = [row.amount for row in settled.rows if row.code == "fund_band"]
    assert settled.funds["basic"] == 2  # 1.5 fen, half up
    assert legs == [1, 0, 1]
    assert_adds_up(settled)


def test_points_are_added_for_retirees_and_for_people_in_hardship():
    found = benefit(
        """
        ratio:
          pays: 80%
          add:
            - {when: {person_group: 退休}, points: 2.5}
            - {when: {hardship: [低保, 特困]}, points: 5}
            - {when: {tag: 连续参保满两年}, points: 1}
        """
    )
    assert paid(found, stay("1000", person_group="退休")) == "825.00"
    both = stay("1000", person_group="退休", hardship="低保", tags=("连续参保满两年",))
    assert paid(found, both) == "885.00"
    texts = [row.text for row in settle(found, both, year()).rows if row.code == "ratio_addition"]
    assert texts[0] == "退休：支付比例提高 2.5 个百分点。"
    assert len(texts) == 3


def test_points_are_added_to_each_band():
    found = benefit(bands("stay", "before_deductible") + "  add: [{points: 2}]\n")
    # 4200 × 82 %, 5000 × 87 %, 5000 × 92 %
    assert paid(found, stay("15000")) == "12394.00"


def test_points_for_each_year_of_age():
    found = benefit(
        """
        ratio:
          pays: 70%
          add: [{points_per_year: 0.2, above_age: 0}]
          at_most: 85%
        """
    )
    assert paid(found, stay("10000", age=45)) == "7900.00"
    assert paid(found, stay("10000", age=80)) == "8500.00"
    with pytest.raises(StayError) as refused:
        settle(found, stay("10000"), year())
    assert refused.value.field == "age"


def test_points_for_each_year_above_an_age():
    found = benefit(
        "ratio: {pays: 75%, add: [{points_per_year: 0.5, above_age: 50}], at_most: 95%}"
    )
    assert paid(found, stay("1000", age=40)) == "750.00"
    assert paid(found, stay("1000", age=51)) == "755.00"


def test_a_retiree_bears_a_share_of_what_others_bear():
    found = benefit("ratio: {pays: 85%, add: [{when: {person_group: 退休}, own_share_times: 60%}]}")
    assert paid(found, stay("1000", person_group="退休")) == "910.00"  # 100 − 15 × 60 %


def test_age_can_be_a_condition_of_its_own():
    found = benefit(
        """
        ratio:
          rows:
            - {when: {age: {below: 60}}, pays: 80%}
            - {when: {age: {at_least: 60, below: 70}}, pays: 85%}
            - {when: {age: {at_least: 70}}, pays: 90%}
        """
    )
    ages = [59, 60, 69, 70]
    amounts = [paid(found, stay("100", age=age)) for age in ages]
    assert amounts == ["80.00", "85.00", "85.00", "90.00"]


def test_the_ratio_stops_at_the_stated_most():
    found = benefit("ratio: {pays: 95%, add: [{points: 10}], at_most: 100%}")
    assert paid(found, stay("100")) == "100.00"


def test_exceptions_come_before_the_rows():
    found = benefit("ratio: {pays: 80%, exceptions: [{when: {tag: 精神病专科}, pays: 95%}]}")
    assert paid(found, stay("100", tags=("精神病专科",))) == "95.00"
    assert paid(found, stay("100")) == "80.00"
