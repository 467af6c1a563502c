"""The figures of an area and a period, read from the months that were added up: a handful of
grouped queries, whatever the number of claims. Amounts in fen."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from casework.admin.rows import own_name
from casework.models import Reason
from facilities.areas import UnknownArea, area_name, province_of
from reimbursements.codes import KINDS
from reimbursements.models import ClaimStat
from reimbursements.reports import measures
from reimbursements.reports.asking import Asked
from reimbursements.reports.money import Money, money
from reimbursements.settlement.terms import FUNDS

# Places with fewer claims are shown together, so that no line tells of a single person.
FEW = 3
ELSEWHERE = f"其他就医地（每地不足 {FEW} 件）"
MEASURES = (
    measures.CLAIMS,
    measures.STAYS,
    measures.CLAIMED,
    measures.CUT,
    measures.IN_SCOPE,
    measures.FUND,
    measures.ACCOUNT,
    measures.ADJUSTED,
)
ENDED = {
    measures.RECEIVED: "收到申请",
    measures.NOT_ACCEPTED: "不予受理",
    measures.REJECTED: "不予报销",
    measures.WITHDRAWN: "申请人撤回",
    measures.LAPSED: "逾期未补正终止",
}


@dataclass
class Line:
    """The figures of one group. `claimed` is split without a rest: what the funds and the
    personal account pay, and what is left to the person, with what was cut."""

    label: str = ""
    short: str = ""  # for the foot of a chart
    claims: int = 0
    stays: int = 0
    claimed: int = 0
    cut: int = 0
    in_scope: int = 0
    account: int = 0
    adjusted: int = 0
    funds: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def paid(self) -> int:
        """What all funds pay."""
        return sum(self.funds.values())

    @property
    def own(self) -> int:
        """What is left to the person in cash."""
        return self.claimed - self.paid - self.account

    def take(self, measure: str, part: str, count: int, fen: int) -> None:
        """Add one figure; those of other measures are left out."""
        if measure == measures.FUND:
            self.funds[part] += fen
        elif measure in (measures.CLAIMS, measures.STAYS):
            setattr(self, measure, getattr(self, measure) + count)
        elif measure in MEASURES:
            setattr(self, measure, getattr(self, measure) + fen)

    def join(self, other: "Line") -> None:
        """Add the figures of another group."""
        for name in ("claims", "stays", "claimed", "cut", "in_scope", "account", "adjusted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for fund, fen in other.funds.items():
            self.funds[fund] += fen


@dataclass(frozen=True)
class Cut:
    """Why bills were cut: how many, and how much."""

    code: str
    text: str
    bills: int
    fen: int


@dataclass(frozen=True)
class Took:
    """How many working days a stage took: the middle one, and the one that nine in ten do
    not pass (nearest rank)."""

    label: str
    count: int
    median: int
    ninetieth: int


@dataclass(frozen=True)
class Report:
    """Everything of the page."""

    total: Line
    months: list[Line]
    counties: list[Line]
    places: list[Line]
    kinds: list[Line]
    funds: list[tuple[str, str]]  # (code, words) of those that paid anything
    cuts: list[Cut]
    stages: list[Took]
    ended: list[tuple[str, int]]
    money: Money

    @property
    def is_empty(self) -> bool:
        """Whether nothing was settled, received, ended or paid in the period."""
        ended = any(count for _, count in self.ended)
        return not (self.months or self.stages or self.money.months or ended)


def report(scope: dict, asked: Asked) -> Report:
    """The figures of a scope (`StaffProfile.scope_filter`). Five queries."""
    ever = ClaimStat.objects.filter(**scope, span=ClaimStat.Span.MONTH).order_by()
    if asked.insurance:
        ever = ever.filter(insurance=asked.insurance)
    if asked.county:
        ever = ever.filter(county=asked.county)
    mine = ever.filter(day__gte=asked.first, day__lte=asked.last)
    to = {"destination__startswith": asked.province[:2]} if asked.province else {}
    here = mine.filter(**to, measure__in=(*MEASURES, *ENDED))
    # One pass over the figures gives three tables: months, counties and kinds are few.
    sums = _sums(here, "day", "county", "kind")
    total = _total(sums)
    return Report(
        total=total,
        months=_lines(sums, 0, month_words, lambda month: f"{month:%y-%m}"),
        counties=_lines(sums, 1, area_name, own_name),
        places=merged(_lines(_sums(here, "destination"), 0, place_name)),
        kinds=_lines(sums, 2, lambda kind: KINDS.get(kind, kind)),
        funds=_funds(total),
        cuts=_cuts(sums),
        stages=_stages(mine.filter(measure=measures.STAGE)),
        ended=_ended(sums),
        money=money(ever.filter(**to), asked.months, month_words),
    )


def place_name(code: str) -> str:
    """A place of care: its province first."""
    if not code:
        return "没有写明"
    try:
        province_of(code)
    except UnknownArea:
        return code
    return area_name(code)


def rank(counts: dict[int, int], tenths: int) -> int:
    """The value below or at which so many tenths of all lie: the nearest rank, so that it is
    one that occurred. `counts` is value -> how many."""
    wanted = -(-sum(counts.values()) * tenths // 10)
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return 0


def merged(lines: list[Line]) -> list[Line]:
    """Lines of at least `FEW` claims, the most money first; the others as one at the end."""
    kept = [line for line in lines if line.claims >= FEW]
    rest = Line(ELSEWHERE)
    for line in lines:
        if line.claims < FEW:
            rest.join(line)
    kept.sort(key=lambda line: (-line.paid, line.label))
    return [*kept, rest] if len(kept) < len(lines) else kept


def _sums(rows, *columns: str) -> list[tuple]:
    """(values of the columns, measure, part, count, fen), by value."""
    found = rows.values_list(*columns, "measure", "part").annotate(n=Sum("count"), f=Sum("fen"))
    return list(found.order_by(*columns, "measure", "part"))


def _lines(sums: list[tuple], at: int, words: Callable, short: Callable = str) -> list[Line]:
    """One line for each value of a column in which anything was settled, in order."""
    lines: dict = {}
    for row in sums:
        if row[-4] in MEASURES:
            line = lines.get(row[at])
            if line is None:
                line = lines[row[at]] = Line(words(row[at]), short(row[at]))
            line.take(*row[-4:])
    return [lines[value] for value in sorted(lines)]


def _total(sums: list[tuple]) -> Line:
    line = Line("合计")
    for row in sums:
        line.take(*row[-4:])
    return line


def _funds(total: Line) -> list[tuple[str, str]]:
    """The funds that paid, in the order of the engine's list, others after them."""
    codes = [*(code for code in FUNDS if code in total.funds), *sorted({*total.funds} - {*FUNDS})]
    return [(code, FUNDS.get(code, code)) for code in codes]


def _cuts(sums: list[tuple]) -> list[Cut]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for *_, measure, part, count, fen in sums:
        if measure == measures.CUT:
            found[part][0] += count
            found[part][1] += fen
    texts = dict(Reason.objects.filter(kind="claim", action="cut_bill").values_list("code", "text"))
    cuts = [
        Cut(code, texts.get(code, "其他（见说明）"), bills, fen)
        for code, (bills, fen) in found.items()
        if bills or fen
    ]
    return sorted(cuts, key=lambda cut: cut.text)


def _stages(rows) -> list[Took]:
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for part, days, count in rows.values_list("part", "working_days").annotate(n=Sum("count")):
        counts[part][days] = count
    return [
        Took(words, sum(counts[part].values()), rank(counts[part], 5), rank(counts[part], 9))
        for part, words in measures.STAGES.values()
        if part in counts
    ]


def _ended(sums: list[tuple]) -> list[tuple[str, int]]:
    found = dict.fromkeys(ENDED, 0)
    for *_, measure, _, count, _ in sums:
        if measure in found:
            found[measure] += count
    return [(words, found[measure]) for measure, words in ENDED.items()]


def month_words(month: date) -> str:
    """2026 年 3 月."""
    return f"{month.year} 年 {month.month} 月"
