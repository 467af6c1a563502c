"""Guards of claims alone; those of any case, and how guards are asked, are in casework.guards."""

from casework.entering import typists
from casework.guards import CLERKS, Role, documents_missing, past_due
from casework.models import Case
from casework.perform import Context
from reimbursements import delegating
from reimbursements.dossier import dossier_of
from reimbursements.limits import limits_of
from reimbursements.missing import missing_of
from reimbursements.models import Adjustment, Bill, Payment, PaymentBatch
from reimbursements.states import MONEY, STAGES

CASEWORKERS = CLERKS | MONEY


def complete(case: Case, ctx: Context) -> str | None:
    """Everything that is needed has been answered and handed in."""
    gaps = missing_of(dossier_of(case, ctx.now))
    return gaps[0].text if gaps else None


def items_answered(case: Case, ctx: Context) -> str | None:
    """Every document that the correction asks for was uploaded anew."""
    dossier = dossier_of(case, ctx.now)
    return documents_missing(case, dossier.files, dossier.revision.pk)


def before_acceptance(case: Case, ctx: Context) -> str | None:
    """The correction was asked for before the claim was accepted."""
    return "这件申请已经受理" if case.claim.accepted_at else None


def after_acceptance(case: Case, ctx: Context) -> str | None:
    """The correction was asked for in the first review."""
    return None if case.claim.accepted_at else "这件申请还没有受理"


def of_stage(case: Case, ctx: Context) -> str | None:
    """The clerk's role is one of those that work on this stage, at the desk that does it."""
    allowed = STAGES.get(case.status, frozenset())
    if ctx.actor.is_staff and ctx.actor.role not in allowed:
        words = "、".join(str(Role(role).label) for role in sorted(allowed))
        return f"这个环节由{words}办理" if words else "办件目前没有需要办理的事项"
    return delegating.refusal(case, ctx)


def apart(case: Case, ctx: Context) -> str | None:
    """初审, 复审 and 审批 are three different people, an appeal is looked at by others than
    those who decided before, and whoever typed a claim in at the counter decides nothing."""
    user = ctx.actor.user
    if user is None or not ctx.actor.is_staff:
        return None
    if user.pk in typists(case):
        return "代录这件申请的人员不能办理，请由其他人员办理"
    if user.pk in case.claim.decided_before:
        return "复核须由原决定以外的人员办理"
    own_stage = {"intake": "first", "first_review": "first", "second_review": "second"}.get(
        case.status, case.status
    )
    if user.pk in _acted(case, ctx, own_stage):
        return "初审、复审、审批和支付须由不同的人员办理，办理过其他环节的不能再办理"
    return None


def decided_nothing(case: Case, ctx: Context) -> str | None:
    """Whoever has decided on a claim types nothing into it, as whoever types decides nothing."""
    user, acted = ctx.actor.user, _acted(case, ctx, "")
    if user.pk in acted or user.pk in case.claim.decided_before:
        return "您已办理过这件申请的审核，请由其他人员接手代录"
    return None


def _acted(case: Case, ctx: Context, own_stage: str) -> set[int]:
    """Those who did another stage than this one; who decided a bill did the first review."""
    claim = case.claim
    by_stage = {"first": claim.first_by_id, "second": claim.second_by_id}
    by_stage["approval"] = claim.approved_by_id
    found = {pk for stage, pk in by_stage.items() if stage != own_stage and pk}
    if own_stage != "first":
        found |= {bill.decided_by_id for bill in dossier_of(case, ctx.now).bills}
    return found


def bills_decided(case: Case, ctx: Context) -> str | None:
    """Every bill is accepted or cut, and what is accepted says what is in scope."""
    bills = dossier_of(case, ctx.now).bills
    waiting = sum(bill.decision == Bill.Decision.OPEN for bill in bills)
    return f"还有 {waiting} 张票据没有审核" if waiting else None


def filing_settled(case: Case, ctx: Context) -> str | None:
    """急诊抢救视同备案 is a presumption of the machine until a clerk has looked."""
    claim = case.claim
    presumed = claim.settled_as != claim.filing_category and claim.settled_as != "unfiled"
    if presumed and not claim.filing_confirmed:
        return "没有查到备案，暂按急诊抢救计算，请先核定备案类别"
    return None


def first_done(case: Case, ctx: Context) -> str | None:
    """Somebody has done the first review and decided every bill."""
    if case.claim.first_by_id is None:
        return "这件申请还没有初审，请退回初审"
    return bills_decided(case, ctx)


def both_done(case: Case, ctx: Context) -> str | None:
    """The two reviews were done."""
    if case.claim.second_by_id is None:
        return "这件申请还没有复审，请退回复审"
    return first_done(case, ctx)


def nothing_proposed(case: Case, ctx: Context) -> str | None:
    """No manual adjustment waits for its second person."""
    waiting = Adjustment.State.PROPOSED
    if any(row.state == waiting for row in dossier_of(case, ctx.now).adjustments):
        return "有人工调整还没有由第二人确认，请先确认或作废"
    return None


def may_be_settled(case: Case, ctx: Context) -> str | None:
    """The stay can be computed, and the approver may approve as much."""
    preview = dossier_of(case, ctx.now).preview
    if isinstance(preview, str):
        return preview
    return too_much(case, ctx, preview.payable_fen)


def too_much(case: Case, ctx: Context, fen: int) -> str | None:
    """Above the place's limit a supervisor approves; fen is what would be paid."""
    limits = limits_of(case.city)
    if ctx.actor.role == Role.SUPERVISOR or not limits.needs_supervisor(fen):
        return None
    if limits.supervisor_above is None:
        return "当地没有设定审批限额，请由主管审批"
    mark = f"（{limits.mark}）" if limits.mark else ""
    return f"应支付金额超过当地审批限额 {limits.supervisor_above // 100} 元{mark}，请由主管审批"


def papers_in(case: Case, ctx: Context) -> str | None:
    """Every paper original of an accepted bill has come in."""
    bills = dossier_of(case, ctx.now).bills
    waiting = sum(not bill.paper_is_in for bill in bills if bill.accepted_fen)
    return f"还有 {waiting} 张纸质票据原件没有收到，收到后再支付" if waiting else None


def something_due(case: Case, ctx: Context) -> str | None:
    """There is money to be paid."""
    due = case.claim.payable_fen or 0
    return None if due > 0 else "这件申请没有需要支付的金额，请直接办结"


def nothing_due(case: Case, ctx: Context) -> str | None:
    """There is none."""
    due = case.claim.payable_fen or 0
    return None if due <= 0 else "这件申请还有应支付的金额，不能直接办结"


def batch_is_sent(case: Case, ctx: Context) -> str | None:
    """The bank pays what stands on a list that one person made and another released."""
    live = Payment.objects.filter(claim_id=case.pk, live=True).select_related("batch").first()
    if live is None or live.batch is None:
        return "这笔款还没有列入支付批次，请先制单，由另一人复核发出"
    if live.batch.state != PaymentBatch.State.RELEASED:
        return "这笔款在尚未发出的支付批次中，请先发出批次"
    return None


def not_in_batch(case: Case, ctx: Context) -> str | None:
    """What is on a list for the bank cannot be changed until the bank has answered."""
    live = Payment.objects.filter(claim_id=case.pk, live=True)
    return "这笔款在支付批次中，请先作废批次或等银行回盘" if live.exists() else None


def something_to_recover(case: Case, ctx: Context) -> str | None:
    """Money that was paid is due from the person."""
    due = Payment.objects.filter(
        claim_id=case.pk, kind=Payment.Kind.RECOVERY, state=Payment.State.DUE
    )
    return None if due.exists() else "这件申请没有待追回的款"


def not_appealed_yet(case: Case, ctx: Context) -> str | None:
    """One appeal to the agency; after it the statutory remedies remain."""
    if case.claim.appealed_at:
        return "这件申请已经复核过一次。仍不服的，可以依法申请行政复议或提起行政诉讼"
    return None


def not_appealing(case: Case, ctx: Context) -> str | None:
    """While an appeal is looked at, the claim cannot be withdrawn."""
    claim = dossier_of(case, ctx.now).claim
    if claim and claim.appealed_at:
        return "复核中的办件不能撤回；如不再需要复核，请电话告知经办机构"
    return None


def nothing_paid(case: Case, ctx: Context) -> str | None:
    """A refusal is no way to take back what was settled: that is a reversal."""
    if case.claim.settlements.exists():
        return "这件申请已经结算过，请退回或按新的审核结果审批，需要全部收回的请冲销"
    return None


def is_late(case: Case, ctx: Context) -> str | None:
    """Past its due time, and not escalated before."""
    return past_due(case, "claim", ctx)
