"""Caps of one kind of stay: how much, over what, and which counters they read."""

from reimbursements.settlement.model import Cap, Policy, Version
from reimbursements.settlement.plan import CapPlan, look_up

_PER_WORDS = {"stay": "每次", "month": "每月", "quarter": "每季度", "year": "年度"}


def plan_caps(
    caps: tuple[Cap, ...], profile: dict, section: str, name: str, whose: str
) -> list[CapPlan]:
    """The caps of one benefit or layer that apply to a stay."""
    plans = []
    for cap in caps:
        row = look_up(cap.table, profile)
        if row is not None:
            own = cap.per == "year" and cap.pot is None
            keys = ((section if own else "benefits", cap.pot or name),)
            words = f"{whose}{_PER_WORDS[cap.per]}最高支付限额"
            plans.append(CapPlan(row.value, cap.per, keys, (), words, row.rule))
    return plans


def counted(
    caps: tuple[Cap, ...], profile: dict, name: str, own: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """What payments count towards: each pot that applies, and periods of the block itself."""
    found = []
    for cap in caps:
        if cap.per == "stay":
            continue
        if cap.pot is None and cap.per in own:
            found.append((cap.per, name))
        elif cap.pot is not None and look_up(cap.table, profile) is not None:
            found.append((cap.per, cap.pot))
    return tuple(dict.fromkeys(found))


def plan_shared_caps(policy: Policy, version: Version, fund: str, profile: dict) -> list[CapPlan]:
    """The caps of the version that name a fund."""
    plans = []
    for cap in version.caps:
        row = look_up(cap.table, profile) if fund in cap.funds else None
        if row is not None:
            keys = tuple(("funds", name) for name in cap.funds)
            names = "、".join(policy.fund_labels[name] for name in cap.funds)
            words = f"{names}{_PER_WORDS[cap.per]}最高支付限额"
            plans.append(CapPlan(row.value, cap.per, keys, cap.funds, words, row.rule))
    return plans
