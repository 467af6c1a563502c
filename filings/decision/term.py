"""Until which day a filing runs, and until which day it may not be changed. Pure."""

from dataclasses import dataclass
from datetime import date

from casework.days import add_months, chinese_day
from filings.decision.codes import CHOSEN
from filings.decision.decision import Question
from filings.decision.errors import FactsError
from filings.decision.reasons import Reason
from filings.decision.rules import Rule

VALIDITY = "备案有效期"


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of the filing and the last locked day, with their reasons.

    `validity`: which of `codes.VALIDITIES` explains the last day, or `codes.CHOSEN`.
    `doubtful`: a clerk should look. `silent`: what the place has not published.
    """

    valid_to: date | None
    locked_until: date | None
    floor_until: date | None
    validity: str
    reasons: tuple[Reason, ...]
    silent: tuple[str, ...]
    doubtful: bool


def term_of(question: Question, rule: Rule, start: date) -> Term:
    """The term of a filing that begins on `start`; raises FactsError for an end before it."""
    valid_to, reasons = _end_of(question, rule, start)
    floor_until = None
    silent: tuple[str, ...] = ()
    if rule.validity == "unpublished" and valid_to is None:
        silent = (VALIDITY,)
        floor_until = add_months(start, rule.floor_months) if rule.floor_months else None
    over = valid_to is not None and valid_to < question.facts.today
    if over:
        words = {"start": chinese_day(start), "end": chinese_day(valid_to)}
        reasons.append(question.say("validity_over", **words))
    locked_until, lock_reasons = _lock_of(question, rule, start)
    early_end = bool(valid_to and locked_until and valid_to < locked_until)
    if early_end:
        lock_reasons.append(question.say("end_before_lock", day=chinese_day(locked_until)))
    return Term(
        valid_to,
        locked_until,
        floor_until,
        CHOSEN if valid_to and rule.validity_months is None else rule.validity,
        (*reasons, *lock_reasons),
        silent,
        over or early_end,
    )


def _end_of(question: Question, rule: Rule, start: date) -> tuple[date | None, list[Reason]]:
    end = question.facts.end
    if end and rule.end_chosen:
        if end < start:
            raise FactsError("end", f"备案结束日期 {end} 早于开始日期 {start}，请核对")
        words = {"start": chinese_day(start), "end": chinese_day(end)}
        return end, [question.say("valid_until_chosen", **words)]
    valid_to, reasons = _published_end(question, rule, start)
    if end:
        reasons.append(question.say("end_not_choosable", end=chinese_day(end)))
    elif rule.end_chosen:
        reasons.append(question.say("end_may_be_chosen"))
    return valid_to, reasons


def _published_end(question: Question, rule: Rule, start: date) -> tuple[date | None, list[Reason]]:
    if rule.validity_months is not None:
        valid_to = add_months(start, rule.validity_months)
        words = {"start": chinese_day(start), "end": chinese_day(valid_to)}
        return valid_to, [question.say("valid_months", months=rule.validity_months, **words)]
    if rule.validity == "long_term":
        return None, [question.say("valid_long_term")]
    if rule.floor_months is not None:
        floor = chinese_day(add_months(start, rule.floor_months))
        return None, [question.say("validity_floor", months=rule.floor_months, day=floor)]
    return None, [question.say("validity_unpublished")]


def _lock_of(question: Question, rule: Rule, start: date) -> tuple[date | None, list[Reason]]:
    """Where changing and cancelling are locked for different times, the longer one counts."""
    known = [m for m in (rule.change_lock_months, rule.cancel_lock_months) if m is not None]
    if known and max(known) > 0:
        until = add_months(start, max(known))
        return until, [question.say("locked", day=chinese_day(until))]
    if rule.cancel_lock_months == 0:
        return None, [question.say("cancel_any_time")]
    if rule.lock_ceiling_months is not None:
        return None, [question.say("lock_unpublished", months=rule.lock_ceiling_months)]
    return None, []
