"""decide(facts, rules): the one decision on a filing. Pure.

What each branch rests on is said in its reasons and in docs/rules.md.
"""

from dataclasses import replace
from datetime import date

from casework.calendar import Calendar
from filings.decision import codes
from filings.decision.codes import INSTANT, NOT_NEEDED, REFUSED, REVIEW
from filings.decision.decision import Decision, Question, where
from filings.decision.facts import Facts
from filings.decision.months import NextWorkday
from filings.decision.papers import IDENTITY_ONLY, papers_of, proofs_of
from filings.decision.reasons import Reason
from filings.decision.rulebook import Rulebook
from filings.decision.rules import Rule
from filings.decision.stay import IN_HOSPITAL, PAID, phase_of, start_of, stay_reasons
from filings.decision.term import term_of

_NATIONAL_CALENDAR = Calendar()

# Announced on 2024-09-10 for the end of that year (docs/sources.md); five before.
TEN_DISEASES_SINCE = date(2025, 1, 1)

MODE, LATE = "审核方式", "自费结清后补办的办法"
WHOLE = "这类就医的规定（要不要备案、怎么报销）"

NO_BENEFIT_RULE = "按什么比例报销，现有的政策资料没有写明，请问参保地经办机构。"
SAME_AREA_BENEFIT = "在参保的统筹区内看病，按本地的待遇报销，不降低。"
UNFILED_BENEFIT = "这次备案不能办；没有备案的，按参保地对未备案就医的规定报销，请问参保地经办机构。"
LATE_BENEFIT = "自费结清以后补办的，按什么比例报销，现有的政策资料没有写明，请问参保地经办机构。"


def decide(
    facts: Facts,
    rules: Rulebook,
    next_workday: NextWorkday = _NATIONAL_CALENDAR.next_workday,
) -> Decision:
    """Whether a filing is needed, who decides it, what to prove, and from when to when.

    `next_workday` moves a day off holidays; the default is the national calendar without an
    agency's own corrections. Where a place is silent the outcome is `review` with the reason
    `no_rule`, and numbers are None. Raises FactsError for a chosen end before the start.
    """
    question = _question(facts, next_workday)
    if question.where.scope == codes.SAME_AREA:
        return _same_area(question)
    if question.category == "INTRA-BIRTH" and question.where.scope == codes.INTER_PROVINCE:
        return _wrong_category(question)
    rule = rules.find(
        facts.insured_area,
        question.category,
        question.where.scope,
        facts.insurance,
        question.where.destination_area,
        facts.care,
        facts.today,
    )
    if rule is None:
        return _no_rule(question)
    question = replace(question, rule=rule)
    if rule.need == "required" or (rule.need == "voluntary" and facts.voluntary):
        return _filing(question, rule)
    return _not_needed(question, rule)


def derive_category(answers) -> str:
    """The category that answers lead to: the first that is true; none is TMP-OTH."""
    for key, category in codes.ANSWERS.items():
        if answers.get(key):
            return category
    return "TMP-OTH"


def _question(facts: Facts, next_workday: NextWorkday) -> Question:
    return Question(
        facts,
        facts.category or derive_category(facts.answers),
        where(facts.insured_area, facts.destination),
        next_workday,
    )


def _answer(question: Question, outcome: str, level: str, text: str, reasons, **more) -> Decision:
    """A decision with nothing but what is given; the category is explained when derived."""
    empty = {
        "valid_from": None,
        "valid_to": None,
        "locked_until": None,
        "documents": (),
        "promise_allowed": False,
        "supply_by": None,
    }
    rule = question.rule
    return Decision(
        outcome=outcome,
        category=question.category,
        scope=question.where.scope,
        destination_area=question.where.destination_area,
        benefit_level=level,
        benefit_text=text,
        reasons=(*reasons, *_derived(question)),
        in_hospital=phase_of(question.facts) == IN_HOSPITAL,
        rule_key=rule.key if rule else None,
        rule_version=rule.version if rule else None,
        **(empty | more),
    )


def _same_area(question: Question) -> Decision:
    reasons = (question.say("same_area"),)
    return _answer(question, NOT_NEEDED, "full", SAME_AREA_BENEFIT, reasons)


def _wrong_category(question: Question) -> Decision:
    reasons = (question.say("category_scope_mismatch"),)
    return _answer(question, REFUSED, "unfiled", UNFILED_BENEFIT, reasons)


def _no_rule(question: Question) -> Decision:
    start = start_of(question)
    reasons = (
        _silence(question, (WHOLE, *start.silent)),
        *stay_reasons(question, filing=True),
        *start.reasons,
        *_care_reasons(question),
    )
    return _answer(
        question,
        REVIEW,
        "unknown",
        NO_BENEFIT_RULE,
        reasons,
        valid_from=start.day,
        documents=IDENTITY_ONLY,
    )


def _not_needed(question: Question, rule: Rule) -> Decision:
    """No filing; where one (or a referral) keeps the benefit whole, its proof is listed."""
    voluntary = rule.need == "voluntary"
    unproven = question.facts.certificate is False and rule.benefit_level_unproven
    reasons = (
        *(question.say(code) for code in rule.reasons),
        *stay_reasons(question, filing=False),
        *_care_reasons(question),
        *_verify_reasons(question, rule),
    )
    return _answer(
        question,
        NOT_NEEDED,
        unproven or rule.benefit_level,
        rule.benefit_text,
        reasons,
        documents=proofs_of(question, rule) if voluntary else (),
        promise_allowed=voluntary and rule.promise == "allowed",
        may_file=voluntary,
        validity=rule.validity,
    )


def _filing(question: Question, rule: Rule) -> Decision:
    start = start_of(question)
    term = term_of(question, rule, start.day)
    papers = papers_of(question, rule)
    outcome, decided = _outcome(question, rule, start.silent, term)
    if outcome == REFUSED:
        return _answer(question, REFUSED, "unfiled", UNFILED_BENEFIT, decided)
    level, text = _benefit(question, rule)
    reasons = (
        *decided,
        *stay_reasons(question, filing=True),
        *start.reasons,
        *term.reasons,
        *papers.reasons,
        *_care_reasons(question),
        *_good_to_know(question, rule),
        *_verify_reasons(question, rule),
    )
    return _answer(
        question,
        outcome,
        level,
        text,
        reasons,
        valid_from=start.day,
        valid_to=term.valid_to,
        locked_until=term.locked_until,
        documents=papers.documents,
        promise_allowed=papers.promise_allowed,
        supply_by=papers.supply_by,
        validity=term.validity,
        floor_until=term.floor_until,
    )


def _outcome(question: Question, rule: Rule, silent, term) -> tuple[str, tuple[Reason, ...]]:
    """At once only where the place says so and nothing about this case is left open."""
    late = phase_of(question.facts) == PAID
    if late and rule.late_filing == "not_accepted":
        return REFUSED, (question.say("late_filing_refused"),)
    if late and rule.late_filing == "unpublished":
        silent = (*silent, LATE)
    if rule.mode == "unpublished":
        silent = (MODE, *silent)
    if rule.mode == "instant" and not (late or silent or term.doubtful):
        return INSTANT, (question.say("opened_at_once"),)
    return REVIEW, _review_reasons(question, rule, (*silent, *term.silent), late)


def _review_reasons(question: Question, rule: Rule, silent, late: bool) -> tuple[Reason, ...]:
    reasons = [question.say("needs_review")]
    if rule.statutory_days_online is not None:
        reasons.append(question.say("review_days", online=rule.statutory_days_online))
    if silent:
        reasons.append(_silence(question, silent))
    if late and rule.late_filing == "claim":
        reasons.append(question.say("late_filing_accepted"))
    return tuple(reasons)


def _benefit(question: Question, rule: Rule) -> tuple[str, str]:
    if phase_of(question.facts) == PAID and rule.late_filing == "unpublished":
        return "unknown", LATE_BENEFIT
    return rule.benefit_level, rule.benefit_text


def _silence(question: Question, topics) -> Reason:
    return question.say("no_rule", topics="、".join(dict.fromkeys(topics)))


def _care_reasons(question: Question) -> tuple[Reason, ...]:
    care, codes_ = question.facts.care, []
    if question.category == "TMP-EMG" and care in ("chronic", "pharmacy"):
        codes_.append("emergency_scope")
    if care == "chronic":
        codes_.append("disease_registration_first")
        across = question.where.scope == codes.INTER_PROVINCE
        if across and question.facts.today >= TEN_DISEASES_SINCE:
            codes_.append("chronic_ten_diseases")
    return tuple(question.say(code) for code in codes_)


def _good_to_know(question: Question, rule: Rule) -> tuple[Reason, ...]:
    reasons = []
    if question.facts.destination != question.where.destination_area:
        reasons.append(question.say("destination_is_area"))
    if rule.two_way in ("allowed", "after_documents"):
        reasons.append(question.say("two_way_benefit"))
    return tuple(reasons)


def _verify_reasons(question: Question, rule: Rule) -> tuple[Reason, ...]:
    return (question.say("rule_to_verify"),) if rule.mark == "to_verify" else ()


def _derived(question: Question) -> tuple[Reason, ...]:
    if question.facts.category:
        return ()
    name = codes.CATEGORIES[question.category]
    return (question.say("category_derived", category=name),)
