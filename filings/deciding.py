"""Asking `decide` with the rules of the database and the working days of the agency."""

from datetime import date, timedelta

from casework.days import add_months
from casework.workdays import current_calendar
from filings.answers import Answers
from filings.decision import Decision, Rule, Rulebook, decide
from filings.decision.months import supply_deadline
from filings.rules_store import rulebook

# Where a place has not published how many filings one person may have at once: the
# practice most user guides describe, one (docs/sources.md; no official text found).
ONE_AT_A_TIME = 1


class _RulesOfDay:
    """A rulebook that answers as on one day, whatever day is asked for."""

    def __init__(self, book: Rulebook, on: date):
        self._book, self._on = book, on

    def find(self, *key_and_day):
        """The rule found on the fixed day; the last argument is the day asked for."""
        return self._book.find(*key_and_day[:-1], self._on)


def decision_for(
    answers: Answers,
    today: date,
    asked_on: date | None = None,
    certificate: bool | None = None,
) -> Decision:
    """The decision by the rules in force on `today`.

    `asked_on` is the day the resident submitted: dates count from it, so that the time a
    review takes costs nobody a day. Raises FactsError while an answer is missing.
    """
    facts = answers.facts(asked_on or today, certificate)
    rules = _RulesOfDay(rulebook(), today)
    return decide(facts, rules, current_calendar().next_workday)


def rule_behind(decision: Decision) -> Rule | None:
    """The rule that decided, or None where no place says anything."""
    if decision.rule_key is None:
        return None
    return rulebook().rule(decision.rule_key, decision.rule_version)


def filings_at_once(rule: Rule | None) -> int:
    """How many filings of one person may be in force at once."""
    return (rule.max_in_force if rule else None) or ONE_AT_A_TIME


def cancel_lock(rule: Rule | None, start: date, locked_until: date | None) -> date | None:
    """The last day on which cancelling is locked; None when it may be cancelled any time.

    Where a place has published a lock only for one of changing and cancelling, the
    published one counts for both, as the resident was told.
    """
    if rule and rule.cancel_lock_months is not None:
        return _after(start, rule.cancel_lock_months)
    return locked_until


def change_lock(rule: Rule | None, start: date, locked_until: date | None) -> date | None:
    """The last day on which changing is locked; None when it may be changed any time."""
    if rule and rule.change_lock_months is not None:
        return _after(start, rule.change_lock_months)
    return locked_until


def _after(start: date, months: int) -> date | None:
    return add_months(start, months) if months else None


def supply_day(decision: Decision, rule: Rule | None, today: date) -> date | None:
    """Until when promised papers are due; never a day that is over when the filing opens."""
    if decision.supply_by is None or decision.supply_by > today:
        return decision.supply_by
    next_workday = current_calendar().next_workday
    return supply_deadline(today, rule.supply_days, rule.supply_months, next_workday)


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
