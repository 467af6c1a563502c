"""What one settlement carries from step to step."""

from datetime import date

from reimbursements.settlement.account import Account
from reimbursements.settlement.bill import Bill
from reimbursements.settlement.plan import CapPlan, Plan
from reimbursements.settlement.rows import Row
from reimbursements.settlement.stay import Stay


class Work:
    """The facts, the rows so far, what funds have paid, and what the year gains."""

    __slots__ = (
        "account",
        "area_cut",
        "bill",
        "day",
        "deductible",
        "delta",
        "home_deductible",
        "over_cap",
        "paid",
        "paid_sum",
        "plan",
        "rows",
        "stay",
    )

    def __init__(self, plan: Plan, stay: Stay, account: Account, day: date, bill: Bill, rows):
        self.plan, self.stay, self.account = plan, stay, account
        self.day, self.bill = day, bill
        self.rows: list[Row] = rows
        self.paid: dict[str, int] = {}
        self.paid_sum = 0
        self.delta: dict[tuple[str, str], int] = {}
        self.deductible = self.over_cap = self.area_cut = 0
        self.home_deductible: int | None = None

    def gain(self, section: str, name: str, fen: int) -> None:
        """Add to a counter of the year."""
        if fen:
            key = (section, name)
            self.delta[key] = self.delta.get(key, 0) + fen

    def pay(self, fund: str, fen: int) -> None:
        """Record what a fund pays for this stay."""
        self.paid[fund] = fen
        if fen:
            self.paid_sum += fen
            self.delta[("funds", fund)] = fen


def period_name(name: str, period: str, day: date) -> str:
    """The counter of a name within a month or quarter: ``outpatient@2026Q1``."""
    if period == "month":
        return f"{name}@{day.year}-{day.month:02d}"
    return f"{name}@{day.year}Q{(day.month + 2) // 3}"


def left_under(cap: CapPlan, work: Work) -> int:
    """Fen that a cap still allows, counting the year and the funds of this stay."""
    used = 0
    if cap.per == "year":
        for key in cap.keys:
            used += work.account.counters.get(key, 0)
    elif cap.per != "stay":
        section, name = cap.keys[0]
        used = work.account.counters.get((section, period_name(name, cap.per, work.day)), 0)
    if work.paid_sum:
        for fund in cap.funds:
            used += work.paid.get(fund, 0)
    return cap.amount - used if used < cap.amount else 0
