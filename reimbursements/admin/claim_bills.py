"""The bills of a claim as a clerk looks at them: a line for each, and one of them whole. Fen."""

from dataclasses import dataclass
from datetime import datetime

from casework.kinds import Finding
from reimbursements.answers import PARTS, BillAnswer
from reimbursements.bills.found import Found
from reimbursements.bills.numbers import normal
from reimbursements.bills.warnings import plain_name
from reimbursements.codes import BILL_FORMS, BILL_KINDS
from reimbursements.fields import PART_LABELS
from reimbursements.models import Bill
from reimbursements.settlement.money import percent_of_points, yuan
from reimbursements.settling.inputs import LineParts, parts_of_row
from residents.personal import mask_name

TONES = {"open": "waiting", "accepted": "done", "cut": "late"}
NOT_READ = "还没有读到二维码或电子原件，请对照票据核对。"


@dataclass(frozen=True)
class BillRow:
    """One bill in the list; amounts in yuan."""

    pk: int
    nth: int
    number: str
    kind: str
    day: str
    total: str
    accepted: str
    decision: str
    tone: str
    doubts: int
    paper: str
    current: bool


@dataclass(frozen=True)
class Said:
    """One value of a bill: as typed, as the machine read it, and whether the two agree
    (None: nothing was read)."""

    label: str
    typed: str
    read: str
    agrees: bool | None


@dataclass(frozen=True)
class LineRow:
    """One line of a bill; amounts in yuan."""

    nth: int
    name: str
    cls: str
    share: str  # self-pay first of its own, "" for that of its class
    amount: str
    cut: str
    findings: list[Finding]


@dataclass(frozen=True)
class PartField:
    """One part of a bill in the form, as it is or as it was typed."""

    name: str
    label: str
    value: str
    error: str


@dataclass(frozen=True)
class BillDetail:
    """The bill that is looked at."""

    row: BillRow
    said: list[Said]
    not_read: str
    findings: list[Finding]
    files: list[int]
    parts: list[PartField]
    lines: list[LineRow]
    by_lines: bool  # the lines tell the parts, nothing is typed
    decision: str
    cut: str
    reason: str
    decided_by: str
    decided_at: datetime | None
    is_open: bool
    is_paper: bool
    paper_code: str
    paper_by: str
    paper_at: datetime | None


def findings_by_bill(findings: list[Finding]) -> dict[str, list[Finding]]:
    """{key of a bill: its findings}, those of its lines among them."""
    found: dict[str, list[Finding]] = {}
    for each in findings:
        area, _, rest = each.target.partition(":")
        if area in ("bill", "line"):
            found.setdefault(rest.split(":")[0], []).append(each)
    return found


def bill_rows(bills: list[Bill], doubts: dict[str, list], current: int) -> list[BillRow]:
    """The list of the bills, the one looked at marked."""
    return [_row(nth, bill, doubts, current) for nth, bill in enumerate(bills, start=1)]


def _row(nth: int, bill: Bill, doubts: dict, current: int) -> BillRow:
    return BillRow(
        pk=bill.pk,
        nth=nth,
        number=bill.number or "没有号码",
        kind=BILL_KINDS.get(bill.kind, "票据"),
        day=bill.date.isoformat() if bill.date else "",
        total=yuan(bill.total_fen),
        accepted="" if bill.decision == Bill.Decision.OPEN else yuan(bill.accepted_fen),
        decision=bill.get_decision_display(),
        tone=TONES[bill.decision],
        doubts=len(doubts.get(bill.key, ())),
        paper=bill.get_paper_display() if bill.form == "paper" else "",
        current=bill.pk == current,
    )


def chosen(bills: list[Bill], asked: str) -> Bill | None:
    """The bill asked for; else the first that nobody has decided, else the first."""
    wanted = [bill for bill in bills if str(bill.pk) == asked]
    undecided = [bill for bill in bills if bill.decision == Bill.Decision.OPEN]
    return next(iter([*wanted, *undecided, *bills]), None)


def after(bills: list[Bill], pk: int) -> Bill | None:
    """The next bill that nobody has decided, looking on from this one and round again."""
    at = next((place for place, bill in enumerate(bills) if bill.pk == pk), 0)
    round_again = [*bills[at + 1 :], *bills[:at]]
    return next((bill for bill in round_again if bill.decision == Bill.Decision.OPEN), None)


def detail(
    bill: Bill,
    row: BillRow,
    answer: BillAnswer | None,
    found: Found | None,
    findings: list[Finding],
    reasons: dict[str, str],
    names: dict[int, str],
    typed: dict,
    errors: dict,
) -> BillDetail:
    """One bill whole. `reasons` are code -> words, `names` user -> name, `typed` and `errors`
    what a refused form held, by field."""
    parts = parts_of_row(bill)
    return BillDetail(
        row=row,
        said=_said(bill, found),
        not_read="" if found else NOT_READ,
        findings=[each for each in findings if not each.target.startswith("line:")],
        files=[int(pk) for pk in (answer.files if answer else bill.files)],
        parts=_parts(bill, typed, errors),
        lines=_lines(parts.lines, findings, typed),
        by_lines=parts.has_lines,
        decision=bill.decision,
        cut=yuan(bill.cut_fen) if bill.cut_fen else "",
        reason=reasons.get(bill.cut_reason, "其他" if bill.cut_reason else ""),
        decided_by=names.get(bill.decided_by_id, ""),
        decided_at=bill.decided_at,
        is_open=bill.decision == Bill.Decision.OPEN,
        is_paper=bill.form == "paper",
        paper_code=bill.paper,
        paper_by=names.get(bill.paper_by_id, ""),
        paper_at=bill.paper_at,
    )


def _said(bill: Bill, found: Found | None) -> list[Said]:
    """Each value as typed and as read. Names are compared whole and shown masked."""
    day = bill.date.isoformat() if bill.date else ""
    rows = [("形式", BILL_FORMS.get(bill.form, ""), "", None)]
    values = (
        ("种类", BILL_KINDS.get(bill.kind, ""), _kind(found)),
        ("票据代码", bill.code, found.code if found else ""),
        ("票据号码", bill.number, found.number if found else ""),
        ("校验码", bill.check_code, found.check_code if found else ""),
        ("开票日期", day, _day(found)),
        ("金额", yuan(bill.total_fen), _amount(found)),
    )
    for label, typed, read in values:
        rows.append((label, typed, read, normal(typed) == normal(read) if read else None))
    payer = found.payer if found else ""
    same = plain_name(bill.payer) == plain_name(payer) if payer else None
    rows.append(("交款人", mask_name(bill.payer), mask_name(payer), same))
    return [Said(*row) for row in rows if row[1] or row[2]]


def _kind(found: Found | None) -> str:
    return BILL_KINDS.get(str(found.kind), "") if found else ""


def _day(found: Found | None) -> str:
    return found.issued_on.isoformat() if found and found.issued_on else ""


def _amount(found: Found | None) -> str:
    return yuan(found.amount) if found and found.amount is not None else ""


def _parts(bill: Bill, typed: dict, errors: dict) -> list[PartField]:
    fields = []
    for part in PARTS:
        fen = getattr(bill, f"{part}_fen")
        known = "" if fen is None else yuan(fen)
        fields.append(
            PartField(part, PART_LABELS[part], typed.get(part, known), errors.get(part, ""))
        )
    return fields


def _lines(lines: tuple[LineParts, ...], findings: list[Finding], typed: dict) -> list[LineRow]:
    about = {}
    for each in findings:
        if each.target.startswith("line:"):
            about.setdefault(each.target.rpartition(":")[2], []).append(each)
    return [
        LineRow(
            nth=line.nth,
            name=line.name,
            cls=line.cls,
            share="" if line.self_first_bp is None else percent_of_points(line.self_first_bp),
            amount=yuan(line.amount),
            cut=typed.get(f"line-{line.nth}", yuan(line.cut) if line.cut else ""),
            findings=about.get(str(line.nth), []),
        )
        for line in lines
    ]
