"""What is left of a year: deductibles and ceilings as the policy of the place puts them for the
kinds of care a person has had. Pure: no database, no clock. Amounts in fen until they are words.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from reimbursements.pages.explained import Step, basis_of, grouped
from reimbursements.settlement import Account, Policy, Stay, StayError, Version
from reimbursements.settlement.plan import CapPlan, DeductiblePlan, LayerPlan
from reimbursements.settlement.planning import plan_for
from reimbursements.settlement.terms import KINDS
from reimbursements.settlement.work import period_name

_ONCE = {"year": "一年收一次", "year_top_up": "一年收一次，到更高级别时补足差额"}
_OFTEN = {
    "quarter": "每季度收一次",
    "month": "每月收一次",
    "institution_year": "每家医院一年收一次",
}


def limits_of(
    policy: Policy,
    version: Version,
    stays: list[Stay],
    account: Account,
    day: date,
    besides: Mapping[str, int] | None = None,
) -> list[Step]:
    """One row for each deductible and each ceiling that the next stay like one of `stays` would
    meet, with its rule. `besides` is fund -> fen that was paid this year and stands in no
    account. A stay of which the policy needs to know more is passed over.
    """
    found: dict[tuple, Step] = {}
    for stay in stays:
        try:
            plan = plan_for(policy, version, replace(stay, nth_stay=None, lines=()), account)
        except StayError:
            continue
        kind = KINDS[stay.kind]
        if plan.benefit is not None:
            if plan.benefit.deductible is not None:
                step = _deductible(kind, plan.benefit.deductible, account)
                found.setdefault((step.text,), step)
            _add_caps(found, plan.benefit.caps, kind, account, day, besides or {})
        for layer in plan.layers:
            if layer.applies:
                if layer.deductible is not None:
                    step = _layer_deductible(layer, account)
                    found.setdefault((step.text,), step)
                _add_caps(found, layer.caps, kind, account, day, besides or {})
    return list(found.values())


def _deductible(kind: str, plan: DeductiblePlan, account: Account) -> Step:
    paid = account.counters.get(("deductibles", plan.pot), 0)
    taken = f"今年已扣 {grouped(paid)} 元"
    basis = basis_of(plan.rule)
    if plan.fixed is None:
        return Step(f"{kind}起付标准按每次费用的比例计算，{taken}", "", basis)
    if plan.period in _ONCE:
        standard = account.counters.get(("deductible_standards", plan.pot), plan.fixed)
        text = f"{kind}起付标准 {grouped(standard)} 元{plan.words}，{_ONCE[plan.period]}，{taken}"
        return Step(f"{text}，还剩", _left(standard - paid), basis)
    if plan.period in _OFTEN:
        text = (
            f"{kind}起付标准 {grouped(plan.fixed)} 元{plan.words}，{_OFTEN[plan.period]}，{taken}"
        )
        return Step(f"{text}，{taken}", "", basis)
    following = plan.fixed
    text = f"{kind}起付标准每次收取，{taken}"
    if plan.ceiling is not None:
        following = min(following, max(0, plan.ceiling - paid))
        text += f"（一年累计最高 {grouped(plan.ceiling)} 元）"
    return Step(f"{text}；下次同样情况{plan.words}", grouped(following), basis)


def _layer_deductible(layer: LayerPlan, account: Account) -> Step:
    plan, name = layer.deductible, layer.layer.label
    basis = basis_of(plan.rule)
    if plan.fixed is None:
        return Step(f"{name}起付标准按费用的比例计算", "", basis)
    text = f"{name}起付标准 {grouped(plan.fixed)} 元{plan.words}"
    if not layer.layer.on_year:
        return Step(f"{text}，每次计算", "", basis)
    so_far = account.counters.get(("bases", layer.layer.fund), 0)
    text += f"，今年累计计入 {grouped(so_far)} 元，还差"
    return Step(text, _left(plan.fixed - so_far), basis)


def _add_caps(found: dict, caps: tuple[CapPlan, ...], kind: str, account, day, besides) -> None:
    for cap in caps:
        words = cap.words.replace("本项待遇", kind)
        if cap.per == "stay":
            step = Step(words, grouped(cap.amount), basis_of(cap.rule))
        else:
            used = _used(cap, account, day, besides)
            when = "今年已用" if cap.per == "year" else "本期已用"
            text = f"{words} {grouped(cap.amount)} 元，{when} {grouped(used)} 元，还剩"
            step = Step(text, _left(cap.amount - used), basis_of(cap.rule))
        found.setdefault((cap.per, cap.keys, cap.amount), step)


def _used(cap: CapPlan, account: Account, day: date, besides: Mapping[str, int]) -> int:
    """What counts against a cap so far."""
    if cap.per != "year":
        section, name = cap.keys[0]
        return account.counters.get((section, period_name(name, cap.per, day)), 0)
    used = sum(account.counters.get(key, 0) for key in cap.keys)
    return used + sum(besides.get(name, 0) for section, name in cap.keys if section == "funds")


def _left(fen: int) -> str:
    return grouped(max(0, fen))
