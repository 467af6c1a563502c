"""What a valid policy may still get wrong: warnings for `check_policies`.

Where a place has a table of its own for out-of-area care, nothing in the form of the
rules keeps a worse filing category from being paid more. The published table is
probed over its own vocabulary, and each such place is named.
"""

from dataclasses import replace
from itertools import product

from reimbursements.settlement import money, terms
from reimbursements.settlement.account import Account
from reimbursements.settlement.engine import settle
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import Policy, Version
from reimbursements.settlement.stay import Stay

PROBES = tuple(money.parse_yuan(text) for text in ("1000", "5000", "20000", "80000", "300000"))
_OUT_OF_AREA = ("intra_province", "inter_province")


def warnings(policy: Policy) -> list[str]:
    """One line for each group of stays in which a worse filing category is paid more."""
    found = []
    for version in policy.versions:
        found.extend(_version_warnings(policy, version))
    return found


def _version_warnings(policy: Policy, version: Version) -> list[str]:
    words = policy.vocabulary
    groups = product(
        [kind for kind in terms.KINDS if kind in version.covers["kind"]],
        _OUT_OF_AREA,
        words.levels or (None,),
        words.person_groups or (None,),
        (None, *words.hardship),
    )
    found = []
    for kind, place, level, group, hardship in groups:
        stay = Stay(
            kind,
            place,
            level=level,
            person_group=group,
            hardship=hardship,
            age=60,
            nth_stay=1,
            institution="-",
            **dict.fromkeys(("admitted_on", "discharged_on", "settled_on"), version.valid_from),
        )
        clash = _worse_paid_more(policy, stay)
        if clash is not None:
            parts = [terms.KINDS[kind], terms.PLACES[place], level, group, hardship]
            shown = "、".join(part for part in parts if part)
            found.append(f"版本“{version.name}”{shown}：{clash}")
    return found


def _worse_paid_more(policy: Policy, stay: Stay) -> str | None:
    for amount in PROBES:
        clash = _compare(policy, stay, amount)
        if clash is not None:
            return clash
    return None


def _compare(policy: Policy, stay: Stay, amount: int) -> str | None:
    paid = {f: _basic(policy, stay, f, amount) for f in terms.FILING_RANK}
    for better, worse in product(paid, paid):
        if terms.FILING_RANK[better] >= terms.FILING_RANK[worse]:
            continue
        if paid[better] is not None and paid[worse] is not None and paid[worse] > paid[better]:
            return (
                f"政策范围内 {money.yuan(amount)} 元时，"
                f"{terms.FILINGS[worse]}得 {money.yuan(paid[worse])} 元，"
                f"多于{terms.FILINGS[better]}的 {money.yuan(paid[better])} 元"
            )
    return None


def _basic(policy: Policy, stay: Stay, filing: str, amount: int) -> int | None:
    try:
        return settle(policy, replace(stay, filing=filing, in_scope=amount), Account()).funds.get(
            "basic"
        )
    except StayError:
        return None
