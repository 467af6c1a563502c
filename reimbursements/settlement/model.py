"""A settlement policy as read from YAML: plain, immutable records.

Money is fen, ratios are exact fractions, conditions are boxes (`conditions.py`).
Nothing here computes; `plan.py` narrows a version to one kind of stay and
`engine.py` walks the plan.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from reimbursements.settlement.conditions import Box, Vocabulary


class Rule(NamedTuple):
    """What a row rests on: shown with every row of a settlement."""

    place: str
    version: str
    doc_no: str | None
    source: str
    mark: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class TableRow:
    when: Box
    value: object
    rule: Rule
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of which at most one holds; ``exceptions`` are looked at first."""

    rows: tuple[TableRow, ...]
    exceptions: tuple[TableRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """How a deductible falls from the second stay of the year on."""

    falls_by: int = 0  # fen per further stay
    falls_by_bp: int = 0  # basis points of the first amount per further stay
    percents: tuple[int, ...] = ()  # basis points for the 2nd, 3rd … stay; the last repeats
    down_to: int = 0


@dataclass(frozen=True, slots=True)
class DeductibleValue:
    amount: int | None  # fen, or None when it is a share
    share_bp: int = 0
    share_of: str = ""  # "total" or "in_scope"
    at_least: int = 0
    at_most: int | None = None
    period: str | None = None
    repeat: Repeat | None = None
    derived: str = ""  # how a share of a reference became an amount, in words


@dataclass(frozen=True, slots=True)
class Deductible:
    table: Table
    period: str
    repeat: Repeat
    ceiling: Table | None
    renew_days: int | None
    renew_as_next: bool


class Band(NamedTuple):
    start: int
    ratio: Fraction


@dataclass(frozen=True, slots=True)
class Addition:
    """A change of the ratio for a person: points, points per year of age, or own share."""

    when: Box
    points: int  # hundredths of a percentage point
    per_year: int
    above_age: int
    own_share_times: Fraction | None
    rule: Rule
    line: int


@dataclass(frozen=True, slots=True)
class RatioRule:
    table: Table  # values are tuples of Band
    additions: tuple[Addition, ...]
    at_most: Fraction
    bands_on_year: bool
    before_deductible: bool


@dataclass(frozen=True, slots=True)
class AreaChange:
    """One change for care out of the insured area; exactly one of the values is set."""

    when: Box
    points: int | None
    factor: Fraction | None
    self_pay_first: int | None  # basis points of the in-scope amount
    deductible_times: Fraction | None
    as_level: str | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Floor:
    table: Table  # values are fractions
    on: str


@dataclass(frozen=True, slots=True)
class Cap:
    table: Table  # values are fen
    per: str
    funds: tuple[str, ...] = ()
    pot: str | None = None  # counts by itself, together with caps of the same pot


@dataclass(frozen=True, slots=True)
class Benefit:
    """What the basic fund pays for one group of stays."""

    name: str
    pot: str
    when: Box
    deductible: Deductible | None
    ratio: RatioRule
    out_of_area: tuple[AreaChange, ...]
    floor: Floor | None
    caps: tuple[Cap, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Layer:
    """A fund that pays after the basic one, on a base of its own."""

    fund: str
    label: str
    when: Box
    base: str
    plus: tuple[str, ...]
    less: tuple[str, ...]
    on_year: bool
    deductible: Deductible | None
    ratio: RatioRule
    out_of_area: tuple[AreaChange, ...]
    caps: tuple[Cap, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class AccountUse:
    """Which parts of the personal burden the personal account may pay."""

    when: Box
    pays: tuple[str, ...]
    at_most: int | None
    rule: Rule


class CatalogueClass(NamedTuple):
    """How a class of bill lines is split."""

    takes_all: str | None  # "own_expense", "over_limit" or None
    self_first_bp: int | None  # None: the line must say
    limit: int | None
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Version:
    name: str
    valid_from: date
    rule: Rule
    covers: Box
    catalogue: dict[str, Table]  # values are CatalogueClass
    benefits: tuple[Benefit, ...]
    layers: tuple[Layer, ...]
    caps: tuple[Cap, ...]
    account: AccountUse | None
    sha256: str
    line: int
    # Filled by `planning.py`: what was worked out once for a kind of stay.
    plans: dict = field(default_factory=dict, compare=False, repr=False)
    parts: dict = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    place: str
    place_name: str
    insurance: str
    decided_by: str
    year_starts: tuple[int, int]
    vocabulary: Vocabulary
    versions: tuple[Version, ...]
    fund_labels: dict[str, str]
    pots: frozenset
    counted_names: frozenset  # names that `year.benefits` may hold
    file: str
