"""Changes to an approved filing: extended, unlocked; each leaves a revision of its own."""

import json
from datetime import timedelta

from casework.clock import local_day
from casework.drafts import answers_of, open_revision
from casework.errors import NotAllowed
from casework.models import Case, Revision
from casework.perform import Context, also_save
from casework.told import day_of
from casework.workflow import COUNTER, RESIDENT
from filings.acts.desk import keep_on_desk
from filings.answers import Answers
from filings.deciding import decision_for
from filings.decision import Decision, FactsError
from filings.decision.codes import INSTANT, REVIEW
from filings.documents import issue_forms
from filings.dossier import dossier_of
from filings.granting import tell


def extend(case: Case, ctx: Context) -> None:
    """A new last day, as if filed anew from the day after the present one.

    data: end (ISO), where the place lets the person choose it. A resident extends only
    where the place opens such filings at once; anything else is for a clerk.
    """
    filing, today = case.filing, local_day(ctx.now)
    if filing.valid_to is None:
        raise NotAllowed("这件备案没有截止日期，不需要延长")
    end = day_of(ctx.data, "end", "新的截止日期")
    answers = dossier_of(case, ctx.now).answers.with_changes(
        start=filing.valid_to + timedelta(days=1), end=end, admitted_on=None, discharged_on=None
    )
    decision = _decide(answers, today)
    _refuse_extension(decision, ctx)
    if decision.valid_to is None and decision.validity != "long_term":
        raise NotAllowed("当地没有公布这类备案的有效期，不能延长；请重新备案")
    filing.runs_until(decision.valid_to)
    filing.long_term = decision.validity == "long_term" and decision.valid_to is None
    amend(case, {"end": end.isoformat() if end else None}, ctx)
    keep_on_desk(case)
    issue_forms(case, ctx, filing)
    filing.save()
    ctx.event_data = {"valid_to": filing.valid_to.isoformat() if filing.valid_to else None}
    tell(ctx, filing)


def release_lock(case: Case, ctx: Context) -> None:
    """A supervisor lets a wrong choice be corrected before the lock ends."""
    filing = case.filing
    filing.locked_until = filing.cancel_locked_until = None
    filing.save()
    keep_on_desk(case)


def amend(case: Case, changes: dict, ctx: Context) -> Revision:
    """Write a closed revision with changed answers, although somebody may be uploading into
    an open one: that one moves on by a number and takes the changes over."""
    last, writing = case.revision, open_revision(case)
    number = last.number + 1
    if writing is not None:
        writing.number = number + 1
        writing.answers_json = _dump({**answers_of(writing), **changes})
        writing.save(update_fields=["number", "answers_json"])
    revision = Revision.objects.create(
        case=case,
        number=number,
        answers_json=_dump({**answers_of(last), **changes}),
        closed_at=ctx.now,
    )
    case.revision = revision
    also_save(case, "revision")
    return revision


def _decide(answers: Answers, today) -> Decision:
    try:
        return decision_for(answers, today)
    except FactsError as error:
        raise NotAllowed(f"不能延长：{error.message}") from None


def _refuse_extension(decision: Decision, ctx: Context) -> None:
    if decision.outcome not in (INSTANT, REVIEW):
        raise NotAllowed(f"不能延长：{decision.reasons[0].text}")
    alone = ctx.actor.role in (RESIDENT, COUNTER)
    if alone and decision.outcome != INSTANT:
        raise NotAllowed("当地须由经办人员审核，请重新提交备案申请，或联系经办机构办理延长")


def _dump(answers: dict) -> str:
    return json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
