"""Money got back: each amount that comes in is a row of its own, none is ever edited. Fen."""

from django.db.models import Sum

from casework.clock import local_day
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from casework.told import day_of, whole_of
from reimbursements.models import Payment
from reimbursements.settlement.money import yuan

MAX_RECEIPT = 40
State = Payment.State


def recover(case: Case, ctx: Context) -> None:
    """Something of what is due has come in; data: recovery, amount (fen), day, how, receipt."""
    due = _held(case, whole_of(ctx.data, "recovery"), State.DUE)
    if due is None:
        raise NotAllowed("这笔待追回的款已经追回或有变动，请刷新后再登记")
    row = _receipt(case, due, ctx)
    left = left_of(due)
    if not 0 < -row.amount_fen <= left:
        raise NotAllowed(f"金额应大于 0，不超过还没有追回的 {yuan(left)} 元")
    if due.receipts.filter(receipt_number=row.receipt_number, state=State.RECOVERED).exists():
        raise NotAllowed(f"凭证号 {row.receipt_number} 已经登记过，请核对是否重复登记")
    row.save(force_insert=True)
    left += row.amount_fen
    if not left:
        due.state, due.done_at = State.MET, ctx.now
        due.save(update_fields=["state", "done_at"])
    ctx.event_data = {"recovery": due.pk, "payment": row.pk, "amount": -row.amount_fen}
    ctx.notice_context["amount"] = yuan(-row.amount_fen)
    ctx.notice_context["left"] = f"还差{yuan(left)}元" if left else "应退的款已全部收到"


def strike_recovery(case: Case, ctx: Context) -> None:
    """A receipt was written down by mistake: it stays, struck out, with the reason in the
    note; what it counted for is due again. data: receipt."""
    if not ctx.note:
        raise NotAllowed("请写明作废的原因")
    row = _held(case, whole_of(ctx.data, "receipt"), State.RECOVERED)
    if row is None:
        raise NotAllowed("这笔登记不存在或已经作废，请刷新后再看")
    due = Payment.objects.select_for_update(of=("self",)).get(pk=row.recovers_id)
    if due.state not in (State.DUE, State.MET):
        raise NotAllowed("这笔追回已被后来的结算取代，不能再作废其中的登记，请联系主管")
    row.state, row.done_at = State.CANCELLED, ctx.now
    row.save(update_fields=["state", "done_at"])
    due.state, due.done_at = State.DUE, None
    due.save(update_fields=["state", "done_at"])
    ctx.event_data = {"recovery": due.pk, "payment": row.pk, "amount": -row.amount_fen}


def left_of(due: Payment) -> int:
    """What of a recovery has not come in, in fen."""
    came = due.receipts.filter(state=State.RECOVERED).aggregate(sum=Sum("amount_fen"))["sum"]
    return (came or 0) - due.amount_fen


def _held(case: Case, pk: int | None, state: str) -> Payment | None:
    rows = Payment.objects.select_for_update(of=("self",))
    return rows.filter(pk=pk, claim_id=case.pk, kind=Payment.Kind.RECOVERY, state=state).first()


def _receipt(case: Case, due: Payment, ctx: Context) -> Payment:
    """The row of what came in, not saved yet. Raises NotAllowed."""
    day = day_of(ctx.data, "day", "到账日期", required=True)
    if not local_day(due.made_at) <= day <= local_day(ctx.now):
        raise NotAllowed("到账日期应在列为待追回以后，不晚于今天")
    how = str(ctx.data.get("how") or "")
    if how not in Payment.How.values:
        raise NotAllowed("请选择追回方式")
    receipt = str(ctx.data.get("receipt") or "").strip()
    if not receipt or len(receipt) > MAX_RECEIPT:
        raise NotAllowed(f"请填写收款凭证号，最多 {MAX_RECEIPT} 个字")
    return Payment(
        claim=case.claim,
        settlement_id=due.settlement_id,
        kind=Payment.Kind.RECOVERY,
        amount_fen=-(whole_of(ctx.data, "amount") or 0),
        state=State.RECOVERED,
        recovers=due,
        how=how,
        receipt_number=receipt,
        received_on=day,
        made_by=ctx.actor.user,
        made_at=ctx.now,
        done_at=ctx.now,
    )
