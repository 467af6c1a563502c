"""From the bills of the answers to rows, and whether they are taken."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from casework.errors import NotAllowed
from casework.models import Case, Revision
from casework.perform import Context
from reimbursements.answers import PARTS, BillAnswer
from reimbursements.bills.numbers import printed, tidy_check_code
from reimbursements.dossier import dossier_of, forget_dossier
from reimbursements.models import Bill, BillLine, Claim

ELSEWHERE = "这张票据已在其他申请中报销"
# What of a bill the resident said; a change of any of it opens the decision anew.
SAID = (
    "form",
    "kind",
    "code",
    "number",
    "check_code",
    "code_norm",
    "number_norm",
    "date",
    "payer",
    "total_fen",
    *(f"{part}_fen" for part in PARTS),
)


def sync_bills(case: Case, claim: Claim, ctx: Context) -> None:
    """Bring the rows in line with the answers of the closed revision, all of them alive.

    Raises NotAllowed when another claim that is alive has one of the bills.
    """
    typed = dossier_of(case, ctx.now).answers.all_bills
    kept = {bill.key: bill for bill in claim.bills.prefetch_related("lines")}
    gone = [bill.pk for key, bill in kept.items() if key not in {bill.key for bill in typed}]
    claim.bills.filter(pk__in=gone).update(removed=True, alive=False)
    refuse_taken(case, claim, [bill.same_bill for bill in typed])
    with _clash(typed):
        # Let go of all first: two bills of one claim may have changed their numbers about.
        claim.bills.update(alive=False)
        for position, bill in enumerate(typed):
            _write(claim, case.revision, position, bill, kept.get(bill.key))
    count_bills(claim)
    forget_dossier(case)


def let_go(case: Case, ctx: Context) -> None:
    """The bills of a claim that has ended may be claimed again."""
    claim = getattr(case, "claim", None)
    if claim is not None:
        claim.bills.update(alive=False)
    forget_dossier(case)


def take_again(case: Case, ctx: Context) -> None:
    """The bills of a claim that is looked at anew are taken again, if nobody has them."""
    claim = case.claim
    rows = list(claim.bills.filter(removed=False, alive=False))
    refuse_taken(case, claim, [(row.kind, row.code_norm, row.number_norm) for row in rows])
    with _clash(rows):
        claim.bills.filter(pk__in=[row.pk for row in rows]).update(alive=True)
    forget_dossier(case)


def refuse_taken(case: Case, claim: Claim, wanted: list[tuple[str, str, str]]) -> None:
    """Raises NotAllowed for a bill that another claim has. Which one is said only to whom it
    belongs: the same person or the same account."""
    for text in taken_elsewhere(case, claim.pk, wanted).values():
        raise NotAllowed(text)


def taken_elsewhere(
    case: Case, claim_pk: int | None, wanted: list[tuple[str, str, str]]
) -> dict[tuple[str, str, str], str]:
    """What to tell of each of these bills (kind, code, number) that another living claim has,
    oldest first; `claim_pk` is the claim that asks, if it was submitted before."""
    wanted = [same for same in wanted if same[2]]
    if not wanted:
        return {}
    match = Q(pk=None)
    for kind, code, number in wanted:
        match |= Q(kind=kind, code_norm=code, number_norm=number)
    taken = (
        # The numbers besides, and that they are some, so that any database finds the few by the
        # index of numbers.
        Bill.objects.filter(match, number_norm__in=[number for *_, number in wanted], alive=True)
        .exclude(number_norm="")
        .exclude(claim_id=claim_pk)
        .select_related("claim__case")
        .order_by("pk")
    )
    return {(row.kind, row.code_norm, row.number_norm): _taken(case, row) for row in taken}


def count_bills(claim: Claim) -> None:
    """The sums of the bills on the claim, in fen."""
    bills = list(claim.bills.filter(removed=False))
    claim.billed_fen = sum(bill.total_fen for bill in bills)
    claim.accepted_fen = sum(bill.accepted_fen for bill in bills)
    claim.save(update_fields=["billed_fen", "accepted_fen"])


def _taken(case: Case, bill: Bill) -> str:
    other = bill.claim.case
    same_account = case.account_id is not None and other.account_id == case.account_id
    if other.person_id == case.person_id or same_account:
        return (
            f"票据号码 {bill.number} 已在办件 {other.number} 中申请，不能重复报销；"
            "请删除这张票据，或先撤回那一件"
        )
    return ELSEWHERE


class _clash:
    """Two submits at the same moment: the constraint of the database refuses the second."""

    def __init__(self, wanted):
        self.inner = transaction.atomic()

    def __enter__(self):
        self.inner.__enter__()

    def __exit__(self, kind, error, trace):
        self.inner.__exit__(kind, error, trace)
        if kind is not None and issubclass(kind, IntegrityError) and _is_ours(error):
            raise NotAllowed(ELSEWHERE) from error


def _is_ours(error: IntegrityError) -> bool:
    """PostgreSQL names the constraint, SQLite its columns."""
    text = str(error)
    return "bill_alive_once" in text or "number_norm" in text


def _write(
    claim: Claim, revision: Revision, position: int, typed: BillAnswer, row: Bill | None
) -> None:
    row = row or Bill(claim=claim, key=typed.key)
    before = None if row.pk is None else _said(row)
    for name, value in _columns(typed).items():
        setattr(row, name, value)
    row.position, row.files, row.alive, row.removed = position, typed.files, True, False
    changed = before != _said(row) or (row.pk is not None and _other_lines(row, typed))
    if row.pk is None or changed:
        row.revision = revision
        row.decision, row.cut_fen, row.cut_reason = Bill.Decision.OPEN, 0, ""
        row.decided_at = None
        row.paper = _paper(row)
    row.save()
    if changed or before is None:
        _write_lines(row, typed)


def _said(row: Bill) -> tuple:
    return tuple(getattr(row, name) for name in SAID)


def _paper(row: Bill) -> str:
    """Where the original is: one that came in stays in, also when a figure is corrected."""
    if row.form != "paper":
        return Bill.Paper.NOT_NEEDED
    came = (Bill.Paper.RECEIVED, Bill.Paper.KEPT, Bill.Paper.RETURNED)
    return row.paper if row.paper in came else Bill.Paper.AWAITED


def _columns(typed: BillAnswer) -> dict:
    kind, code_norm, number_norm = typed.same_bill
    code, number = printed(kind, typed.code, typed.number, paper=typed.form == "paper")
    return {
        "form": typed.form,
        "kind": kind,
        "code": code,
        "number": number,
        "check_code": tidy_check_code(typed.check_code),
        "code_norm": code_norm,
        "number_norm": number_norm if number else "",
        "date": typed.day,
        "payer": typed.payer.strip(),
        "total_fen": typed.total_fen,
        **{f"{part}_fen": typed.part_fen(part) for part in PARTS},
    }


def _other_lines(row: Bill, typed: BillAnswer) -> bool:
    stored = [
        (line.name, line.cls, line.amount_fen, line.self_first_bp) for line in row.lines.all()
    ]
    return stored != [
        (line.name, line.cls, line.amount_fen, line.self_first_bp)
        for line in typed.read_lines or ()
    ]


def _write_lines(row: Bill, typed: BillAnswer) -> None:
    row.lines.all().delete()
    BillLine.objects.bulk_create(
        BillLine(
            bill=row,
            nth=nth,
            name=line.name,
            cls=line.cls,
            amount_fen=line.amount_fen,
            self_first_bp=line.self_first_bp,
        )
        for nth, line in enumerate(typed.read_lines or (), 1)
    )
