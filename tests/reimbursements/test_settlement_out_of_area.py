"""Care out of the insured area: points, factor, self-pay first, own table, floor, nothing."""

import pytest

from reimbursements.settlement import settle
from reimbursements.settlement.audit import warnings
from tests.reimbursements.settling import benefit, paid, policy, stay, year


def away(amount: str = "10000", filing: str = "TMP-OTH", **facts):
    return stay(amount, **{"place": "inter_province", "filing": filing, **facts})


def changed(change: str):
    return benefit(
        f"""
        deductible: {{amount: 1000}}
        ratio: {{pays: 80%}}
        out_of_area: [{change}]
        """
    )


def test_minus_percentage_points():
    found = changed("{when: {filing: TMP-OTH}, points: -10}")
    assert paid(found, away()) == "6300.00"
    assert paid(found, away(filing="LT-RES")) == "7200.00"


def test_times_a_factor():
    found = changed("{when: {filing: TMP-OTH}, factor: 90%}")
    assert paid(found, away()) == "6480.00"  # 9000 × 72 %


def test_points_and_factor_of_the_same_ten_percent_differ_and_the_row_says_which():
    points = settle(changed("{points: -10, note: 选定为百分点}"), away(), year())
    factor = settle(changed("{factor: 90%}"), away(), year())
    assert points.funds != factor.funds
    row = next(row for row in points.rows if row.code == "out_of_area")
    assert "降低 10 个百分点" in row.text
    assert row.rule.note == "选定为百分点"


def test_a_share_of_what_is_in_scope_is_paid_first():
    settled = settle(changed("{when: {filing: TMP-OTH}, self_pay_first: 10%}"), away(), year())
    assert settled.funds["basic"] == 640000  # (10000 − 1000 − 1000) × 80 %
    row = next(row for row in settled.rows if row.code == "area_self_pay")
    assert (row.base, row.ratio, row.amount) == (1000000, "10%", 100000)


def test_a_further_cut_when_nothing_was_filed():
    found = benefit(
        """
        ratio: {pays: 80%}
        out_of_area:
          - {when: {filing: [TMP-OTH, unfiled]}, points: -10}
          - {when: {filing: unfiled}, factor: 50%}
        """
    )
    assert paid(found, away(filing="TMP-OTH")) == "7000.00"
    assert paid(found, away(filing="unfiled")) == "3500.00"


def test_nothing_is_paid_where_the_factor_is_nought():
    found = changed("{when: {filing: unfiled}, factor: 0%}")
    assert paid(found, away(filing="unfiled")) == "0.00"


def test_a_change_may_depend_on_the_distance():
    found = benefit(
        """
        ratio: {pays: 80%}
        out_of_area:
          - {when: {place: intra_province}, points: -5}
          - {when: {place: inter_province}, points: -15}
        """
    )
    assert paid(found, away(place="intra_province")) == "7500.00"
    assert paid(found, away()) == "6500.00"
    assert paid(found, away(place="same_area")) == "8000.00"


def test_a_ratio_never_falls_below_nought():
    assert paid(changed("{points: -90}"), away()) == "0.00"


def test_hospitals_elsewhere_may_count_as_a_local_level():
    found = benefit(
        """
        deductible:
          rows: [{when: {level: [一级, 二级]}, amount: 300}, {when: {level: 三级}, amount: 1000}]
        ratio:
          rows: [{when: {level: [一级, 二级]}, pays: 90%}, {when: {level: 三级}, pays: 80%}]
        out_of_area: [{as_level: 三级}]
        """
    )
    assert paid(found, away(level="一级")) == "7200.00"
    assert paid(found, away(level=None)) == "7200.00"
    assert paid(found, stay("10000", level="一级")) == "8730.00"


OWN_TABLE = """
benefits:
  - name: local
    when: {place: same_area}
    deductible: {amount: 500}
    ratio: {pays: 85%}
  - name: away
    when: {place: out_of_area}
    pot: local
    deductible:
      rows:
        - {when: {filing: long_term}, amount: 500}
        - {when: {filing: [TMP-REF, TMP-EMG, TMP-OTH, INTRA-BIRTH]}, amount: 1500}
        - {when: {filing: unfiled}, amount: 2000}
    ratio:
      rows:
        - {when: {filing: long_term}, pays: 85%}
        - {when: {filing: [TMP-REF, TMP-EMG, INTRA-BIRTH], level: [一级, 二级]}, pays: 75%}
        - {when: {filing: [TMP-REF, TMP-EMG, INTRA-BIRTH], level: 三级}, pays: 70%}
        - {when: {filing: TMP-OTH}, pays: OTHER}
        - {when: {filing: unfiled}, pays: 40%}
"""


def test_an_own_table_by_filing_and_level():
    found = policy(OWN_TABLE.replace("OTHER", "60%"))
    assert paid(found, away(filing="LT-WRK")) == "8075.00"
    assert paid(found, away(filing="TMP-REF", level="二级")) == "6375.00"
    assert paid(found, away(filing="TMP-EMG")) == "5950.00"
    assert paid(found, away(filing="TMP-OTH")) == "5100.00"
    assert paid(found, away(filing="unfiled")) == "3200.00"
    assert warnings(found) == []


def test_a_table_that_pays_a_worse_category_more_is_warned_about():
    found = policy(OWN_TABLE.replace("OTHER", "90%"))
    [first, *_] = warnings(found)
    assert "其他临时外出得" in first and "多于" in first


@pytest.mark.parametrize(
    ("on", "least"),
    [
        ("in_scope", "8000.00"),  # 20000 × 40 %
        ("in_scope_less_deductible", "7000.00"),  # (20000 − 2500) × 40 %
        ("total", "12000.00"),  # 30000 × 40 %
        ("total_less_deductible", "11000.00"),  # (30000 − 2500) × 40 %
    ],
)
def test_a_guaranteed_floor_says_what_it_is_measured_on(on, least):
    found = benefit(
        f"""
        deductible: {{amount: 2500}}
        ratio: {{pays: 20%}}
        floor: {{on: {on}, rows: [{{when: {{place: inter_province}}, pays: 40%}}]}}
        """
    )
    of = away("20000", own_expense="10000")
    assert paid(found, of) == least
    assert paid(found, stay("20000", own_expense="10000")) == "3500.00"


def test_a_floor_does_not_lower_what_the_ratio_gives():
    found = benefit("ratio: {pays: 50%}\nfloor: {on: in_scope, pays: 40%}")
    assert paid(found, stay("1000")) == "500.00"
