"""Registering a disease: its days set within the rule, the papers issued.

Runs inside the transaction of the action. The person's row is locked first, so that two
registrations of one person granted at the same moment see each other.
"""

from datetime import date, timedelta

from casework.days import chinese_day
from casework.errors import NotAllowed
from casework.models import Case
from casework.perform import Context
from registrations.decision import Decision, Rule
from registrations.decision.engine import last_day
from registrations.documents import issue_form, issue_result
from registrations.dossier import Dossier, dossier_of
from registrations.models import DiseaseRegistration
from residents.models import Person

# How far ahead a clerk may let a registration begin where nothing else is in force: ours.
LATEST_START = timedelta(days=31)


def grant(
    case: Case, ctx: Context, first: date | None = None, last: date | None = None
) -> DiseaseRegistration:
    """Put a registration in force; `first` and `last` are what the clerk says instead of what
    the rule proposes, and must lie within it. The caller saves. Raises NotAllowed."""
    Person.objects.select_for_update(of=("self",)).get(pk=case.person_id)
    dossier = Dossier(case, dossier_of(case, ctx.now).today, case.revision)
    decision = dossier.decision_for_staff
    registration = case.registration
    registration.first_day, registration.last_day = _days(dossier, decision, first, last)
    _refuse_overlap(dossier, registration)
    registration.granted_on, registration.live = dossier.today, True
    registration.ended_on = registration.reminded = None
    registration.decision = decision.as_dict()
    issue_result(case, ctx, registration)
    issue_form(case, ctx, registration)
    ctx.notice_context |= period_words(registration)
    ctx.event_data = {
        **ctx.event_data,
        "first_day": registration.first_day.isoformat(),
        "last_day": registration.last_day.isoformat() if registration.last_day else None,
    }
    return registration


def period_words(registration: DiseaseRegistration) -> dict[str, str]:
    """The days of a registration in words, for messages and letters."""
    last = registration.last_day
    return {
        "start": chinese_day(registration.first_day),
        "end": f"至{chinese_day(last)}（含当天）" if last else "长期有效",
    }


def earliest_start(rule: Rule, dossier: Dossier) -> date:
    """The first day that the rule allows: the day of submitting or that of deciding."""
    return dossier.asked_on if rule.first_day == "submitted" else dossier.today


def _days(
    dossier: Dossier, decision: Decision, first: date | None, last: date | None
) -> tuple[date, date | None]:
    rule = decision.rule
    proposed = decision.first_day or earliest_start(rule, dossier)
    first = first or proposed
    earliest = earliest_start(rule, dossier)
    if first < earliest:
        raise NotAllowed(f"认定开始日期不能早于{chinese_day(earliest)}")
    if first > max(proposed, dossier.today + LATEST_START):
        raise NotAllowed("认定开始日期太晚，请核对年份和月份")
    latest = last_day(rule, first)
    last = last or latest
    if last and last < first:
        raise NotAllowed("认定截止日期不能早于开始日期")
    if last and last < dossier.today:
        raise NotAllowed("认定截止日期已经过了，请核对年份和月份")
    if latest and last > latest:
        raise NotAllowed(
            f"有效期为 {rule.validity_months} 个月，截止日期不能晚于{chinese_day(latest)}"
        )
    return first, last


def _refuse_overlap(dossier: Dossier, registration: DiseaseRegistration) -> None:
    """A person has one registration of a disease at a time."""
    for other in dossier.others:
        ends_before = other.end is not None and other.end < registration.first_day
        begins_after = registration.last_day is not None and (
            other.first_day > registration.last_day
        )
        if ends_before or begins_after:
            continue
        until = f"至{chinese_day(other.end)}" if other.end else "长期有效"
        raise NotAllowed(
            f"参保人的这个病种已有认定（{other.case.number}，{until}），新的认定应从其后一天开始"
        )
