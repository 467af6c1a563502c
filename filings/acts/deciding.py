"""The decisions: opened at once, queued, approved, corrected, refused, looked at again."""

from datetime import timedelta

from casework.clock import local_day
from casework.correcting import ask
from casework.days import chinese_day, until_words
from casework.errors import NotAllowed
from casework.identity import clear_identity
from casework.models import Case
from casework.perform import Context
from casework.told import day_of
from filings.acts.submitting import note_findings
from filings.conflicts import to_be_ended
from filings.decision.codes import INSTANT
from filings.documents import (
    issue_acceptance,
    issue_correction,
    issue_forms,
    issue_refusal,
    issue_upheld,
)
from filings.dossier import dossier_of
from filings.granting import grant, locked_dossier, tell
from filings.models import Filing


def open_at_once(case: Case, ctx: Context) -> None:
    """The machine opens a filing whose decision is instant and in which it found nothing."""
    if dossier_of(case, ctx.now).decision.outcome != INSTANT:
        raise NotAllowed("当地规定这类备案须由经办人员审核")
    note_findings(case, case.filing, ctx)
    if case.doubts:
        raise NotAllowed("自动审核发现疑点，转经办人员审核")
    case.reviewed_at = ctx.now
    grant(case, ctx)


def queue(case: Case, ctx: Context) -> None:
    """Into the queue, with what the checks found; the 受理通知书 says until when."""
    filing = case.filing
    note_findings(case, filing, ctx)
    filing.outcome = ctx.data.get("outcome", filing.outcome)
    filing.save()
    case.reviewed_at = ctx.now
    issue_acceptance(case, ctx)
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def approve(case: Case, ctx: Context) -> None:
    """A clerk grants the filing; doubts about the person must have been cleared up."""
    clear_identity(case, ctx, dossier_of(case, ctx.now).holding)
    dossier = dossier_of(case, ctx.now)
    valid_to = day_of(ctx.data, "valid_to", "备案截止日期")
    if dossier.rule is None and valid_to is None:
        raise NotAllowed("当地没有公布这类备案的规则，请填写备案截止日期")
    filing = grant(
        case,
        ctx,
        valid_to=valid_to,
        supply_by=day_of(ctx.data, "supply_by", "补交材料的截止日期"),
    )
    _decided(case, filing, ctx)
    filing.save()


def request_correction(case: Case, ctx: Context) -> None:
    """One notice with every item; the resident changes only those, the clock stands still.

    How long the resident has is what the clerk says: no place has published it, and no
    date is invented. Without one the case waits until the resident acts.
    """
    texts, due = ask(case, ctx)
    issue_correction(case, ctx, texts, due)
    ctx.notice_context["until"] = until_words(due)


def reject(case: Case, ctx: Context) -> None:
    """Refuse in writing: reason, basis, remedy."""
    filing = case.filing
    issue_refusal(case, ctx)
    _decided(case, filing, ctx)
    filing.outcome = "refused"
    filing.save()


def uphold(case: Case, ctx: Context) -> None:
    """The revocation stays."""
    issue_upheld(case, ctx)
    _decided(case, case.filing, ctx)
    case.filing.save()


def restore(case: Case, ctx: Context) -> None:
    """The revocation is lifted: the filing is in force again with the dates it had."""
    filing = case.filing
    if filing.valid_to and filing.valid_to < local_day(ctx.now):
        raise NotAllowed("这件备案原定的有效期已过，不能恢复；请告知参保人重新备案")
    if to_be_ended(locked_dossier(case, ctx)):
        raise NotAllowed("参保人已有新的备案在有效期内，不能同时恢复；请先与参保人确认保留哪一件")
    filing.ended_on, filing.end_reason = None, Filing.EndReason.NONE
    filing.live = True
    filing.runs_until(filing.valid_to)
    filing.revoke_answer_by = None
    filing.appeals_to_restore = False
    issue_forms(case, ctx, filing)
    _decided(case, filing, ctx)
    filing.save()
    tell(ctx, filing)


def appeal(case: Case, ctx: Context) -> None:
    """The resident asks for a second look, by somebody else; they say why."""
    if not ctx.note:
        raise NotAllowed("请写明申请复核的理由")
    filing = case.filing
    filing.appealed_at = ctx.now
    filing.appeals_to_restore = filing.end_reason == Filing.EndReason.REVOKED
    filing.escalated_at = None
    filing.save()
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def _decided(case: Case, filing: Filing, ctx: Context) -> None:
    case.decided_at = ctx.now
    case.assignee_id, case.assigned_at = ctx.actor.user.pk, case.assigned_at or ctx.now
    filing.decided_by = ctx.actor.user


def supply_deadline_of(ctx: Context):
    """The date a clerk sets for promised papers: after today."""
    day = day_of(ctx.data, "supply_by", "补交材料的截止日期", required=True)
    if day <= local_day(ctx.now):
        raise NotAllowed("补交材料的截止日期应晚于今天")
    if day > local_day(ctx.now) + timedelta(days=366):
        raise NotAllowed("补交材料的截止日期不能晚于一年以后")
    return day
