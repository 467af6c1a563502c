"""Promised papers: asked for, handed in, looked at, overdue, and what follows.

What follows is announced first, then confirmed by a person, and works forward only.
"""

from casework.clock import local_day, resident_deadline
from casework.correcting import note_items
from casework.days import chinese_day, until_words
from casework.drafts import close_revision, reopen_revision
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context, also_save
from casework.told import days_of
from filings.acts.amending import amend
from filings.acts.deciding import supply_deadline_of
from filings.acts.desk import keep_on_desk
from filings.deciding import decision_for, rule_behind
from filings.decision import FactsError
from filings.decision.codes import REFUSED
from filings.documents import issue_correction, issue_downgrade, issue_forms
from filings.dossier import dossier_of
from filings.granting import set_topic, snapshot, tell
from filings.models import Filing
from filings.rules_store import row_id_of

Promise = Filing.Promise


def hand_in(case: Case, ctx: Context) -> None:
    """The promised papers come in; they go on the desk, with the clock running."""
    revision = close_revision(case, ctx.now)
    if not case.attachments.filter(added_in=revision).exists():
        raise NotAllowed("请先上传承诺补交的材料")
    case.correction_items.filter(done_at=None).update(done_at=ctx.now)
    case.filing.escalated_at = None
    _set(case, Promise.HANDED_IN)
    also_save(case, "revision", "documents_count")
    ctx.notice_context["due"] = chinese_day(local_day(case.due_at))


def confirm(case: Case, ctx: Context) -> None:
    """A clerk has looked at them: the promise is kept."""
    _set(case, Promise.ACCEPTED)


def give_back(case: Case, ctx: Context) -> None:
    """What came in will not do: the items say why, and until when."""
    texts = note_items(case, ctx)
    days = days_of(ctx.data, "due_days", "重交天数")
    filing = case.filing
    if days:
        filing.supply_until(resident_deadline(local_day(ctx.now), days, ctx.calendar))
    _set(case, Promise.TO_CORRECT)
    issue_correction(case, ctx, texts, filing.supply_by)
    ctx.notice_context["until"] = _until(filing)


def ask(case: Case, ctx: Context) -> None:
    """A clerk sets or moves the day by which they are due, where none is published."""
    filing = case.filing
    filing.supply_until(supply_deadline_of(ctx))
    if filing.promise_state == Promise.OVERDUE:
        filing.promise_state = Promise.OWED
    _set(case, filing.promise_state)
    ctx.event_data = {"supply_by": filing.supply_by.isoformat()}
    ctx.notice_context["until"] = _until(filing)


def announce_overdue(case: Case, ctx: Context) -> None:
    """The day has passed: the person is told what will follow; a clerk confirms it."""
    _set(case, Promise.OVERDUE)
    ctx.notice_context["consequence"] = consequence(case.filing)


def settle_overdue(case: Case, ctx: Context) -> None:
    """A clerk has seen it; the place knows no consequence for this filing itself."""
    _set(case, Promise.UNSUPPLIED)


def downgrade(case: Case, ctx: Context) -> None:
    """From today on the filing counts as 其他临时外出; the days before stay as they were."""
    today = local_day(ctx.now)
    filing = case.filing
    answers = dossier_of(case, ctx.now).answers.with_changes(
        category="TMP-OTH", proof="none", start=today, end=None, admitted_on=None
    )
    try:
        decision = decision_for(answers, today)
    except FactsError as error:
        raise NotAllowed(f"不能改按其他临时外出：{error.message}") from None
    if decision.outcome == REFUSED:
        raise NotAllowed(f"不能改按其他临时外出：{decision.reasons[0].text}")
    filing.category_before = filing.category
    filing.benefit_level_before = filing.benefit_level
    filing.downgraded_on = today
    filing.category = decision.category
    filing.runs_until(decision.valid_to)
    filing.long_term = False
    filing.locked_until = filing.cancel_locked_until = None
    filing.benefit_level, filing.benefit_text = decision.benefit_level, decision.benefit_text
    filing.decision = snapshot(decision)
    rule = rule_behind(decision)
    filing.rule_id = row_id_of(rule) if rule else None
    amend(case, {"category": decision.category, "proof": "none"}, ctx)
    set_topic(case, decision.category)
    _set(case, Promise.UNSUPPLIED)
    issue_downgrade(case, ctx, filing)
    issue_forms(case, ctx, filing)
    filing.save()
    tell(ctx, filing)
    ctx.notice_context["start_of_change"] = chinese_day(today)


def open_for_supply(case: Case) -> None:
    """Let the resident upload what was promised: a new open revision, made once."""
    filing = case.filing
    if case.status != "approved" or not (
        filing.owes_documents or filing.promise_state == Promise.OVERDUE
    ):
        raise NotAllowed("这件备案没有待补交的材料")
    if not case.revisions.filter(closed_at=None).exists():
        reopen_revision(case)


def consequence(filing: Filing) -> str:
    """What the rule says of papers that did not come, in words."""
    rule = filing.rule.rule() if filing.rule_id else None
    words = {
        "downgrade": "经办人员确认后，这次备案将改按其他临时外出就医处理，报销比例会降低",
        "cancel": "经办人员确认后，这次备案将被取消",
        "ban": "一段时间内不能再用承诺书办理备案",
    }
    return words.get(rule.unsupplied if rule else "", "请尽快补交")


def _until(filing: Filing) -> str:
    return until_words(filing.supply_by)


def _set(case: Case, state: str) -> None:
    case.filing.promise_state = state
    case.filing.save()
    keep_on_desk(case)
