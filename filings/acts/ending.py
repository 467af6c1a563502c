"""The ends of a filing: withdrawn, lapsed, cancelled, superseded, expired, ended, revoked."""

from datetime import date, timedelta

from casework.clock import local_day
from casework.days import chinese_day
from casework.drafts import open_revision
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from casework.told import day_of
from filings.documents import issue_ending, issue_revocation, issue_revocation_notice
from filings.models import Filing

End = Filing.EndReason
# What ends a filing by itself, dated the day of the event.
EVENTS = (End.DEATH, End.MOVED, End.STOPPED, End.UNSUPPLIED)
# How long before a revocation the person must at least be told: a number of ours.
MIN_ANSWER_DAYS = 3


def drop_writing(case: Case, ctx: Context) -> None:
    """Nobody may write any more: what was begun in a correction is given up."""
    revision = open_revision(case)
    if revision is not None:
        revision.delete()


def cancel(case: Case, ctx: Context) -> None:
    """By the resident: today is the last day; what was settled stays settled."""
    filing = _end(case, End.CANCELLED, local_day(ctx.now), ctx)
    issue_ending(case, ctx, filing)
    filing.save()


def supersede(case: Case, ctx: Context) -> None:
    """Another filing takes its place; data: by (its primary key), ended_on."""
    filing = _end(case, End.SUPERSEDED, day_of(ctx.data, "ended_on", "最后有效日"), ctx)
    filing.superseded_by_id = ctx.data["by"]
    filing.save()
    ctx.event_data = {"by": ctx.data["by"]}


def expire(case: Case, ctx: Context) -> None:
    """Its last day has passed."""
    expire_all([case], ctx)


def expire_all(cases: list[Case], ctx: Context) -> None:
    """The same for a chunk, in one statement."""
    Filing.objects.filter(pk__in=[case.pk for case in cases]).update(live=False)


def end(case: Case, ctx: Context) -> None:
    """The ground fell away: death, moved away, insurance stopped, promise not kept.

    data: end_reason, ended_on (the day of the event; not before the filing began, and for
    a promise not before today, since that works forward only).
    """
    reason = ctx.data.get("end_reason") or ctx.reason_code
    if reason not in EVENTS:
        raise NotAllowed("请选择终止的原因：参保人去世、参保地变更、停止参保或承诺材料未补交")
    filing = case.filing
    today = local_day(ctx.now)
    day = today
    if reason == End.UNSUPPLIED:
        _refuse_unless_overdue(filing)
        filing.promise_state = Filing.Promise.UNSUPPLIED
    else:
        day = day_of(ctx.data, "ended_on", "事情发生的日期", required=True)
    if day > today:
        raise NotAllowed("终止日期不能晚于今天")
    _end(case, reason, max(day, filing.start - timedelta(days=1)), ctx)
    issue_ending(case, ctx, filing)
    filing.save()


def announce_revocation(case: Case, ctx: Context) -> None:
    """The person is told the grounds and may answer until a day the supervisor sets."""
    today = local_day(ctx.now)
    until = day_of(ctx.data, "answer_by", "陈述申辩的截止日期", required=True)
    if until < today + timedelta(days=MIN_ANSWER_DAYS):
        raise NotAllowed(f"陈述申辩的截止日期应至少在 {MIN_ANSWER_DAYS} 天以后")
    filing = case.filing
    filing.revoke_answer_by = until
    issue_revocation_notice(case, ctx, until)
    filing.save()
    case.is_open = filing.waits_for_staff
    ctx.event_data = {"answer_by": until.isoformat()}
    ctx.notice_context["until"] = chinese_day(until)


def revoke(case: Case, ctx: Context) -> None:
    """By a supervisor, after notice: today is the last day."""
    filing = _end(case, End.REVOKED, local_day(ctx.now), ctx)
    filing.decided_by, filing.appealed_at = ctx.actor.user, None
    case.decided_at = ctx.now
    issue_revocation(case, ctx, filing.ended_on)
    filing.save()


def _end(case: Case, reason: str, last_day: date, ctx: Context) -> Filing:
    """Set the last day and the reason; the caller saves."""
    filing = case.filing
    drop_writing(case, ctx)
    filing.ended_on, filing.end_reason = last_day, reason
    filing.live = False
    filing.in_force_until = filing.last_day
    ctx.notice_context["last_day"] = chinese_day(last_day)
    ctx.event_data = {**ctx.event_data, "ended_on": last_day.isoformat(), "end_reason": str(reason)}
    return filing


def _refuse_unless_overdue(filing: Filing) -> None:
    rule = filing.rule.rule() if filing.rule_id else None
    if filing.promise_state != Filing.Promise.OVERDUE:
        raise NotAllowed("承诺材料没有逾期，不能以此终止")
    if rule is None or rule.unsupplied != "cancel":
        raise NotAllowed("当地规定的逾期后果不是取消备案")
