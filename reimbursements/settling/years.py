"""The stored year as the engine's account, whatever names the policy of today knows."""

from reimbursements.settlement import Account
from reimbursements.settlement.account import SECTIONS
from reimbursements.settlement.money import parse_yuan


def account_of(data: dict) -> Account:
    """The account of a stored `year_data`. Taking a settlement back must not depend on a
    policy that may have changed since, so no name is checked here."""
    counters = {
        (section, name): parse_yuan(amount)
        for section in SECTIONS
        for name, amount in data.get(section, {}).items()
    }
    balance = parse_yuan(data.get("account_balance", "0"))
    return Account(data.get("year"), balance, data.get("stays", 0), counters)
