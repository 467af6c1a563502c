"""Guards of filings alone; those of any case, and how guards are asked, are in casework.guards."""

from casework.clock import local_day
from casework.days import chinese_day
from casework.guards import answered_or_over, documents_missing, past_due
from casework.models import Case
from casework.perform import Context
from filings.conflicts import locked_filing
from filings.decision import FactsError
from filings.decision.codes import NOT_NEEDED, REFUSED
from filings.dossier import dossier_of
from filings.missing import missing_of
from filings.models import Filing


def complete(case: Case, ctx: Context) -> str | None:
    """Everything that is needed has been answered and handed in."""
    gaps = missing_of(dossier_of(case, ctx.now))
    return gaps[0].message if gaps else None


def items_answered(case: Case, ctx: Context) -> str | None:
    """Every document that the correction asks for was uploaded anew."""
    dossier = dossier_of(case, ctx.now)
    return documents_missing(case, dossier.files, dossier.revision.pk)


def waits_on_desk(case: Case, ctx: Context) -> str | None:
    """An approved filing is on the desk only for its promised papers."""
    if case.status == "approved" and not case.filing.waits_for_staff:
        return "这件备案目前没有需要办理的事项"
    return None


def other_clerk(case: Case, ctx: Context) -> str | None:
    """An appeal is decided by somebody else than the one who decided before."""
    filing = dossier_of(case, ctx.now).filing
    if case.status != "in_review" or filing.appealed_at is None or ctx.actor.user is None:
        return None
    decided_before = filing.decided_by_id == ctx.actor.user.pk
    return "复核须由原决定以外的人员办理" if decided_before else None


def may_be_granted(case: Case, ctx: Context) -> str | None:
    """Today's rules let this filing be approved, and no locked filing stands in the way."""
    dossier = dossier_of(case, ctx.now)
    if dossier.filing.appeals_to_restore:
        return None
    try:
        decision = dossier.decision
    except FactsError as error:
        return f"申请内容有误，请要求补正：{error.message}"
    if decision.outcome == REFUSED:
        return f"按现行规定不能备案：{decision.reasons[0].text}"
    if decision.outcome == NOT_NEEDED:
        return f"按现行规定不需要备案：{decision.reasons[0].text}"
    locked = locked_filing(dossier)
    if locked:
        until = chinese_day(locked.locked_until)
        return f"参保人现有备案在{until}（含当天）以前不能变更；如确需变更，请主管先解除锁定"
    return None


def new_decision(case: Case, ctx: Context) -> str | None:
    """Not an appeal against a revocation, which has its own two outcomes."""
    if dossier_of(case, ctx.now).filing.appeals_to_restore:
        return "这是对撤销决定的复核，请选择「恢复备案」或「维持撤销」"
    return None


def restoring(case: Case, ctx: Context) -> str | None:
    """An appeal against a revocation."""
    if not dossier_of(case, ctx.now).filing.appeals_to_restore:
        return "这件办件不是对撤销决定的复核"
    return None


def not_appealing(case: Case, ctx: Context) -> str | None:
    """While an appeal is looked at, the case cannot be withdrawn."""
    filing = dossier_of(case, ctx.now).filing
    if filing and filing.appealed_at:
        return "复核中的办件不能撤回；如不再需要复核，请电话告知经办机构"
    return None


def not_appealed_yet(case: Case, ctx: Context) -> str | None:
    """One appeal to the agency; after it the statutory remedies remain."""
    if dossier_of(case, ctx.now).filing.appealed_at:
        return "这件申请已经复核过一次。仍不服的，可以依法申请行政复议或提起行政诉讼"
    return None


def cancel_unlocked(case: Case, ctx: Context) -> str | None:
    """Cancelling is not locked any more."""
    until = case.filing.cancel_locked_until
    if until and until >= dossier_of(case, ctx.now).today:
        return (
            f"这件备案在{chinese_day(until)}（含当天）以前不能取消；"
            "如果选错了就医地，请联系参保地经办机构申请更正"
        )
    return None


def is_locked(case: Case, ctx: Context) -> str | None:
    """There is a lock to release."""
    filing, today = case.filing, dossier_of(case, ctx.now).today
    days = (filing.locked_until, filing.cancel_locked_until)
    return None if any(day and day >= today for day in days) else "这件备案没有锁定"


NOT_OVER = "备案还没有到期"


def is_over(case: Case, ctx: Context) -> str | None:
    """The last day has passed."""
    last = case.filing.valid_to
    return None if last and last < local_day(ctx.now) else NOT_OVER


def all_over(cases: list[Case], ctx: Context) -> dict[int, str]:
    """The same for a chunk, in one query."""
    ids = [case.pk for case in cases]
    over = Filing.objects.filter(pk__in=ids, valid_to__lt=local_day(ctx.now))
    return dict.fromkeys(set(ids) - set(over.values_list("pk", flat=True)), NOT_OVER)


def is_late(case: Case, ctx: Context) -> str | None:
    """Past its due time, and not escalated before."""
    return past_due(case, "filing", ctx)


def owes(case: Case, ctx: Context) -> str | None:
    """Promised papers are still to come."""
    late = case.filing.promise_state == Filing.Promise.OVERDUE
    return None if late or case.filing.owes_documents else "这件备案没有待补交的材料"


def handed_in(case: Case, ctx: Context) -> str | None:
    """Promised papers came in and wait for a clerk."""
    state = case.filing.promise_state
    return None if state == Filing.Promise.HANDED_IN else "没有待核对的补交材料"


def supply_is_over(case: Case, ctx: Context) -> str | None:
    """Promised papers did not come in by their day."""
    filing = case.filing
    due = filing.owes_documents and filing.supply_by and filing.supply_by < local_day(ctx.now)
    return None if due else "补交期限还没有过"


def overdue(case: Case, ctx: Context) -> str | None:
    """The promise was announced as overdue and nobody has dealt with it."""
    late = case.filing.promise_state == Filing.Promise.OVERDUE
    return None if late else "承诺材料没有逾期"


def leads_to(*consequences: str):
    """What the place's rule says of papers not supplied is one of these."""

    def guard(case: Case, ctx: Context) -> str | None:
        rule = case.filing.rule.rule() if case.filing.rule_id else None
        if rule and rule.unsupplied in consequences:
            return None
        return "当地规定的逾期后果不是这一种"

    return guard


def revocation_announced(case: Case, ctx: Context) -> str | None:
    """The person was told beforehand and had the time to answer."""
    return answered_or_over(case.filing.revoke_answer_by, local_day(ctx.now))
