"""Granting a filing: the decision asked again, dates set, what it replaces ended, the form.

Runs inside the transaction of the action. The person's row is locked first, so that two
filings of one person granted at the same moment see each other.
"""

from datetime import date

from casework.actors import Actor
from casework.days import chinese_day, until_words
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context, also_save, perform
from facilities.areas import area_name
from filings.conflicts import last_day_of_old, locked_filing, to_be_ended
from filings.deciding import cancel_lock, change_lock, supply_day
from filings.decision import Decision
from filings.decision.codes import NOT_NEEDED, REFUSED
from filings.documents import issue_forms
from filings.dossier import Dossier, dossier_of
from filings.models import Filing
from filings.rules_store import row_id_of
from residents.models import Person


def grant(
    case: Case,
    ctx: Context,
    *,
    valid_to: date | None = None,
    supply_by: date | None = None,
) -> Filing:
    """Put a filing in force from the dates its decision gives.

    `valid_to` and `supply_by` are what a clerk says where the place has published nothing;
    they are ignored where it has. Raises NotAllowed when today's rules or a locked filing
    forbid it.
    """
    dossier = locked_dossier(case, ctx)
    _refuse(dossier)
    filing = dossier.filing
    _set_dates(filing, dossier, valid_to)
    _set_decision(filing, dossier)
    _set_promise(filing, dossier, supply_by)
    filing.granted_on, filing.live = dossier.today, True
    filing.ended_on, filing.end_reason = None, Filing.EndReason.NONE
    _end_old(filing, dossier, ctx)
    case.decided_at = ctx.now
    issue_forms(case, ctx, filing)
    filing.save()
    tell(ctx, filing)
    return filing


def locked_dossier(case: Case, ctx: Context) -> Dossier:
    """A fresh dossier, with the person and their approved cases locked: what it says of
    other filings stays true until the commit."""
    Person.objects.select_for_update(of=("self",)).get(pk=case.person_id)
    approved = Case.objects.select_for_update(of=("self",)).filter(
        person_id=case.person_id, kind=case.kind, status="approved"
    )
    list(approved.exclude(pk=case.pk).order_by("pk").values_list("pk"))
    return Dossier(case, dossier_of(case, ctx.now).today, case.revision)


def tell(ctx: Context, filing: Filing) -> None:
    """The words that messages about a filing in force use."""
    ctx.notice_context |= period_words(filing)
    if filing.in_hospital:
        ctx.notice_context["advice"] = "已经住院的，请到住院处重新办理异地医保入院登记后再结算。"
    if filing.owes_documents:
        ctx.notice_context["advice"] += f"{until_words(filing.supply_by)}补交承诺的材料。"


def period_words(filing: Filing) -> dict[str, str]:
    """The place and the days of a filing in words, for messages."""
    if filing.valid_to:
        end = f"到{chinese_day(filing.valid_to)}（含当天）"
    else:
        end = "长期有效" if filing.long_term else "截止日期当地没有公布，请看病前先问经办机构"
    return {
        "destination": area_name(filing.destination_area),
        "start": chinese_day(filing.start),
        "end": end,
        "advice": "",
    }


def _refuse(dossier: Dossier) -> None:
    decision = dossier.decision
    if decision.outcome in (REFUSED, NOT_NEEDED):
        raise NotAllowed(f"按现行规定不能开通：{decision.reasons[0].text}")
    locked = locked_filing(dossier)
    if locked:
        until = chinese_day(locked.locked_until)
        raise NotAllowed(f"参保人现有备案在{until}（含当天）以前不能变更")


def _set_dates(filing: Filing, dossier: Dossier, valid_to: date | None) -> None:
    decision, rule = dossier.decision, dossier.rule
    filing.start = decision.valid_from
    filing.valid_to = decision.valid_to
    filing.long_term = decision.validity == "long_term"
    if decision.valid_to is None and not filing.long_term:
        filing.valid_to = valid_to
        if valid_to and valid_to < filing.start:
            raise NotAllowed("备案截止日期不能早于开始日期")
    if filing.valid_to and filing.valid_to < dossier.today and not filing.discharged_on:
        raise NotAllowed("按规定的有效期，这件备案已经过期，不能开通；请联系申请人重新填写开始日期")
    filing.locked_until = change_lock(rule, filing.start, decision.locked_until)
    filing.cancel_locked_until = cancel_lock(rule, filing.start, decision.locked_until)
    filing.runs_until(filing.valid_to)


def _set_decision(filing: Filing, dossier: Dossier) -> None:
    decision, rule = dossier.decision, dossier.rule
    filing.category, filing.scope = decision.category, decision.scope
    filing.destination_area = decision.destination_area
    filing.rule_id = row_id_of(rule) if rule else None
    filing.outcome = decision.outcome
    filing.benefit_level, filing.benefit_text = decision.benefit_level, decision.benefit_text
    filing.decision = snapshot(decision)


def snapshot(decision: Decision) -> dict:
    """A decision as it is kept with the filing."""
    rule = {"rule": decision.rule_key, "version": None}
    if decision.rule_version:
        rule["version"] = decision.rule_version.isoformat()
    return {**decision.as_dict(), **rule}


def _set_promise(filing: Filing, dossier: Dossier, supply_by: date | None) -> None:
    """A promise that stood in for papers leaves them owed where the rule says so, or,
    where the place has not published it, when the clerk asks for them by a day."""
    promised = dossier.answers.proof == "promise" and dossier.decision.promise_allowed
    owed = dossier.rule.supply_owed if dossier.rule else None
    if not promised or owed is False or (owed is None and supply_by is None):
        filing.promise_state = Filing.Promise.NONE
        filing.supply_until(None)
        return
    filing.promise_state = Filing.Promise.OWED
    published = supply_day(dossier.decision, dossier.rule, dossier.today)
    if published is None and supply_by and supply_by <= dossier.today:
        raise NotAllowed("补交材料的截止日期应晚于今天")
    filing.supply_until(published or supply_by)


def _end_old(filing: Filing, dossier: Dossier, ctx: Context) -> None:
    """Supersede the filings that this one replaces, in the same transaction."""
    for old in to_be_ended(dossier):
        data = {
            "by": filing.pk,
            "ended_on": last_day_of_old(filing.start, dossier.today).isoformat(),
        }
        perform(old.case, "supersede", Actor.system(), data=data, now=ctx.now)


def set_topic(case: Case, topic: str) -> None:
    """The category as lists filter by it."""
    case.topic = topic
    also_save(case, "topic")
