"""A version narrowed to one kind of stay: conditions resolved, ratios multiplied out.

A plan holds plain integers and ready sentences, so that the engine only adds and
multiplies. `planning.py` makes plans and keeps them per version.
"""

from dataclasses import dataclass
from fractions import Fraction

from reimbursements.settlement import money
from reimbursements.settlement.conditions import holds
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import (
    AccountUse,
    Benefit,
    CatalogueClass,
    DeductibleValue,
    Layer,
    Repeat,
    Rule,
    Table,
    TableRow,
    Version,
)
from reimbursements.settlement.rows import Row


@dataclass(slots=True)
class Bands:
    """Ratios over one denominator, with the words for each band."""

    starts: tuple[int, ...]
    numerators: tuple[int, ...]
    denominator: int
    ratios: tuple[str, ...]
    words: tuple[str, ...]  # `` 元 × 85%（三级） = ``, between two amounts
    rule: Rule


@dataclass(slots=True)
class DeductiblePlan:
    value: DeductibleValue
    repeat: Repeat
    times: Fraction
    period: str
    pot: str
    fixed: int | None  # fen when it does not depend on the bill
    ceiling: int | None
    ceiling_rule: Rule | None
    renew_days: int | None
    renew_as_next: bool
    words: str
    rule: Rule


@dataclass(slots=True)
class FloorPlan:
    on: str
    ratio: Fraction
    rule: Rule


@dataclass(slots=True)
class CapPlan:
    amount: int
    per: str
    keys: tuple[tuple[str, str], ...]  # counters of the year that count against it
    funds: tuple[str, ...]  # funds whose payment in this stay counts against it too
    words: str
    rule: Rule


@dataclass(slots=True)
class BenefitPlan:
    benefit: Benefit
    self_pay_bp: int
    self_pay_rule: Rule | None
    deductible: DeductiblePlan | None
    bands: Bands
    notes: tuple[Row, ...]
    floor: FloorPlan | None
    caps: tuple[CapPlan, ...]
    on_year: bool
    before_deductible: bool
    profile: dict
    counted: tuple[tuple[str, str], ...]  # (period, name) that the year must remember


@dataclass(slots=True)
class LayerPlan:
    layer: Layer
    applies: bool
    deductible: DeductiblePlan | None
    bands: Bands | None
    notes: tuple[Row, ...]
    caps: tuple[CapPlan, ...]
    counted: tuple[tuple[str, str], ...]
    part: str
    who: str  # ``大病保险：``
    base_words: str


@dataclass(slots=True)
class Plan:
    version: Version
    benefit: BenefitPlan | None
    unreduced: BenefitPlan | None  # as if cared for at home; only where a layer needs it
    layers: tuple[LayerPlan, ...]
    catalogue: dict[str, CatalogueClass]
    account: AccountUse | None
    opening: tuple[Row, ...]


def look_up(table: Table, profile: dict) -> TableRow | None:
    """The row that holds: exceptions first, then the rows."""
    for row in (*table.exceptions, *table.rows):
        if holds(row.when, profile):
            return row
    return None


def the_row(table: Table, profile: dict) -> TableRow:
    """The row of a table that is whole.

    Raises StayError when the stay holds a word that the policy does not know.
    """
    row = look_up(table, profile)
    if row is None:
        field = next(iter(table.rows[0].when))
        raise StayError(field, f"政策里没有“{profile[field]}”这种情况")
    return row


def repeated(amount: int, repeat: Repeat, times: Fraction, nth: int) -> int:
    """The amount due at the nth stay of the year, then multiplied for out-of-area care."""
    due = amount
    if nth > 1 and repeat.percents:
        share = repeat.percents[min(nth - 2, len(repeat.percents) - 1)]
        due = money.half_up(amount * share, money.WHOLE)
    elif nth > 1 and repeat.falls_by_bp:
        share = max(0, money.WHOLE - repeat.falls_by_bp * (nth - 1))
        due = money.half_up(amount * share, money.WHOLE)
    elif nth > 1:
        due = max(0, amount - repeat.falls_by * (nth - 1))
    due = max(due, min(repeat.down_to, amount))
    return money.half_up(due * times.numerator, times.denominator)
