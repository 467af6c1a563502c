"""One stay or visit, as facts: what was billed, where, by whom, when."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from reimbursements.settlement.errors import StayError


class Line(NamedTuple):
    """One line of a bill. Amount in fen, own share in basis points (None: by class)."""

    name: str
    cls: str
    amount: int
    self_first_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """The unit that is settled. Amounts in fen; with ``lines`` the totals are computed.

    ``level`` and ``charging_level`` are words of the policy's own list; each stands in
    for the other when only one is known.
    """

    kind: str
    place: str | None = None
    filing: str = "unfiled"
    level: str | None = None
    charging_level: str | None = None
    person_group: str | None = None
    hardship: str | None = None
    age: int | None = None
    nth_stay: int | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    settled_on: date | None = None
    own_expense: int = 0
    over_limit: int = 0
    self_first: int = 0
    in_scope: int = 0
    lines: tuple[Line, ...] = ()
    tags: tuple[str, ...] = ()
    institution: str | None = None
    remainder_unexplained: bool = False

    def __post_init__(self):
        """Refuse negative amounts: a refund is netted on its bill before it comes here."""
        parts = (self.own_expense, self.over_limit, self.self_first, self.in_scope)
        if min(parts) < 0 or any(line.amount < 0 for line in self.lines):
            raise StayError("total", "金额不能是负数；退费先在单据上抵减")

    @property
    def total(self) -> int:
        """Fen of the whole bill."""
        if self.lines:
            return sum(line.amount for line in self.lines)
        return self.own_expense + self.over_limit + self.self_first + self.in_scope
