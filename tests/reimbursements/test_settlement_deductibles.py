"""Every form of deductible, by hand calculation."""

from datetime import date

import pytest

from reimbursements.settlement import StayError, reverse, settle
from tests.reimbursements.settling import (
    assert_adds_up,
    benefit,
    paid,
    policy,
    stay,
    taken,
    year,
)

FLAT = "ratio: {pays: 80%}"


def with_deductible(block: str):
    return benefit(f"deductible: {block}\n{FLAT}")


def test_a_deductible_is_looked_up_by_level_person_and_ordinal():
    found = benefit(
        """
        deductible:
          rows:
            - {when: {level: [一级, 二级]}, amount: 300}
            - {when: {level: 三级, person_group: 在职, nth_stay: 1}, amount: 1000}
            - {when: {level: 三级, person_group: 在职, nth_stay: {at_least: 2}}, amount: 700}
            - {when: {level: 三级, person_group: 退休}, amount: 600.50}
        ratio: {pays: 80%}
        """
    )
    assert taken(found, stay("5000", level="二级")) == "300.00"
    assert taken(found, stay("5000")) == "1000.00"
    assert taken(found, stay("5000", nth_stay=4)) == "700.00"
    assert taken(found, stay("5000", person_group="退休")) == "600.50"


def test_the_charging_level_and_the_level_stand_in_for_each_other():
    found = benefit(
        """
        deductible:
          rows:
            - {when: {charging_level: [一级, 二级]}, amount: 300}
            - {when: {charging_level: 三级}, amount: 900}
        ratio:
          rows:
            - {when: {level: [一级, 二级]}, pays: 90%}
            - {when: {level: 三级}, pays: 80%}
        """
    )
    both = stay("1300", level="三级", charging_level="二级")
    assert (taken(found, both), paid(found, both)) == ("300.00", "800.00")
    assert taken(found, stay("1300", level="三级")) == "900.00"
    only = stay("1300", level=None, charging_level="二级")
    assert paid(found, only) == "900.00"


@pytest.mark.parametrize(
    ("repeat", "amounts"),
    [
        ("{falls_by: 240, down_to: 100}", ["800.00", "560.00", "320.00", "100.00", "100.00"]),
        ("{falls_by: 300}", ["800.00", "500.00", "200.00", "0.00", "0.00"]),
        ("{falls_by: 20%, down_to: 200}", ["800.00", "640.00", "480.00", "320.00", "200.00"]),
        ("{percents: [50%]}", ["800.00", "400.00", "400.00", "400.00", "400.00"]),
        ("{percents: [50%, 25%, 0%]}", ["800.00", "400.00", "200.00", "0.00", "0.00"]),
        ("{percents: [10%], down_to: 150}", ["800.00", "150.00", "150.00", "150.00", "150.00"]),
    ],
)
def test_a_deductible_falls_with_each_stay_of_the_year(repeat, amounts):
    found = with_deductible(f"{{amount: 800, repeat: {repeat}}}")
    assert [taken(found, stay("9000", nth_stay=n)) for n in range(1, 6)] == amounts


def test_the_floor_of_a_falling_deductible_never_raises_it():
    found = with_deductible("{amount: 80, repeat: {percents: [50%], down_to: 100}}")
    assert taken(found, stay("9000", nth_stay=2)) == "80.00"


def test_without_an_ordinal_the_stays_of_the_year_are_counted():
    found = with_deductible("{amount: 800, repeat: {percents: [50%]}}")
    first = settle(found, stay("9000", nth_stay=None), year())
    second = settle(found, stay("9000", nth_stay=None), first.after)
    assert (first.deductible, second.deductible) == (80000, 40000)


def test_the_yearly_ceiling_leaves_the_last_stay_only_the_rest():
    found = with_deductible("{amount: 800, yearly_ceiling: 2000}")
    account, amounts = year(), []
    for _ in range(4):
        settled = settle(found, stay("9000"), account)
        assert_adds_up(settled)
        amounts.append(settled.deductible)
        account = settled.after
    assert amounts == [80000, 80000, 40000, 0]


def test_the_yearly_ceiling_may_differ_by_person():
    found = benefit(
        """
        deductible:
          amount: 800
          yearly_ceiling:
            rows:
              - {when: {person_group: 退休}, amount: 1000}
        ratio: {pays: 80%}
        """
    )
    so_far = year(deductibles={"main": "900"})
    assert taken(found, stay("9000", person_group="退休"), so_far) == "100.00"
    assert taken(found, stay("9000"), so_far) == "800.00"


@pytest.mark.parametrize(
    ("edge", "deductible", "fund"),
    [("799.99", "799.99", "0.00"), ("800", "800.00", "0.00"), ("800.01", "800.00", "0.01")],
)
def test_a_stay_at_the_edge_of_the_deductible(edge, deductible, fund):
    found = with_deductible("{amount: 800}")
    assert (taken(found, stay(edge)), paid(found, stay(edge))) == (deductible, fund)


def test_a_multiple_of_the_local_deductible_for_temporary_care_elsewhere():
    found = benefit(
        """
        deductible: {amount: 800, repeat: {percents: [50%]}}
        ratio: {pays: 80%}
        out_of_area: [{when: {filing: TMP-OTH}, deductible_times: 1.5}]
        """
    )
    away = stay("9000", place="inter_province", filing="TMP-OTH")
    assert taken(found, away) == "1200.00"
    assert taken(found, stay("9000", place="inter_province", filing="LT-RES")) == "800.00"
    assert taken(found, stay("9000", place="same_area", filing="TMP-OTH")) == "800.00"
    again = stay("9000", place="inter_province", filing="TMP-OTH", nth_stay=2)
    assert taken(found, again) == "600.00"


@pytest.mark.parametrize(
    ("total", "deductible"), [("5000", "2000.00"), ("30000", "6000.00"), ("90000", "10000.00")]
)
def test_a_share_of_the_whole_bill_with_a_least_and_a_most(total, deductible):
    found = with_deductible("{percent: 20%, of: total, at_least: 2000, at_most: 10000}")
    own = stay("0", own_expense="0")
    assert taken(found, own) == "0.00"
    assert taken(found, stay(total)) == deductible


def test_a_share_of_the_bill_counts_own_expense_but_a_share_in_scope_does_not():
    whole = with_deductible("{percent: 10%, of: total}")
    inside = with_deductible("{percent: 10%, of: in_scope}")
    of = stay("4000", own_expense="1000.05")
    assert taken(whole, of) == "500.01"
    assert taken(inside, of) == "400.00"


def test_a_share_of_a_yearly_reference_wage():
    found = policy(
        """
        references: {社平工资: 82345.55}
        benefits:
          - name: main
            deductible: {percent: 10%, of: 社平工资}
            ratio: {pays: 80%}
        """
    )
    settled = settle(found, stay("20000"), year())
    assert settled.deductible == 823456  # 82345.55 × 10 % = 8234.555, half up
    assert "社平工资 82345.55 元 × 10%" in next(
        row.text for row in settled.rows if row.code == "deductible"
    )


def test_once_a_year_the_first_hospital_fixes_the_amount():
    found = benefit(
        """
        deductible:
          period: year
          rows:
            - {when: {level: [一级, 二级]}, amount: 300}
            - {when: {level: 三级}, amount: 1000}
        ratio: {pays: 80%}
        """
    )
    small = settle(found, stay("100", level="二级"), year())
    assert small.deductible == 10000
    rest = settle(found, stay("5000", level="三级"), small.after)
    assert rest.deductible == 20000  # the rest of 300, though the hospital is of a higher level
    assert settle(found, stay("5000", level="三级"), rest.after).deductible == 0


def test_once_a_year_a_higher_level_tops_up_the_difference():
    found = benefit(
        """
        deductible:
          period: year_top_up
          rows:
            - {when: {level: [一级, 二级]}, amount: 300}
            - {when: {level: 三级}, amount: 1000}
        ratio: {pays: 80%}
        """
    )
    first = settle(found, stay("5000", level="二级"), year())
    second = settle(found, stay("5000", level="三级"), first.after)
    third = settle(found, stay("5000", level="一级"), second.after)
    assert [s.deductible for s in (first, second, third)] == [30000, 70000, 0]


@pytest.mark.parametrize(
    ("period", "days", "amounts"),
    [
        ("month", [(1, 5), (1, 20), (2, 1)], [10000, 0, 10000]),
        ("quarter", [(1, 5), (3, 31), (4, 1)], [10000, 0, 10000]),
        ("year", [(1, 5), (6, 20), (12, 31)], [10000, 0, 0]),
        ("stay", [(1, 5), (1, 5), (1, 5)], [10000, 10000, 10000]),
    ],
)
def test_a_deductible_by_month_quarter_or_year(period, days, amounts):
    found = with_deductible(f"{{amount: 100, period: {period}}}")
    account, seen = year(), []
    for month, day in days:
        visit = stay("400", kind="outpatient", discharged_on=date(2025, month, day))
        settled = settle(found, visit, account)
        seen.append(settled.deductible)
        account = settled.after
    assert seen == amounts


def test_a_deductible_for_each_hospital_in_the_year():
    found = with_deductible("{amount: 100, period: institution_year}")
    first = settle(found, stay("400", institution="甲医院"), year())
    same = settle(found, stay("400", institution="甲医院"), first.after)
    other = settle(found, stay("400", institution="乙医院"), same.after)
    assert [s.deductible for s in (first, same, other)] == [10000, 0, 10000]
    with pytest.raises(StayError) as refused:
        settle(found, stay("400"), year())
    assert refused.value.field == "institution"


def test_a_period_may_differ_by_row():
    found = benefit(
        """
        deductible:
          amount: 500
          exceptions: [{when: {tag: 精神病专科}, amount: 200, period: year}]
        ratio: {pays: 80%}
        """
    )
    once = stay("900", tags=("精神病专科",))
    first = settle(found, once, year())
    assert first.deductible == 20000
    assert settle(found, once, first.after).deductible == 0
    assert settle(found, stay("900"), first.after).deductible == 50000


def test_no_deductible_where_the_notice_says_none():
    assert taken(benefit(FLAT), stay("900")) == "0.00"
    found = benefit(
        """
        deductible:
          amount: 500
          exceptions:
            - {when: {tag: 精神病专科}, amount: 0}
            - {when: {no_tag: 精神病专科, level: 一级}, amount: 0}
        ratio: {pays: 80%}
        """
    )
    assert taken(found, stay("900", tags=("精神病专科",))) == "0.00"
    assert taken(found, stay("900", level="一级")) == "0.00"
    assert taken(found, stay("900")) == "500.00"


@pytest.mark.parametrize(
    ("last_day", "charged"),
    [(date(2025, 4, 1), 80000), (date(2025, 4, 2), 160000), (date(2025, 7, 1), 240000)],
)
def test_a_long_stay_is_charged_again_after_ninety_days(last_day, charged):
    found = with_deductible("{amount: 800, renew: {every_days: 90, charged_as: same_stay}}")
    long = stay("90000", admitted_on=date(2025, 1, 1), discharged_on=last_day)
    assert settle(found, long, year()).deductible == charged


def test_a_long_stay_may_be_charged_again_as_the_next_stay():
    found = with_deductible(
        "{amount: 800, repeat: {percents: [50%, 25%]}, "
        "renew: {every_days: 90, charged_as: next_stay}}"
    )
    long = stay("90000", admitted_on=date(2025, 1, 1), discharged_on=date(2025, 7, 1))
    assert settle(found, long, year()).deductible == 80000 + 40000 + 20000


def test_days_are_asked_for_where_a_long_stay_is_charged_again():
    found = with_deductible("{amount: 800, renew: {every_days: 90, charged_as: same_stay}}")
    with pytest.raises(StayError) as refused:
        settle(found, stay("900"), year())
    assert refused.value.field == "admitted_on"


ORDER = """
deductible:
  rows:
    - {{when: {{level: 一级}}, amount: 200}}
    - {{when: {{level: 二级}}, amount: 500}}
    - {{when: {{level: 三级}}, amount: 1000}}
  {falling}
ratio: {{pays: 80%}}
"""


def sum_over(found, levels) -> int:
    account, total = year(), 0
    for level in levels:
        settled = settle(found, stay("5000", level=level, nth_stay=None), account)
        total += settled.funds["basic"]
        account = settled.after
    return total


def test_the_order_of_stays_matters_only_where_the_policy_says_repeat():
    """`repeat` is the flag: with it a dear first hospital costs more than a cheap one."""
    falling = benefit(ORDER.format(falling="repeat: {percents: [50%]}"))
    steady = benefit(ORDER.format(falling="period: stay"))
    dear_first, cheap_first = ["三级", "一级"], ["一级", "三级"]
    assert sum_over(falling, dear_first) == (400000 + 490000) * 80 // 100
    assert sum_over(falling, cheap_first) == (480000 + 450000) * 80 // 100
    assert sum_over(steady, dear_first) == sum_over(steady, cheap_first)


def test_splitting_a_stay_in_two_costs_a_second_deductible_and_repeat_governs_how_much():
    """The unit is the stay: two stays of 5000 are not one of 10000."""
    once = 1000000 - 100000
    steady = benefit(ORDER.format(falling="period: stay"))
    falling = benefit(ORDER.format(falling="repeat: {percents: [50%]}"))
    whole = settle(steady, stay("10000"), year()).funds["basic"]
    assert whole == once * 80 // 100
    assert sum_over(steady, ["三级", "三级"]) == (once - 100000) * 80 // 100
    assert sum_over(falling, ["三级", "三级"]) == (once - 50000) * 80 // 100


def test_taking_a_stay_back_restores_a_yearly_deductible():
    found = with_deductible("{amount: 100, period: year}")
    first = settle(found, stay("400"), year())
    assert reverse(first, first.after) == first.before == year()
