"""What has to be proved, and whether a 承诺书 may stand in. Pure."""

from dataclasses import dataclass
from datetime import date

from casework.days import chinese_day
from filings.decision.codes import CERTIFICATE, IDENTITY_DOCUMENTS, PROMISE_LETTER
from filings.decision.decision import Question
from filings.decision.months import supply_deadline
from filings.decision.reasons import Reason
from filings.decision.rules import Rule

Groups = tuple[tuple[str, ...], ...]
IDENTITY_ONLY: Groups = (IDENTITY_DOCUMENTS,)


@dataclass(frozen=True, slots=True)
class Papers:
    """Groups of documents (of each any one will do) and what a promise means here."""

    documents: Groups
    promise_allowed: bool
    supply_by: date | None
    reasons: tuple[Reason, ...]


def papers_of(question: Question, rule: Rule) -> Papers:
    """What is still to be shown or handed in. A certificate that is there drops out; a
    promise takes the place of every group that proves the category."""
    proofs = proofs_of(question, rule)
    identity = tuple(group for group in rule.documents if _is_identity(group))
    allowed = rule.promise == "allowed"
    if not (allowed and question.facts.promise):
        reasons = (*_certificate_reasons(question, proofs), *_promise_refusal(question, rule))
        return Papers((*identity, *proofs), allowed, None, reasons)
    supply_by, reasons = _owed(question, rule)
    return Papers((*identity, (PROMISE_LETTER,)), True, supply_by, reasons)


def proofs_of(question: Question, rule: Rule) -> Groups:
    """The groups that prove the category and are not met yet."""
    shown = {CERTIFICATE} if question.facts.certificate else set()
    return tuple(
        group
        for group in rule.documents
        if not _is_identity(group) and not shown.intersection(group)
    )


def _is_identity(group: tuple[str, ...]) -> bool:
    return group[0] in IDENTITY_DOCUMENTS


def _certificate_reasons(question: Question, proofs: Groups) -> tuple[Reason, ...]:
    needed = any(CERTIFICATE in group for group in proofs)
    return (question.say("certificate_needed"),) if needed else ()


def _promise_refusal(question: Question, rule: Rule) -> tuple[Reason, ...]:
    if not question.facts.promise:
        return ()
    code = "promise_not_allowed" if rule.promise == "not_allowed" else "promise_not_needed"
    return (question.say(code),)


def _owed(question: Question, rule: Rule) -> tuple[date | None, tuple[Reason, ...]]:
    """Until when promised papers are due, counted from today, and what happens otherwise."""
    used = question.say("promise_used")
    if rule.supply_owed is None:
        return None, (used, question.say("promise_owed_unpublished"))
    if not rule.supply_owed:
        return None, (used, question.say("promise_nothing_owed"))
    day = supply_deadline(
        question.facts.today, rule.supply_days, rule.supply_months, question.next_workday
    )
    due = (
        question.say("promise_supply_by", day=chinese_day(day))
        if day
        else question.say("promise_supply_unpublished")
    )
    return day, (used, due, question.say(f"unsupplied_{rule.unsupplied}", months=rule.ban_months))
