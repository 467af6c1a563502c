"""The ends of a registration: withdrawn, lapsed, expired, revoked."""

from datetime import timedelta

from casework.clock import local_day
from casework.days import chinese_day
from casework.drafts import open_revision
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from casework.told import day_of
from registrations.documents import issue_revocation, issue_revocation_notice
from registrations.models import DiseaseRegistration

# How long before a revocation the person must at least be told: a number of ours.
MIN_ANSWER_DAYS = 3


def drop_writing(case: Case, ctx: Context) -> None:
    """Nobody may write any more: what was begun in a correction is given up."""
    revision = open_revision(case)
    if revision is not None:
        revision.delete()


def expire(case: Case, ctx: Context) -> None:
    """Its last day has passed."""
    expire_all([case], ctx)


def expire_all(cases: list[Case], ctx: Context) -> None:
    """The same for a chunk, in one statement."""
    ids = [case.pk for case in cases]
    DiseaseRegistration.objects.filter(pk__in=ids).update(live=False)


def announce_revocation(case: Case, ctx: Context) -> None:
    """The person is told the grounds and may answer until a day the supervisor sets.

    data: answer_by (ISO).
    """
    until = day_of(ctx.data, "answer_by", "陈述申辩的截止日期", required=True)
    if until < local_day(ctx.now) + timedelta(days=MIN_ANSWER_DAYS):
        raise NotAllowed(f"陈述申辩的截止日期应至少在 {MIN_ANSWER_DAYS} 天以后")
    registration = case.registration
    registration.revoke_answer_by = until
    issue_revocation_notice(case, ctx, until)
    registration.save()
    ctx.event_data = {"answer_by": until.isoformat()}
    ctx.notice_context["until"] = chinese_day(until)


def revoke(case: Case, ctx: Context) -> None:
    """By a supervisor, after notice: today is the last day, or the day before it began."""
    registration = case.registration
    last = max(local_day(ctx.now), registration.first_day - timedelta(days=1))
    registration.ended_on, registration.live = last, False
    registration.decided_by = ctx.actor.user
    case.decided_at = ctx.now
    issue_revocation(case, ctx, last)
    registration.save()
    ctx.event_data = {"ended_on": last.isoformat()}
    ctx.notice_context["last_day"] = chinese_day(last)
