"""The first review bill by bill, the paper originals, and manual adjustments. Fen."""

from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from casework.told import whole_of
from reimbursements.acts.billing import count_bills
from reimbursements.answers import PARTS
from reimbursements.bills.linevalues import needs_class
from reimbursements.codes import SETTLED_AS
from reimbursements.dossier import forget_dossier
from reimbursements.models import Adjustment, Bill
from reimbursements.originals import issue_receipt, issue_split
from reimbursements.settling.inputs import parts_of_row

MAX_FEN = 10**12
SHOWN_LINES = 5


def accept_bill(case: Case, ctx: Context) -> None:
    """The bill is accepted whole; data: bill, and parts (part -> fen) where they were unknown."""
    bill = _bill(case, ctx)
    _set_parts(bill, ctx)
    bill.lines.exclude(cut_fen=0).update(cut_fen=0)
    if not parts_of_row(bill).knows_parts:
        raise NotAllowed("请先写明这张票据政策范围内的金额，或录入明细，再认可")
    _refuse_unclassified(bill)
    _decide(case, bill, ctx, Bill.Decision.ACCEPTED, 0)


def cut_bill(case: Case, ctx: Context) -> None:
    """Part of the bill, or all of it, is not paid; data: bill, amount, parts, lines (nth -> fen).

    With `lines` the amount is their sum. Cut whole, the bill is no part of the stay.
    """
    bill = _bill(case, ctx)
    _set_parts(bill, ctx)
    lines = {int(nth): _fen(fen, "核减金额") for nth, fen in (ctx.data.get("lines") or {}).items()}
    amount = sum(lines.values()) if lines else _fen(ctx.data.get("amount"), "核减金额")
    if not 0 < amount <= bill.total_fen:
        raise NotAllowed("核减金额应大于 0，不超过票据金额")
    if amount < bill.total_fen and not parts_of_row(bill).knows_parts:
        raise NotAllowed("请先写明这张票据政策范围内的金额，或录入明细，再核减")
    _cut_lines(bill, lines)
    if amount < bill.total_fen:
        _refuse_unclassified(bill)
    _decide(case, bill, ctx, Bill.Decision.CUT, amount)


def open_bill(case: Case, ctx: Context) -> None:
    """The decision of a bill is taken back; data: bill."""
    bill = _bill(case, ctx)
    bill.lines.exclude(cut_fen=0).update(cut_fen=0)
    _decide(case, bill, ctx, Bill.Decision.OPEN, 0)


def classify_line(case: Case, ctx: Context) -> None:
    """One line gets another class; data: bill, line (nth), class, self_first_bp. The bill has
    to be decided anew."""
    bill = _bill(case, ctx)
    line = bill.lines.filter(nth=whole_of(ctx.data, "line") or 0).first()
    cls = str(ctx.data.get("class") or "").strip()
    if line is None or not cls or len(cls) > 40:
        raise NotAllowed("请选择明细，并写明类别")
    ratio = ctx.data.get("self_first_bp")
    if ratio not in (None, "") and not 0 <= int(ratio) <= 10_000:
        raise NotAllowed("先行自付比例应在 0 到 100% 之间")
    line.cls, line.self_first_bp = cls, None if ratio in (None, "") else int(ratio)
    line.save(update_fields=["cls", "self_first_bp"])
    ctx.event_data = {**ctx.event_data, "line": line.nth}
    _decide(case, bill, ctx, Bill.Decision.OPEN, 0)


def note_paper(case: Case, ctx: Context) -> None:
    """Where the paper original of a bill is; data: bill or bills, state (received, kept,
    returned). Who brings one gets a 收据, who takes one back a 分割单."""
    bills = _bills(case, ctx)
    state = str(ctx.data.get("state") or "")
    if any(bill.form != "paper" for bill in bills):
        raise NotAllowed("这张是电子票据，没有纸质原件")
    if state not in (Bill.Paper.RECEIVED, Bill.Paper.KEPT, Bill.Paper.RETURNED):
        raise NotAllowed("请选择原件已收到、已归档还是已退回")
    there = (Bill.Paper.RECEIVED, Bill.Paper.KEPT)
    if state != Bill.Paper.RECEIVED and any(bill.paper not in there for bill in bills):
        raise NotAllowed("这张票据的原件还没有收到")
    for bill in bills:
        bill.paper, bill.paper_by, bill.paper_at = state, ctx.actor.user, ctx.now
        bill.save(update_fields=["paper", "paper_by", "paper_at"])
    ctx.event_data = {**ctx.event_data, "state": state}
    if state == Bill.Paper.RECEIVED:
        issue_receipt(case, ctx, bills)
    elif state == Bill.Paper.RETURNED:
        issue_split(case, ctx, bills)
    forget_dossier(case)


def set_filing(case: Case, ctx: Context) -> None:
    """The clerk says by which filing the stay is settled; data: settled_as."""
    settled_as = str(ctx.data.get("settled_as") or "")
    if settled_as not in SETTLED_AS:
        raise NotAllowed("请选择按哪种备案结算")
    if settled_as != case.claim.filing_category and not ctx.note:
        raise NotAllowed("与系统查到的备案不一致，请在说明里写明理由")
    ctx.event_data = {"from": case.claim.settled_as, "to": settled_as}
    case.claim.settled_as, case.claim.filing_confirmed = settled_as, True
    case.claim.save(update_fields=["settled_as", "filing_confirmed"])
    forget_dossier(case)


def propose_adjustment(case: Case, ctx: Context) -> None:
    """A manual change of what is paid, with its reason; data: amount in fen, signed."""
    amount = _signed(ctx.data.get("amount"))
    if not ctx.note:
        raise NotAllowed("请写明调整的理由")
    row = Adjustment.objects.create(
        claim=case.claim,
        amount_fen=amount,
        reason=ctx.note,
        made_by=ctx.actor.user,
        made_at=ctx.now,
    )
    ctx.event_data = {"adjustment": row.pk, "amount": amount}
    forget_dossier(case)


def confirm_adjustment(case: Case, ctx: Context) -> None:
    """The second person agrees; data: adjustment."""
    row = _proposed(case, ctx)
    if row.made_by_id == ctx.actor.user.pk:
        raise NotAllowed("人工调整须由提出人以外的人员确认")
    row.state = Adjustment.State.CONFIRMED
    row.approved_by, row.approved_at = ctx.actor.user, ctx.now
    row.save(update_fields=["state", "approved_by", "approved_at"])
    forget_dossier(case)


def drop_adjustment(case: Case, ctx: Context) -> None:
    """A proposal is given up; the row stays. data: adjustment."""
    row = _proposed(case, ctx)
    row.state = Adjustment.State.DROPPED
    row.save(update_fields=["state"])
    forget_dossier(case)


def pass_first(case: Case, ctx: Context) -> None:
    """The first review is done."""
    _signed_off(case, ctx, "first_by")


def pass_second(case: Case, ctx: Context) -> None:
    """The second review is done."""
    _signed_off(case, ctx, "second_by")


def return_from_first(case: Case, ctx: Context) -> None:
    """Back to those who accept; the days go on running."""
    _signed_off(case, ctx, "first_by")


def return_from_approval(case: Case, ctx: Context) -> None:
    """Back to the second review, by the one who approves."""
    _signed_off(case, ctx, "approved_by")


def _signed_off(case: Case, ctx: Context, column: str) -> None:
    """Who acted at a stage stays its person, so that nobody acts at two."""
    setattr(case.claim, column, ctx.actor.user)
    case.claim.save(update_fields=[column])
    forget_dossier(case)


def _bill(case: Case, ctx: Context) -> Bill:
    pk = whole_of(ctx.data, "bill")
    bill = Bill.objects.filter(pk=pk, claim_id=case.pk, removed=False).first() if pk else None
    if bill is None:
        raise NotAllowed("请选择这件申请里的票据")
    ctx.event_data = {"bill": bill.pk}
    return bill


def _bills(case: Case, ctx: Context) -> list[Bill]:
    """The bills of `ctx.data`: one, or several at once (`bills`, a list of keys)."""
    wanted = ctx.data.get("bills")
    if wanted is None:
        return [_bill(case, ctx)]
    bills = list(
        Bill.objects.filter(pk__in=wanted, claim_id=case.pk, removed=False).order_by("position")
    )
    if not bills or len(bills) != len(set(wanted)):
        raise NotAllowed("请选择这件申请里的票据")
    ctx.event_data = {"bills": [bill.pk for bill in bills]}
    return bills


def _set_parts(bill: Bill, ctx: Context) -> None:
    parts = ctx.data.get("parts") or {}
    for name, fen in parts.items():
        if name not in PARTS:
            raise NotAllowed("不认识的费用类别")
        setattr(bill, f"{name}_fen", None if fen in (None, "") else _fen(fen, "金额"))
    if sum(getattr(bill, f"{part}_fen") or 0 for part in PARTS) > bill.total_fen:
        raise NotAllowed("各部分之和超过票据金额，请核对")


def _refuse_unclassified(bill: Bill) -> None:
    """What is accepted of a bill has a class: nobody is paid by a guess of the machine."""
    waiting = [
        str(line.nth)
        for line in bill.lines.all()
        if needs_class(line.cls, line.self_first_bp) and line.cut_fen < line.amount_fen
    ]
    if waiting:
        more = "等" if len(waiting) > SHOWN_LINES else ""
        named = "、".join(waiting[:SHOWN_LINES])
        raise NotAllowed(f"第 {named} {more}项明细（共 {len(waiting)} 项）没有归类，请先归类")


def _cut_lines(bill: Bill, cuts: dict[int, int]) -> None:
    lines = {line.nth: line for line in bill.lines.all()}
    if set(cuts) - set(lines):
        raise NotAllowed("核减的明细不在这张票据里")
    for nth, line in lines.items():
        if cuts.get(nth, 0) > line.amount_fen:
            raise NotAllowed(f"第 {nth} 项的核减金额超过了这一项的金额")
        if line.cut_fen != cuts.get(nth, 0):
            line.cut_fen = cuts.get(nth, 0)
            line.save(update_fields=["cut_fen"])


def _decide(case: Case, bill: Bill, ctx: Context, decision: str, cut: int) -> None:
    bill.decision, bill.cut_fen = decision, cut
    bill.cut_reason = ctx.reason_code if decision == Bill.Decision.CUT else ""
    bill.decided_by, bill.decided_at = ctx.actor.user, ctx.now
    bill.save()
    ctx.event_data = {**ctx.event_data, "cut": cut}
    count_bills(case.claim)
    forget_dossier(case)


def _proposed(case: Case, ctx: Context) -> Adjustment:
    pk = whole_of(ctx.data, "adjustment")
    row = Adjustment.objects.filter(
        pk=pk, claim_id=case.pk, state=Adjustment.State.PROPOSED
    ).first()
    if row is None:
        raise NotAllowed("没有待确认的人工调整")
    ctx.event_data = {"adjustment": row.pk}
    return row


def _fen(value, label: str) -> int:
    text = str(value if value is not None else "")
    if not (text.isascii() and text.isdigit() and int(text) < MAX_FEN):
        raise NotAllowed(f"{label}应为不小于 0 的金额")
    return int(text)


def _signed(value) -> int:
    text = str(value if value is not None else "")
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) < MAX_FEN):
        raise NotAllowed("调整金额应为不等于 0 的金额")
    return int(text)
