"""Bills and stays as the checks of this package see them: plain values, no models.

Amounts are fen, None where unknown; shares basis points. `Doubt` has the fields of
`casework.kinds.Finding`. Sentences name no person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reimbursements.bills.found import Found

PARTS = {
    "own_expense": "全自费",
    "over_limit": "超限价",
    "self_first": "先行自付",
    "in_scope": "政策范围内",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something for a reviewer: a code, a Chinese sentence with the evidence, what it is about.

    `target` is `bill:<key>`, `line:<key>:<number from 1>`, `field:<name>` or "".
    """

    code: str
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One line of a bill."""

    amount: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None  # yuan, may have more than two decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """One bill as typed, and what its QR code or original said."""

    key: str
    kind: str = ""
    code: str = ""
    number: str = ""
    issued_on: date | None = None
    payer: str = ""
    total: int | None = None
    own_expense: int | None = None
    over_limit: int | None = None
    self_first: int | None = None
    in_scope: int | None = None
    lines: tuple[LineFacts, ...] = ()
    found: Found | None = None

    @property
    def target(self) -> str:
        return f"bill:{self.key}"

    @property
    def title(self) -> str:
        """How a sentence calls the bill."""
        return f"票据{self.number}" if self.number else "没有号码的票据"


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFacts:
    """One stay or visit of a claim. `case_number` is "" while it is a draft.

    `institution` is whatever names it uniquely, `institution_name` what it was called; `is_stay`
    is False for a visit of one day.
    `total` is the sum stated for the stay as a whole, where one is stated.
    """

    institution: str
    admitted_on: date | None
    discharged_on: date | None
    case_number: str = ""
    is_stay: bool = True
    institution_name: str = ""
    total: int | None = None
    bills: tuple[BillFacts, ...] = ()

    @property
    def billed(self) -> int:
        """Fen of all bills whose total is known."""
        return total_of(bill.total for bill in self.bills)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day, when both are known."""
        if self.admitted_on is None or self.discharged_on is None:
            return None
        return self.admitted_on, self.discharged_on

    @property
    def title(self) -> str:
        """How a sentence calls the claim it belongs to."""
        return f"办件{self.case_number}" if self.case_number else "另一个申请"


def total_of(amounts: Iterable[int | None]) -> int:
    """Fen of the known ones."""
    return sum(amount for amount in amounts if amount is not None)


def day_words(day: date) -> str:
    """2026年5月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
