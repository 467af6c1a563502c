"""What a valid policy may still get wrong: warnings for `check_policies`.

Where a place has a table of its own for out-of-area care, nothing in the form of the
rules keeps a worse filing category from being paid more. The published table is
probed over its own vocabulary, and each such place is named.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from reimbursements.settlement import money, terms
from reimbursements.settlement.account import Account
from reimbursements.settlement.asked import boxes_of_benefit
from reimbursements.settlement.conditions import meet
from reimbursements.settlement.engine import settle
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import Benefit, Policy, Version
from reimbursements.settlement.stay import Stay

PROBES = tuple(money.parse_yuan(text) for text in ("1000", "5000", "20000", "80000", "300000"))
_PEOPLE = ("level", "person_group", "hardship")


def warnings(policy: Policy) -> list[str]:
    """One line for each group of stays in which a worse filing category is paid more."""
    return [
        f"版本“{version.name}”待遇 {benefit.name}，{_shown(stay)}：{clash}"
        for version in policy.versions
        for benefit in version.benefits
        for stay in _stays(policy, version, benefit)
        if (clash := _worse_paid_more(policy, stay)) is not None
    ]


def _stays(policy: Policy, version: Version, benefit: Benefit) -> Iterator[Stay]:
    """One stay for every combination of facts on which the benefit depends."""
    space = meet(version.covers, benefit.when)
    kind = next(kind for kind in terms.KINDS if kind in space["kind"])
    away = terms.GROUPS["place"]["out_of_area"]
    places = [place for place in away if place in space.get("place", away)]
    choices = [_values(policy, benefit, dimension) for dimension in _PEOPLE]
    days = dict.fromkeys(("admitted_on", "discharged_on", "settled_on"), version.valid_from)
    for place, level, group, hardship in product(places, *choices):
        yield Stay(
            kind,
            place,
            level=level,
            person_group=group,
            hardship=None if hardship == terms.NO_HARDSHIP else hardship,
            age=60,
            nth_stay=1,
            institution="-",
            **days,
        )


def _values(policy: Policy, benefit: Benefit, dimension: str) -> tuple:
    """All values of a dimension that the benefit asks for; the first one otherwise."""
    values = policy.vocabulary.values(dimension) or (None,)
    names = {dimension, f"charging_{dimension}"}
    asked = any(names & set(box) for box in boxes_of_benefit(benefit))
    if asked:
        return values
    return values[-1:] if dimension == "hardship" else values[:1]


def _shown(stay: Stay) -> str:
    parts = (terms.PLACES[stay.place], stay.level, stay.person_group, stay.hardship)
    return "、".join(part for part in parts if part)


def _worse_paid_more(policy: Policy, stay: Stay) -> str | None:
    for amount in PROBES:
        clash = _compare(policy, stay, amount)
        if clash is not None:
            return clash
    return None


def _compare(policy: Policy, stay: Stay, amount: int) -> str | None:
    paid = {filing: _basic(policy, stay, filing, amount) for filing in terms.FILING_RANK}
    known = [filing for filing in paid if paid[filing] is not None]
    for better, worse in product(known, known):
        if terms.FILING_RANK[better] < terms.FILING_RANK[worse] and paid[worse] > paid[better]:
            return (
                f"政策范围内 {money.yuan(amount)} 元时，"
                f"{terms.FILINGS[worse]}得 {money.yuan(paid[worse])} 元，"
                f"多于{terms.FILINGS[better]}的 {money.yuan(paid[better])} 元"
            )
    return None


def _basic(policy: Policy, stay: Stay, filing: str, amount: int) -> int | None:
    try:
        settled = settle(policy, replace(stay, filing=filing, in_scope=amount), Account())
    except StayError:
        return None
    return settled.funds.get("basic")
