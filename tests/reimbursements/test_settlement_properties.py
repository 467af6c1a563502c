"""What holds for every policy, stay and year; hypothesis looks for the exception."""

import os
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reimbursements.settlement import Line, reverse, settle, settle_again
from reimbursements.settlement.account import changes
from reimbursements.settlement.engine import deciding_day, version_on
from reimbursements.settlement.plan import Plan
from reimbursements.settlement.planning import plan_for
from reimbursements.settlement.work import period_name
from tests.reimbursements.random_policies import FILINGS, cases, policies, stays
from tests.reimbursements.settling import assert_adds_up, year

# `SETTLEMENT_EXAMPLES=5000 pytest …` looks much harder.
EXAMPLES = int(os.environ.get("SETTLEMENT_EXAMPLES", "20"))
quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
steps = st.one_of(st.integers(1, 3), st.integers(1, 5_000_000))


def plan_of(policy, stay, account) -> Plan:
    day, field = deciding_day(policy, stay)
    return plan_for(policy, version_on(policy, day, field), stay, account)


def grows(deductible) -> bool:
    """Whether a deductible is a share of the bill."""
    return deductible is not None and any(row.value.share_bp for row in deductible.table.rows)


def base_of(settled, fund: str) -> int:
    """What a layer counted of the stay, in fen, as its rows say."""
    part = f"funds.{fund}"
    return sum(row.base for row in settled.rows if (row.code, row.part) == ("layer_base", part))


def steady(before, after) -> set[str]:
    """The funds that must not pay less in ``after``: as much to count, no more taken off.

    Each line is rounded to the fen. So where a policy takes a rounded part off first (an
    area cut, a deductible that is a share of the bill), a bill with one fen more may leave
    a layer one fen less to count, or push a stay one fen further into a lower band.
    """
    version = before.version
    found = set(before.funds)
    if grows(version.benefits[0].deductible) and after.deductible > before.deductible:
        found.discard("basic")
    for layer in version.layers:
        fell = base_of(after, layer.fund) < base_of(before, layer.fund)
        if fell or grows(layer.deductible):
            found.discard(layer.fund)
    return found


def counters_of(cap, stay) -> list[tuple[str, str]]:
    if cap.per == "year":
        return list(cap.keys)
    return [(s, period_name(name, cap.per, stay.discharged_on)) for s, name in cap.keys]


@quick
@given(cases())
def test_the_parts_add_up_to_the_bill_and_none_is_negative(case):
    policy, stay, account = case
    settled = settle(policy, stay, account)
    assert_adds_up(settled)
    parts = [*settled.funds.values(), settled.account, settled.cash, settled.personal]
    assert min([*parts, settled.deductible]) >= 0
    assert settled.total == sum(settled.funds.values()) + settled.personal
    assert settled.account <= account.balance


@quick
@given(cases())
def test_funds_stay_within_what_is_in_scope(case):
    policy, stay, account = case
    settled = settle(policy, stay, account)
    benefit = policy.versions[0].benefits[0]
    floor = benefit.floor.on if benefit.floor else "in_scope"
    basic = settled.funds["basic"]
    if floor == "total_less_deductible":
        assert basic <= settled.total - settled.deductible
    elif floor == "total":
        assert basic <= settled.total
    else:
        assert basic <= settled.in_scope <= settled.total
    layers = policy.versions[0].layers
    inside = not any(layer.plus or layer.base == "total_left" for layer in layers)
    if inside and not floor.startswith("total"):
        assert sum(settled.funds.values()) <= settled.in_scope


@quick
@given(cases())
def test_each_layer_is_capped_at_what_the_ones_before_it_left(case):
    policy, stay, account = case
    settled = settle(policy, stay, account)
    paid = settled.funds["basic"]
    for layer in policy.versions[0].layers:
        limit = settled.in_scope + sum(getattr(settled, part) for part in layer.plus)
        if layer.base == "total_left":
            limit = settled.total
        amount = settled.funds[layer.fund]
        assert amount <= max(0, limit - paid)
        paid += amount


@quick
@given(cases(), steps)
def test_more_in_scope_never_lowers_a_fund(case, more):
    policy, stay, account = case
    less = settle(policy, stay, account)
    bigger = settle(policy, replace(stay, in_scope=stay.in_scope + more), account)
    for fund in steady(less, bigger):
        assert bigger.funds[fund] >= less.funds[fund]


@quick
@given(cases(), steps)
def test_a_part_that_moves_into_scope_never_lowers_what_the_funds_pay(case, more):
    """A layer on the whole rest of the bill may pay less then, but never by more."""
    policy, stay, account = case
    outside = replace(stay, own_expense=stay.own_expense + more)
    inside = replace(stay, in_scope=stay.in_scope + more)
    before, after = settle(policy, outside, account), settle(policy, inside, account)
    for fund in steady(before, after):
        assert after.funds[fund] >= before.funds[fund]
    version = policy.versions[0]
    if not any(grows(part.deductible) for part in (*version.benefits, *version.layers)):
        assert sum(after.funds.values()) >= sum(before.funds.values())


@quick
@given(cases(), steps, st.sampled_from(["in_scope", "own_expense", "over_limit", "self_first"]))
def test_a_larger_bill_never_leaves_a_smaller_personal_part(case, more, part):
    policy, stay, account = case
    larger = replace(stay, **{part: getattr(stay, part) + more})
    assert settle(policy, larger, account).personal >= settle(policy, stay, account).personal


@quick
@given(cases(), st.sampled_from(["same_area", "intra_province", "inter_province"]))
def test_a_worse_filing_never_raises_the_basic_fund(case, place):
    policy, stay, account = case
    amounts = [
        settle(policy, replace(stay, place=place, filing=filing), account).funds["basic"]
        for filing in FILINGS
    ]
    assert amounts == sorted(amounts, reverse=True)


@quick
@given(cases())
def test_no_cap_and_no_yearly_ceiling_is_passed(case):
    policy, stay, account = case
    settled = settle(policy, stay, account)
    plan = plan_of(policy, stay, account)
    parts = [("basic", plan.benefit), *((p.layer.fund, p) for p in plan.layers)]
    for fund, part in parts:
        for cap in part.caps:
            if cap.per == "stay":
                assert settled.funds[fund] <= cap.amount
                continue
            keys = counters_of(cap, stay)
            used = sum(settled.after.counters.get(key, 0) for key in keys)
            before = sum(account.counters.get(key, 0) for key in keys)
            assert used <= max(cap.amount, before)
    deductible = plan.benefit.deductible
    if deductible is not None and deductible.ceiling is not None:
        used = settled.after.counters.get(("deductibles", "main"), 0)
        before = account.counters.get(("deductibles", "main"), 0)
        assert used <= max(deductible.ceiling, before)


@quick
@given(cases())
def test_the_ledger_never_falls(case):
    policy, stay, account = case
    settled = settle(policy, stay, account)
    assert all(change > 0 for change in changes(account, settled.after).values())
    assert settled.after.balance == account.balance - settled.account
    assert settled.after.stays == account.stays + (stay.kind == "inpatient")


@quick
@given(cases(), stays())
def test_taking_a_settlement_back_restores_the_account_exactly(case, later):
    policy, stay, account = case
    settled = settle(policy, stay, account)
    assert reverse(settled, settled.after) == account
    after_both = settle(policy, later, settled.after)
    restored = reverse(after_both, after_both.after)
    assert restored == settled.after
    assert reverse(settled, restored) == account


@quick
@given(cases(), stays())
def test_settlements_may_be_taken_back_in_any_order(case, later):
    policy, stay, account = case
    account = account._replace(year=2025)
    first = settle(policy, stay, account)
    second = settle(policy, later, first.after)
    without_first = reverse(first, second.after)
    assert reverse(second, without_first) == account


@quick
@given(cases(), steps)
def test_a_late_bill_pays_the_exact_difference(case, late):
    policy, stay, account = case
    first = settle(policy, stay, account)
    whole = replace(stay, in_scope=stay.in_scope + late)
    again, difference = settle_again(policy, whole, first.after, first)
    at_once = settle(policy, replace(whole, nth_stay=first.nth_stay), account)
    assert again.funds == at_once.funds
    assert again.after == at_once.after
    paid = {name: first.funds[name] + difference.funds[name] for name in first.funds}
    assert paid == at_once.funds
    assert first.personal + difference.personal == at_once.personal
    assert sum(difference.funds.values()) + difference.personal == late


@quick
@given(cases())
def test_settling_the_same_stay_again_pays_nothing_more(case):
    policy, stay, account = case
    first = settle(policy, stay, account)
    again, difference = settle_again(policy, stay, first.after, first)
    assert set(difference.funds.values()) <= {0}
    assert (difference.account, difference.cash, difference.personal) == (0, 0, 0)
    assert again.after == first.after


lines = st.lists(
    st.builds(
        Line,
        name=st.sampled_from(["药", "检查", "床位"]),
        cls=st.sampled_from(["甲类", "乙类", "丙类", "超限价"]),
        amount=st.integers(0, 500_000),
        self_first_bp=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=12,
)


@quick
@given(cases(), lines, st.randoms(use_true_random=False))
def test_splitting_a_bill_of_one_stay_changes_nothing(case, billed, random):
    """The stay is the unit: its lines may come on one bill or on several, in any order."""
    policy, stay, account = case
    whole = settle(policy, replace(stay, lines=tuple(billed)), account)
    shuffled = list(billed)
    random.shuffle(shuffled)
    cut = random.randrange(len(shuffled) + 1)
    bills = [shuffled[cut:], shuffled[:cut]]
    split = replace(stay, lines=tuple(line for bill in bills for line in bill))
    other = settle(policy, split, account)
    assert other[:10] == whole[:10]
    assert other.after == whole.after
    assert_adds_up(whole)


@quick
@given(policies(), stays())
def test_at_every_edge_one_fen_moves_a_fund_by_one_fen_at_most(policy, stay):
    """Deductibles, bands, caps and floors have no cliffs: ±1 fen never jumps."""
    account = year()
    plan = plan_of(policy, stay, account)
    bands, deductible = plan.benefit.bands, plan.benefit.deductible
    fixed = [deductible.fixed] if deductible is not None and deductible.fixed else []
    caps = [cap.amount for cap in plan.benefit.caps]
    edges = {edge + shift for edge in (*bands.starts, *caps) for shift in (0, *fixed)}
    for edge in sorted({*edges, *fixed, stay.in_scope}):
        low, at, high = (
            settle(policy, replace(stay, in_scope=fen), account)
            for fen in (max(0, edge - 1), edge, edge + 1)
        )
        for less, more in ((low, at), (at, high)):
            never = steady(less, more)
            for fund in less.funds:
                moved = more.funds[fund] - less.funds[fund]
                assert (0 if fund in never else -1) <= moved <= more.in_scope - less.in_scope


@quick
@given(cases(), stays())
def test_the_same_input_gives_the_same_rows_whatever_was_settled_before(case, other):
    policy, stay, account = case
    settle(policy, other, account)
    warm = settle(policy, stay, account)
    for version in policy.versions:
        version.plans.clear()
        version.parts.clear()
    assert settle(policy, stay, account) == warm
