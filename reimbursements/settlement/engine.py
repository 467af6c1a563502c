"""The settlement of one stay: from policy, stay and year to amounts and rows.

Order: the bill is split, the basic fund pays, later layers pay in their order, the
personal account takes its part, cash is the rest. The personal part is what remains,
so the parts always add up to the bill.
"""

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from reimbursements.settlement import money
from reimbursements.settlement.account import Account, take_back
from reimbursements.settlement.basic import pay_basic
from reimbursements.settlement.bill import split_bill
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.layers import pay_layer
from reimbursements.settlement.model import Policy, Version
from reimbursements.settlement.planning import plan_for
from reimbursements.settlement.rows import Row, make_row
from reimbursements.settlement.stay import Stay
from reimbursements.settlement.work import Work

yuan = money.yuan


class Settlement(NamedTuple):
    """Every amount in fen. ``before`` and ``after`` are the year around the stay."""

    total: int
    own_expense: int
    over_limit: int
    self_first: int
    in_scope: int
    deductible: int
    funds: dict[str, int]
    account: int
    cash: int
    personal: int
    rows: tuple[Row, ...]
    before: Account
    after: Account
    policy: Policy
    version: Version
    nth_stay: int


class Difference(NamedTuple):
    """What a stay settled again pays more (or less, negative) than before, in fen."""

    funds: dict[str, int]
    account: int
    cash: int
    personal: int


def settle(policy: Policy, stay: Stay, account: Account) -> Settlement:
    """Settle one stay. Pure: the same input gives the same rows and amounts.

    Raises StayError naming the field when a fact is missing, wrong or not covered.
    """
    day, field = deciding_day(policy, stay)
    version = version_on(policy, day, field)
    year = _year_of(policy, day, account)
    plan = plan_for(policy, version, stay, account)
    rows = list(plan.opening)
    bill = split_bill(plan, stay, rows)
    work = Work(plan, stay, account, day, bill, rows)
    if plan.benefit is not None:
        work.pay("basic", pay_basic(work, plan.benefit))
        if plan.unreduced is not None:
            _measure_area_cut(work)
    for layer in plan.layers:
        paid = pay_layer(work, layer) if layer.applies else 0
        work.pay(layer.layer.fund, paid)
    personal = bill.total - work.paid_sum
    from_account = _share_of_account(work, personal)
    _personal_rows(work, personal, from_account)
    nth = stay.nth_stay or account.stays + 1
    return Settlement(
        *bill,
        work.deductible,
        work.paid,
        from_account,
        personal - from_account,
        personal,
        tuple(rows),
        account,
        _after(work, year, from_account),
        policy,
        version,
        nth,
    )


def deciding_day(policy: Policy, stay: Stay) -> tuple[date, str]:
    """The day that picks the version and the year, and the name of its field."""
    if policy.decided_by == "settlement":
        day, field = stay.settled_on, "settled_on"
    elif policy.decided_by == "admission":
        day, field = stay.admitted_on, "admitted_on"
    else:
        day, field = stay.discharged_on, "discharged_on"
    if day is None and field != "settled_on" and stay.kind != "inpatient":
        day = stay.admitted_on or stay.discharged_on  # a visit has one day
    if day is None:
        raise StayError(field, "这个日期决定用哪个版本的政策，请填写，例如 2025-03-01")
    return day, field


def version_on(policy: Policy, day: date, field: str = "discharged_on") -> Version:
    """The one version in force on a day. Raises StayError before the first."""
    versions = policy.versions
    if len(versions) == 1:
        found = 1 if day >= versions[0].valid_from else 0
    else:
        found = bisect_right(versions, day, key=lambda version: version.valid_from)
    if not found:
        first = versions[0].valid_from
        raise StayError(field, f"{day} 早于本政策最早的版本（自 {first} 起）")
    return versions[found - 1]


def year_of(policy: Policy, stay: Stay) -> int:
    """The year to whose account a stay belongs."""
    return _year_of(policy, deciding_day(policy, stay)[0], Account())


def _year_of(policy: Policy, day: date, account: Account) -> int:
    month_day = (day.month, day.day)
    year = day.year if month_day >= policy.year_starts else day.year - 1
    if account.year is not None and account.year != year:
        raise StayError("year.year", f"累计是 {account.year} 年度的，这次结算属于 {year} 年度")
    return year


def _measure_area_cut(work: Work) -> None:
    """What the person bears more in the basic fund because of care out of the area."""
    home = Work(work.plan, work.stay, work.account, work.day, work.bill, [])
    work.area_cut = max(0, pay_basic(home, work.plan.unreduced) - work.paid["basic"])
    work.home_deductible = home.deductible


def _share_of_account(work: Work, personal: int) -> int:
    use, balance = work.plan.account, work.account.balance
    if use is None or not balance:
        return 0
    bill, allowed = work.bill, 0
    for part in use.pays:
        if part == "in_scope":
            allowed += max(0, bill.in_scope - work.paid_sum)
        else:
            allowed += getattr(bill, part)
    limits = [personal, allowed, balance]
    if use.at_most is not None:
        limits.append(use.at_most)
    return min(limits)


def _personal_rows(work: Work, personal: int, from_account: int) -> None:
    rows, bill, plan = work.rows, work.bill, work.plan
    rule = plan.version.rule
    text = (
        f"个人负担 = 总费用 {yuan(bill.total)} − 各基金支付 {yuan(work.paid_sum)} = "
        f"{yuan(personal)} 元。"
    )
    rows.append(make_row(("personal", text, bill.total, None, personal, "personal", rule)))
    balance = work.account.balance
    if plan.account is not None and balance:
        text = f"个人账户余额 {yuan(balance)} 元，本次支付 {yuan(from_account)} 元。"
        rows.append(
            make_row(("account", text, balance, None, from_account, "account", plan.account.rule))
        )
    elif balance:
        text = "本政策没有写明这种情况下个人账户可以支付什么，不动用个人账户。"
        rows.append(make_row(("account_unused", text, balance, None, 0, "account", rule)))
    cash = personal - from_account
    rows.append(
        make_row(("cash", f"现金支付 {yuan(cash)} 元。", personal, None, cash, "cash", rule))
    )


def _after(work: Work, year: int, from_account: int) -> Account:
    before = work.account
    counters = {**before.counters}
    for key, change in work.delta.items():
        counters[key] = counters.get(key, 0) + change
    stays = before.stays + 1 if work.stay.kind == "inpatient" else before.stays
    return Account(year, before.balance - from_account, stays, counters)


def reverse(settlement: Settlement, account: Account | None = None) -> Account:
    """The account without this settlement.

    Without ``account`` it is the account before the settlement; otherwise the given
    account, which may hold later settlements, less what this one added.
    """
    if account is None:
        return settlement.before
    return take_back(account, settlement.before, settlement.after)


def settle_again(
    policy: Policy, stay: Stay, account: Account, earlier: Settlement
) -> tuple[Settlement, Difference]:
    """Settle a stay anew, with all its bills, in place of an ``earlier`` settlement.

    ``account`` still holds the earlier settlement. The stay keeps its ordinal.
    """
    if stay.nth_stay is None:
        stay = replace(stay, nth_stay=earlier.nth_stay)
    settled = settle(policy, stay, reverse(earlier, account))
    return settled, difference(settled, earlier)


def difference(new: Settlement, old: Settlement) -> Difference:
    """What ``new`` pays beyond ``old``, fund by fund."""
    names = dict.fromkeys((*old.funds, *new.funds))
    funds = {name: new.funds.get(name, 0) - old.funds.get(name, 0) for name in names}
    return Difference(
        funds,
        new.account - old.account,
        new.cash - old.cash,
        new.personal - old.personal,
    )
