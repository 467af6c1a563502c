"""Where the person is, in hospital or out of it, and from which day a filing runs. Pure.

Source: 医保发〔2022〕22号 and its 经办规程 第16条 (docs/sources.md): a filing made before
settling at discharge is settled directly; one made after paying goes by the place's rule.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.days import chinese_day
from filings.decision.decision import Question
from filings.decision.facts import Facts
from filings.decision.reasons import Reason

BEFORE, IN_HOSPITAL, UNSETTLED, PAID = "before", "in_hospital", "unsettled", "paid"
_DAY = timedelta(days=1)

BACKDATING = "补登以前日期的规定"


@dataclass(frozen=True, slots=True)
class Start:
    """The first day, why, and what the place has not published about it."""

    day: date
    reasons: tuple[Reason, ...] = ()
    silent: tuple[str, ...] = ()


def phase_of(facts: Facts) -> str:
    """Before care, in hospital, discharged and not yet settled, or paid in full."""
    if facts.self_paid:
        return PAID
    if facts.discharged_on:
        return UNSETTLED
    return IN_HOSPITAL if facts.admitted_on else BEFORE


def start_of(question: Question) -> Start:
    """The first day of the filing: what was asked for, or what is proposed instead."""
    facts = question.facts
    if facts.admitted_on:
        return _start_with_admission(question, facts.admitted_on)
    if facts.start and facts.start < facts.today:
        return _backdated(question, facts.start, facts.today)
    return _start_from_today(question)


def _start_with_admission(question: Question, admitted: date) -> Start:
    """Same day or the day before is taken as asked: the 规程 lets a filing begin on the day
    of admission, the guide asks for a day before it. Any earlier day covers nothing of this
    stay and is back-dating."""
    start = question.facts.start
    if start is None:
        return Start(admitted, (question.say("start_is_admission", day=chinese_day(admitted)),))
    if start > admitted:
        words = {"start": chinese_day(start), "day": chinese_day(admitted)}
        return Start(admitted, (question.say("start_moved_to_admission", **words),))
    if start >= admitted - _DAY:
        return Start(start)
    return _backdated(question, start, admitted)


def _backdated(question: Question, start: date, latest: date) -> Start:
    """A start in the past, as far as the place allows; silence is for a clerk."""
    limit = question.rule.backdate_days if question.rule else None
    if limit is None:
        return Start(start, silent=(BACKDATING,))
    earliest = min(latest, question.facts.today - limit * _DAY)
    if start >= earliest:
        return Start(start)
    words = {"days": limit, "day": chinese_day(earliest)}
    return Start(earliest, (question.say("start_moved_to_limit", **words),))


def _start_from_today(question: Question) -> Start:
    today = question.facts.today
    start = question.facts.start or today
    effective = question.rule.effective if question.rule else "unpublished"
    if start > today or effective == "unpublished":
        return Start(start)
    if effective == "same_day":
        return Start(start, (question.say("effective_same_day"),))
    day = today + _DAY
    return Start(day, (question.say("effective_next_day", day=chinese_day(day)),))


def stay_reasons(question: Question, filing: bool) -> tuple[Reason, ...]:
    """What to do at the hospital and afterwards; `filing`: a filing is to be made."""
    phase = phase_of(question.facts)
    if phase == PAID:
        codes = ("supplement_account_first", "then_manual_claim")
    elif phase == BEFORE or not filing:
        codes = ()
    elif question.rule is None:
        codes = ("ask_before_settling",)
    else:
        codes = ("settle_after_filing", "redo_admission")
    return tuple(question.say(code) for code in codes)
