"""The person's year so far: counters that only settlements move.

Every counter is a sum, so a settlement is a set of differences and taking it back
subtracts them. Amounts are fen; ``stays`` counts inpatient stays.
"""

from collections.abc import Mapping
from typing import NamedTuple

from reimbursements.settlement.errors import StayError

# Sections of `year` in JSON, and what their names stand for.
SECTIONS = {
    "funds": "各基金本年已付",
    "bases": "各层本年累计计入的基数",
    "deductibles": "本年已扣起付标准",
    "deductible_standards": "按年收取时首次确定的起付标准",
    "banded": "按全年累计分段时已累计的费用",
    "benefits": "各项待遇本年已付",
}

Counter = tuple[str, str]


class Account(NamedTuple):
    """Year so far and the balance of the personal account, before or after a stay."""

    year: int | None = None
    balance: int = 0
    stays: int = 0
    counters: Mapping[Counter, int] = {}

    def paid(self, fund: str) -> int:
        """Fen that a fund has paid this year."""
        return self.counters.get(("funds", fund), 0)


def changes(before: Account, after: Account) -> dict[Counter, int]:
    """What one settlement added to the counters."""
    keys = dict.fromkeys((*before.counters, *after.counters))
    found = {}
    for key in keys:
        change = after.counters.get(key, 0) - before.counters.get(key, 0)
        if change:
            found[key] = change
    return found


def take_back(account: Account, before: Account, after: Account) -> Account:
    """``account`` without the settlement that led from ``before`` to ``after``.

    Raises StayError when the account does not hold that settlement.
    """
    counters = dict(account.counters)
    for key, change in changes(before, after).items():
        left = counters.get(key, 0) - change
        if left < 0:
            raise StayError("year", f"年度累计里没有要冲回的结算（{key[0]}.{key[1]}）")
        if left:
            counters[key] = left
        else:
            counters.pop(key, None)
    stays = account.stays - (after.stays - before.stays)
    if stays < 0:
        raise StayError("year", "年度累计里没有要冲回的结算（stays）")
    balance = account.balance + before.balance - after.balance
    left = Account(before.year, balance, stays, counters)
    return left if left == before else left._replace(year=account.year)
