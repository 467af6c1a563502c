"""The decisions: queued, approved, corrected, refused, looked at again."""

from casework.clock import local_day
from casework.correcting import ask
from casework.days import chinese_day, until_words
from casework.errors import NotAllowed
from casework.identity import clear_identity
from casework.models import Case
from casework.perform import Context
from casework.told import day_of
from registrations.acts.submitting import note_findings
from registrations.documents import issue_acceptance, issue_correction, issue_refusal
from registrations.dossier import dossier_of
from registrations.granting import grant


def queue(case: Case, ctx: Context) -> None:
    """Into the queue, with what the checks found; the 受理通知书 says until when."""
    note_findings(case, case.registration, ctx)
    case.registration.save()
    case.reviewed_at = ctx.now
    issue_acceptance(case, ctx)
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def approve(case: Case, ctx: Context) -> None:
    """A clerk registers the disease; doubts about the person must have been cleared up.

    data: first_day and last_day (ISO), where the clerk departs from what the rule proposes.
    """
    clear_identity(case, ctx, dossier_of(case, ctx.now).holding)
    first = day_of(ctx.data, "first_day", "认定开始日期")
    last = day_of(ctx.data, "last_day", "认定截止日期")
    registration = grant(case, ctx, first, last)
    _decided(case, ctx)
    registration.save()


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
    issue_refusal(case, ctx)
    _decided(case, ctx)
    case.registration.save()


def appeal(case: Case, ctx: Context) -> None:
    """The resident asks for a second look, by somebody else; they say why."""
    if not ctx.note:
        raise NotAllowed("请写明申请复核的理由")
    registration = case.registration
    registration.appealed_at, registration.escalated_at = ctx.now, None
    registration.save()
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def _decided(case: Case, ctx: Context) -> None:
    case.decided_at = ctx.now
    case.assignee_id, case.assigned_at = ctx.actor.user.pk, case.assigned_at or ctx.now
    case.registration.decided_by = ctx.actor.user
