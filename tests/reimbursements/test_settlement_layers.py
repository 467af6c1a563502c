"""Caps, later layers, the personal account and the catalogue, by hand calculation."""

import pytest

from reimbursements.settlement import Account, Line, StayError, settle
from tests.reimbursements.settling import assert_adds_up, benefit, paid, policy, stay, year

BASIC = """
benefits:
  - name: main
    deductible: {amount: 1000}
    ratio: {pays: 80%}
"""
MAJOR = """
  - fund: major_illness
    base: in_scope_left
    period: PERIOD
    deductible: {amount: 10000}
    ratio:
      bands: [{from: 0, pays: 60%}, {from: 50000, pays: 70%}]
      measured: MEASURED
"""


def major(period="year", measured="after_deductible", more=""):
    layer = MAJOR.replace("PERIOD", period).replace("MEASURED", measured)
    return policy(f"{BASIC}layers:{layer}{more}")


def test_the_yearly_cap_leaves_what_is_left_of_it():
    found = policy(BASIC + "caps: [{funds: basic, per: year, amount: 100000}]")
    assert paid(found, stay("11000"), year(funds={"basic": "95000"})) == "5000.00"
    assert paid(found, stay("11000"), year(funds={"basic": "92000"})) == "8000.00"
    assert paid(found, stay("11000"), year(funds={"basic": "92000.01"})) == "7999.99"
    assert paid(found, stay("11000"), year(funds={"basic": "100000"})) == "0.00"


def test_a_cap_may_be_shared_by_several_funds():
    found = policy(
        BASIC
        + "caps: [{funds: [basic, assistance], per: year, amount: 10000}]\n"
        + "layers: [{fund: assistance, base: in_scope_left, period: stay, ratio: {pays: 50%}}]"
    )
    settled = settle(found, stay("11000"), year(funds={"assistance": "1500"}))
    assert settled.funds == {"basic": 800000, "assistance": 50000}


def test_a_benefit_has_caps_of_its_own_by_visit_month_and_year():
    found = benefit(
        """
        ratio: {pays: 50%}
        caps:
          - {per: stay, amount: 200}
          - {per: month, amount: 300}
          - {per: year, amount: 450}
        """
    )
    account, amounts = year(), []
    for _ in range(3):
        settled = settle(found, stay("1000", kind="outpatient"), account)
        assert_adds_up(settled)
        amounts.append(settled.funds["basic"])
        account = settled.after
    assert amounts == [20000, 10000, 0]
    assert account.counters[("benefits", "main@2025-03")] == 30000
    april = stay("1000", kind="outpatient", discharged_on=_april())
    assert settle(found, april, account).funds["basic"] == 15000


def test_caps_may_count_by_themselves_or_together():
    found = policy(
        """
        benefits:
          - name: chronic
            when: {kind: inpatient}
            ratio: {pays: 50%}
            caps:
              - {when: {tag: 精神病专科}, per: year, amount: 100, pot: 甲病}
              - {when: {tag: 连续参保满两年}, per: year, amount: 200, pot: 乙病}
          - name: visits
            when: {kind: outpatient}
            ratio: {pays: 50%}
            caps: [{per: year, amount: 100, pot: 甲病}]
        """
    )
    first = settle(found, stay("120", tags=("精神病专科",)), year())
    assert first.funds["basic"] == 6000
    assert first.after.counters[("benefits", "甲病")] == 6000
    other = settle(found, stay("1000", tags=("连续参保满两年",)), first.after)
    assert other.funds["basic"] == 20000
    shared = settle(found, stay("1000", kind="outpatient"), other.after)
    assert shared.funds["basic"] == 4000
    free = settle(found, stay("1000"), shared.after)
    assert free.funds["basic"] == 50000


def _april():
    return stay().discharged_on.replace(month=4)


def test_a_cap_may_depend_on_the_person():
    found = policy(
        BASIC
        + """
caps:
  - funds: basic
    per: year
    rows:
      - {when: {person_group: 在职}, amount: 1000}
      - {when: {person_group: 退休}, amount: 2000}
"""
    )
    assert paid(found, stay("11000")) == "1000.00"
    assert paid(found, stay("11000", person_group="退休")) == "2000.00"


def test_the_large_amount_fund_pays_what_lies_above_the_cap():
    found = policy(
        BASIC
        + """
caps: [{funds: basic, per: year, amount: 100000}]
layers:
  - {fund: large_amount, base: over_cap, period: stay, ratio: {pays: 90%},
     caps: [{per: year, amount: 30000}]}
"""
    )
    settled = settle(found, stay("11000"), year(funds={"basic": "96000"}))
    # 4000 left at 80 % uses 5000 of the 10000; 5000 × 90 %
    assert settled.funds == {"basic": 400000, "large_amount": 450000}
    full = settle(found, stay("101000"), year(funds={"basic": "100000"}))
    assert full.funds == {"basic": 0, "large_amount": 3000000}
    below = settle(found, stay("11000"), year(funds={"basic": "92000"}))
    assert below.funds == {"basic": 800000, "large_amount": 0}


def test_what_lies_above_the_cap_is_found_along_the_bands():
    """1000 × 50 % and 400 × 100 % reach the cap: 600 lie above it; a band of 0 % is not."""
    found = policy(
        """
benefits:
  - name: main
    ratio:
      bands: [{from: 0, pays: 50%}, {from: 1000, pays: 100%}, {from: 2000, pays: 0%}]
      bands_on: stay
      measured: after_deductible
    caps: [{per: year, amount: 900}]
layers: [{fund: large_amount, base: over_cap, period: stay, ratio: {pays: 100%}}]
"""
    )
    settled = settle(found, stay("3000"), year())
    assert settled.funds == {"basic": 90000, "large_amount": 60000}


def test_major_illness_measures_its_bands_after_or_before_its_deductible():
    # in scope 401000: basic 320000, left 81000
    assert paid(major(), stay("401000"), fund="major_illness") == "44700.00"
    # after: 71000 = 50000 × 60 % + 21000 × 70 %; before: 40000 × 60 % + 31000 × 70 %
    before = major(measured="before_deductible")
    assert paid(before, stay("401000"), fund="major_illness") == "45700.00"


@pytest.mark.parametrize("measured", ["after_deductible", "before_deductible"])
def test_major_illness_over_the_year_is_the_same_for_one_stay_or_two(measured):
    found = major(measured=measured)
    one = settle(found, stay("401000"), year()).funds["major_illness"]
    without = policy(
        f"benefits: [{{name: main, ratio: {{pays: 80%}}}}]\nlayers:{MAJOR}".replace(
            "PERIOD", "year"
        ).replace("MEASURED", measured)
    )
    whole = settle(without, stay("405000"), year())
    first = settle(without, stay("155000"), year())
    second = settle(without, stay("250000"), first.after)
    assert whole.funds["major_illness"] == one
    assert first.funds["major_illness"] + second.funds["major_illness"] == one


def test_major_illness_of_one_stay_forgets_the_year():
    found = major(period="stay")
    first = settle(found, stay("61000"), year())
    assert first.funds["major_illness"] == 180000  # (13000 − 10000) × 60 %
    assert settle(found, stay("61000"), first.after).funds["major_illness"] == 180000


@pytest.mark.parametrize(
    ("so_far", "fund"),
    [("0", "0.00"), ("7000", "0.00"), ("7000.01", "0.01"), ("10000", "1800.00")],
)
def test_the_yearly_deductible_of_a_layer_is_used_up_by_the_year(so_far, fund):
    found = major()
    of = stay("11000")  # left: 3000
    account = year(bases={"major_illness": so_far})
    assert paid(found, of, account, fund="major_illness") == fund


ASSISTANCE = """
  - fund: assistance
    when: {hardship: [低保, 特困]}
    base: in_scope_left
    period: year
    deductible:
      rows: [{when: {hardship: 特困}, amount: 0}, {when: {hardship: 低保}, amount: 2000}]
    ratio:
      rows: [{when: {hardship: 特困}, pays: 100%}, {when: {hardship: 低保}, pays: 70%}]
    caps: [{per: year, amount: 20000}]
  - fund: extra_assistance
    when: {hardship: [低保, 特困]}
    base: in_scope_left
    period: year
    deductible: {amount: 3000}
    ratio: {pays: 50%}
"""


def test_assistance_takes_what_everything_before_it_left():
    settled = settle(major(more=ASSISTANCE), stay("101000", hardship="低保"), year())
    # left 21000; 大病 (21000 − 10000) × 60 % = 6600; left 14400; (14400 − 2000) × 70 % = 8680
    # left 5720; (5720 − 3000) × 50 % = 1360
    assert settled.funds == {
        "basic": 8000000,
        "major_illness": 660000,
        "assistance": 868000,
        "extra_assistance": 136000,
    }
    assert settled.personal == 436000
    assert_adds_up(settled)


def test_a_layer_that_is_not_for_this_person_pays_nothing_but_is_listed():
    settled = settle(major(more=ASSISTANCE), stay("101000"), year())
    assert settled.funds["assistance"] == 0
    assert not [row for row in settled.rows if row.part == "funds.assistance"]


def test_people_in_poverty_are_left_with_nothing_in_scope():
    settled = settle(major(more=ASSISTANCE), stay("30000", hardship="特困"), year())
    assert settled.personal == 0
    assert settled.funds["assistance"] == 680000


def layer(body: str, basic: str = BASIC):
    return policy(f"{basic}layers:\n  - {{fund: major_illness, period: stay, {body}}}")


def test_a_base_may_add_what_was_paid_first_and_leave_out_the_deductible():
    of = stay("11000", self_first="500", own_expense="300")
    plain = layer("base: in_scope_left, ratio: {pays: 50%}")
    assert paid(plain, of, fund="major_illness") == "1500.00"
    more = layer("base: in_scope_left, plus: [self_first], ratio: {pays: 50%}")
    assert paid(more, of, fund="major_illness") == "1750.00"
    less = layer("base: in_scope_left, less: [deductible], ratio: {pays: 50%}")
    assert paid(less, of, fund="major_illness") == "1000.00"
    whole = layer("base: total_left, ratio: {pays: 50%}")
    assert paid(whole, of, fund="major_illness") == "1900.00"
    flat = layer("base: in_scope, ratio: {pays: 10%}")
    assert paid(flat, of, fund="major_illness") == "1100.00"


def test_a_base_may_leave_out_what_care_elsewhere_cost_more():
    basic = BASIC + "    out_of_area: [{points: -30, self_pay_first: 10%}]\n"
    found = layer("base: in_scope_left, less: [area_cut], ratio: {pays: 50%}", basic)
    settled = settle(found, stay("11000", place="inter_province"), year())
    assert settled.funds["basic"] == 445000  # (11000 − 1100 − 1000) × 50 %
    # at home the fund would have paid 8000, so 3000 × 50 %
    assert settled.funds["major_illness"] == 150000


def test_a_layer_never_pays_more_than_is_left():
    found = layer("base: in_scope, ratio: {pays: 90%}")
    settled = settle(found, stay("11000"), year())
    assert settled.funds == {"basic": 800000, "major_illness": 300000}
    assert [row.code for row in settled.rows if row.part == "funds.major_illness"][
        -1
    ] == "fund_limit"
    assert_adds_up(settled)


def test_a_layer_may_be_cut_for_care_elsewhere():
    found = layer("base: in_scope_left, ratio: {pays: 60%}, out_of_area: [{points: -10}]")
    assert paid(found, stay("11000"), fund="major_illness") == "1800.00"
    elsewhere = stay("11000", place="inter_province")
    assert paid(found, elsewhere, fund="major_illness") == "1500.00"


def account_of(block: str, balance: str, **facts):
    found = policy(f"{BASIC}account: {block}")
    settled = settle(found, stay("2000", **facts), year(balance=balance))
    assert_adds_up(settled)
    return settled.account, settled.cash, settled.after.balance


def test_the_personal_account_pays_the_parts_it_may():
    facts = {"self_first": "100", "own_expense": "50"}  # in scope the person bears 1200
    assert account_of("{pays: in_scope}", "5000", **facts) == (120000, 15000, 380000)
    assert account_of("{pays: [in_scope, self_first]}", "5000", **facts) == (130000, 5000, 370000)
    everything = "{pays: [in_scope, self_first, own_expense, over_limit]}"
    assert account_of(everything, "5000", **facts) == (135000, 0, 365000)
    assert account_of(everything, "200.05", **facts) == (20005, 114995, 0)
    assert account_of("{pays: in_scope, at_most: 300}", "5000", **facts) == (30000, 105000, 470000)
    assert account_of("{pays: in_scope, when: {kind: outpatient}}", "50", **facts)[0] == 0


def test_an_account_is_left_alone_where_the_policy_is_silent_and_the_row_says_so():
    settled = settle(policy(BASIC), stay("2000"), year(balance="500"))
    assert settled.account == 0
    assert [row.code for row in settled.rows][-2:] == ["account_unused", "cash"]


CATALOGUE = (
    BASIC
    + """
catalogue:
  甲类: 0%
  乙类: 5%
  丙类: own_expense
  特检: by_line
  人工器官: {self_first: 20%, limit: 30000}
  超限价: over_limit
  特药:
    rows:
      - {when: {place: same_area}, self_first: 10%}
      - {when: {place: out_of_area}, self_first: 25%}
"""
)


def split(*lines: Line, **facts):
    settled = settle(policy(CATALOGUE), stay(lines=lines, **facts), Account())
    assert_adds_up(settled)
    return (settled.own_expense, settled.over_limit, settled.self_first, settled.in_scope)


def test_the_second_leg_of_a_line_is_found_by_subtraction():
    """乙类 5 % of 545.50 is 27.28, and what is left in scope is 518.22, not 518.23."""
    assert split(Line("某药", "乙类", 54550)) == (0, 0, 2728, 51822)


def test_each_class_of_line_is_split_as_the_catalogue_says():
    lines = (
        Line("甲药", "甲类", 10000),
        Line("自费药", "丙类", 3000),
        Line("核磁", "特检", 80000, 2000),
        Line("支架", "人工器官", 3500000),
        Line("超价床位", "超限价", 4000),
    )
    # 支架: 5000.00 above its limit, then 20 % of 30000.00
    assert split(*lines) == (3000, 504000, 16000 + 600000, 10000 + 64000 + 2400000)


def test_a_ratio_on_the_line_comes_before_the_ratio_of_its_class():
    assert split(Line("某药", "乙类", 10000, 3000))[2] == 3000
    assert split(Line("某药", "乙类", 10000, 0))[2] == 0


def test_a_class_may_depend_on_where_the_care_was():
    line = Line("某药", "特药", 10000)
    assert split(line)[2] == 1000
    assert split(line, place="inter_province")[2] == 2500


def test_a_class_that_nobody_knows_is_taken_only_with_its_ratio():
    assert split(Line("某物", "新类", 10000, 1500))[2] == 1500
    with pytest.raises(StayError) as refused:
        split(Line("甲药", "甲类", 1), Line("某物", "新类", 10000))
    assert refused.value.field == "lines[1].class"
    with pytest.raises(StayError) as silent:
        split(Line("核磁", "特检", 80000))
    assert silent.value.field == "lines[0].self_first_ratio"


def test_without_a_catalogue_the_national_classes_hold():
    lines = (Line("a", "甲类", 1000), Line("b", "丙", 500), Line("c", "乙", 1000, 1000))
    settled = settle(policy(BASIC), stay(lines=lines), Account())
    assert (settled.own_expense, settled.self_first, settled.in_scope) == (500, 100, 1900)
