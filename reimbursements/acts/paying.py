"""The money: paid, not paid, tried again, given another account, taken back. Fen."""

from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from reimbursements.acts.billing import let_go
from reimbursements.bills.accounts import check_account
from reimbursements.documents import issue_reversal
from reimbursements.dossier import forget_dossier
from reimbursements.missing import account_gaps
from reimbursements.models import Payment
from reimbursements.settlement.money import yuan
from reimbursements.settling import ask_back, reverse_settlement


def pay(case: Case, ctx: Context) -> None:
    """The bank has paid: the payment on its list is done."""
    payment = _live(case)
    payment.state, payment.live, payment.done_at = Payment.State.PAID, False, ctx.now
    if payment.amount_fen != case.claim.payable_fen:
        raise NotAllowed("支付批次里的金额和现在应支付的金额不一致，请作废批次重新制单")
    payment.save()
    case.claim.payable_fen = 0
    case.claim.save(update_fields=["payable_fen"])
    ctx.event_data = {"payment": payment.pk, "amount": payment.amount_fen}
    ctx.notice_context["amount"] = yuan(payment.amount_fen)


def close(case: Case, ctx: Context) -> None:
    """Nothing is to be paid: the claim is done. A figure below zero is asked back."""
    claim = case.claim
    row = claim.settlements.order_by("-seq").first()
    ask_back(claim, claim.payable_fen or 0, row, ctx.actor, ctx.now)
    ctx.event_data = {"amount": claim.payable_fen or 0}
    claim.payable_fen = 0
    claim.save(update_fields=["payable_fen"])


def fail(case: Case, ctx: Context) -> None:
    """The bank could not pay; the resident is asked for another account."""
    payment = _live(case)
    payment.state, payment.live, payment.done_at = Payment.State.FAILED, False, ctx.now
    payment.failed_because = ctx.note[:200] or ctx.reason_code
    payment.save()
    ctx.event_data = {"payment": payment.pk}


def give_account(case: Case, ctx: Context) -> None:
    """The resident corrects the account; data: bank_holder, bank_number, bank_name,
    bank_relation, bank_not_card."""
    data = ctx.data
    values = [str(data.get(name) or "").strip() for name in _ACCOUNT]
    not_card = bool(data.get("bank_not_card"))
    gaps = list(account_gaps(*values, not_card=not_card))
    if gaps:
        raise NotAllowed(gaps[0][1])
    claim = case.claim
    holder, number, bank, relation = values
    claim.bank_holder, claim.bank_name, claim.bank_relation = holder, bank, relation
    claim.bank_number = check_account(number, not_card=not_card)
    claim.bank_tail = claim.bank_number[-4:]
    claim.account_changed_at = ctx.now
    claim.save()
    forget_dossier(case)


def reverse(case: Case, ctx: Context) -> None:
    """What was settled is taken out again, and what was paid is to be got back."""
    let_go(case, ctx)
    row = reverse_settlement(case, ctx.actor, ctx.now)
    case.claim.refresh_from_db()
    due = Payment.objects.filter(settlement=row, state=Payment.State.DUE).first()
    issue_reversal(case, ctx, -due.amount_fen if due else 0)
    ctx.event_data = {"settlement": row.pk, "difference": row.difference_fen}


_ACCOUNT = ("bank_holder", "bank_number", "bank_name", "bank_relation")


def _live(case: Case) -> Payment:
    """The payment on a list that the bank answers for; the guard has seen that there is one."""
    rows = Payment.objects.select_for_update(of=("self",))
    return rows.get(claim_id=case.pk, live=True)
