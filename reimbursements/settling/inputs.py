"""What the engine is told of a stay: the facts, and the bills as amounts or lines. Fen."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from facilities.areas import scope_between
from reimbursements.answers import PARTS
from reimbursements.bills.linevalues import needs_class
from reimbursements.models import Bill, BillLine
from reimbursements.settlement import Policy
from reimbursements.settlement.money import percent_of_points, yuan
from reimbursements.settlement.stay import Line
from reimbursements.settling.errors import CannotSettle

# Classes no catalogue lists: such a line is split by its own ratio alone.
IN_SCOPE, SELF_FIRST = "政策范围内", "先行自付"
OWN_EXPENSE, OVER_LIMIT = "自费", "超限价"
PSYCHIATRIC = "精神病专科"
# The columns of BillLine that are the fields of LineParts, and where a bill keeps its lines.
LINE_COLUMNS = ("name", "cls", "amount_fen", "self_first_bp", "cut_fen", "nth")
KEPT_LINES = "_lines_read"


@dataclass(frozen=True)
class StayFacts:
    """One stay as the engine asks of it; words and codes, no amounts."""

    kind: str
    insured_area: str
    insurance: str
    institution: str
    institution_area: str
    level: str
    charging_level: str
    admitted_on: date
    discharged_on: date
    settled_on: date
    settled_as: str
    reason: str = ""
    person_group: str = ""
    age: int | None = None
    nth_stay: int | None = None


class LineParts(NamedTuple):
    """One line of a bill; `cut` is what is not accepted of it, `nth` its place there."""

    name: str
    cls: str
    amount: int
    self_first_bp: int | None
    cut: int = 0
    nth: int = 0


@dataclass(frozen=True)
class BillParts:
    """One bill: its total, its parts (None: unknown), what is cut of it, its lines."""

    total: int
    own_expense: int | None
    over_limit: int | None
    self_first: int | None
    in_scope: int | None
    cut: int = 0
    lines: tuple[LineParts, ...] = ()

    @property
    def has_lines(self) -> bool:
        """Whether the lines tell the whole bill."""
        return bool(self.lines) and sum(line.amount for line in self.lines) == self.total

    @property
    def knows_parts(self) -> bool:
        """Whether it is said what of the bill is in scope."""
        return self.has_lines or self.in_scope is not None


def parts_of_row(bill: Bill) -> BillParts:
    """The parts of a stored bill, with its lines as they stand now or as `read_lines` kept
    them."""
    kept = bill.__dict__.get(KEPT_LINES)
    lines = _lines_of([bill.pk]).get(bill.pk, ()) if kept is None else kept
    parts = (getattr(bill, f"{part}_fen") for part in PARTS)
    return BillParts(bill.total_fen, *parts, cut=bill.cut_fen, lines=lines)


def read_lines(bills: list[Bill]) -> None:
    """Read the lines of these bills by one query and keep them on the bills, for a page that
    changes none of them."""
    wanted = [bill for bill in bills if KEPT_LINES not in bill.__dict__]
    found = _lines_of([bill.pk for bill in wanted]) if wanted else {}
    for bill in wanted:
        setattr(bill, KEPT_LINES, found.get(bill.pk, ()))


def _lines_of(bills: list[int]) -> dict[int, tuple[LineParts, ...]]:
    """{bill: its lines}; as plain values, since a long claim has hundreds of them."""
    rows = BillLine.objects.filter(bill__in=bills).order_by("bill_id", "nth")
    found: dict[int, list[LineParts]] = {}
    for bill, *values in rows.values_list("bill_id", *LINE_COLUMNS):
        found.setdefault(bill, []).append(LineParts(*values))
    return {bill: tuple(lines) for bill, lines in found.items()}


def split(bill: BillParts) -> tuple[int, int, int, int]:
    """(own expense, over limit, self first, in scope) in fen, adding up to the total.

    What nothing explains is in scope when no figure is known of it, else the person's own;
    what is cut moves to own expense. Raises CannotSettle for parts beyond the total.
    """
    own, over, first = bill.own_expense or 0, bill.over_limit or 0, bill.self_first or 0
    rest = bill.total - own - over - first - (bill.in_scope or 0)
    if rest < 0:
        raise CannotSettle("票据各部分之和超过票据金额，请核对后改正")
    in_scope = rest if bill.in_scope is None else bill.in_scope
    own += 0 if bill.in_scope is None else rest
    left = bill.cut
    taken = []
    for part in (in_scope, first, over):
        take = min(left, part)
        taken.append(take)
        left -= take
    cut = sum(taken)
    return own + cut, over - taken[2], first - taken[1], in_scope - taken[0]


def input_of(facts: StayFacts, bills: list[BillParts], policy: Policy) -> dict:
    """What `settlement.read_stay` takes; `as_json` of it is stored with a settlement."""
    data = {
        "kind": facts.kind,
        "place": scope_between(facts.insured_area, facts.institution_area),
        "filing": facts.settled_as,
        "admitted_on": facts.admitted_on.isoformat(),
        "discharged_on": facts.discharged_on.isoformat(),
        "settled_on": facts.settled_on.isoformat(),
        "institution": facts.institution.replace("@", "＠")[:200],
        **{name: value for name, value in _optional(facts, policy).items() if value},
    }
    if any(bill.has_lines for bill in bills):
        data["lines"] = [line for bill in bills for line in lines_of(bill)]
        return data
    sums = [sum(column) for column in zip(*(split(bill) for bill in bills), strict=True)]
    data |= {part: yuan(fen) for part, fen in zip(PARTS, sums, strict=True)}
    return data


def _optional(facts: StayFacts, policy: Policy) -> dict:
    """Facts that are left out where the policy has no word for them."""
    words = policy.vocabulary
    group = facts.person_group if facts.person_group in words.person_groups else None
    psychiatric = facts.reason == "psychiatric" and PSYCHIATRIC in words.tags
    return {
        "level": facts.level,
        "charging_level": facts.charging_level,
        "person_group": group,
        "age": facts.age,
        "nth_stay": facts.nth_stay,
        "tags": [PSYCHIATRIC] if psychiatric else None,
    }


def as_json(data: dict) -> dict:
    """What `input_of` gave as a JSON object, which `read_stay` reads to the same stay."""
    if "lines" not in data:
        return data
    return {**data, "lines": [_written(line) for line in data["lines"]]}


def _written(line: Line) -> dict:
    said = {"name": line.name, "class": line.cls, "amount": yuan(line.amount)}
    if line.self_first_bp is None:
        return said
    return {**said, "self_first_ratio": percent_of_points(line.self_first_bp)}


def lines_of(bill: BillParts) -> list[Line]:
    """The lines of a bill; one that has none is written as a line for each part."""
    if not bill.has_lines:
        own, over, first, in_scope = split(bill)
        parts = (
            (OWN_EXPENSE, own, None),
            (OVER_LIMIT, over, None),
            (SELF_FIRST, first, 10_000),
            (IN_SCOPE, in_scope, 0),
        )
        return [Line("没有明细的票据", cls, fen, bp) for cls, fen, bp in parts if fen]
    found = []
    for line in _with_cut(bill):
        if line.amount - line.cut:
            found.append(_accepted(line))
        if line.cut:
            found.append(Line(f"{line.name}（核减）"[:200], OWN_EXPENSE, line.cut, None))
    return found


def _with_cut(bill: BillParts) -> list[LineParts]:
    """The lines with the cut of the bill on them: where no line is named, the dearest first."""
    left = bill.cut - sum(line.cut for line in bill.lines)
    found = {}
    for place, line in sorted(enumerate(bill.lines), key=lambda pair: -pair[1].amount):
        more = max(0, min(left, line.amount - line.cut))
        left -= more
        found[place] = line._replace(cut=line.cut + more)
    return [found[place] for place in range(len(bill.lines))]


def _accepted(line: LineParts) -> Line:
    """What is accepted of a line. One that nobody has classified counts as the person's own
    until a clerk has: before that its bill is not accepted (acts.reviewing)."""
    cls, left = line.cls, line.amount - line.cut
    if needs_class(cls, line.self_first_bp):
        cls = OWN_EXPENSE
    return Line(line.name, cls, left, line.self_first_bp)
