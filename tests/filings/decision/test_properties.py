"""What holds for every question, whatever the place and the dates."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from filings.decision import FactsError, decide, parse_facts, shipped
from filings.decision.codes import CARES, CATEGORIES, DOCUMENTS, INSURANCES, OUTCOMES
from filings.decision.reasons import REASONS

AREAS = (
    "530902", "530999", "530100", "150102", "150200", "110101", "120000", "130100", "130600",
    "510100", "460100", "659001", "660000", "429004", "529900",
)  # fmt: skip
DAYS = st.dates(date(2021, 1, 1), date(2030, 12, 31))


@st.composite
def questions(draw):
    """Questions as people ask them: the days lie near each other."""
    today = draw(DAYS)

    def near(least, most):
        days = draw(st.none() | st.integers(least, most))
        return (today + timedelta(days=days)).isoformat() if days is not None else None

    maybe = st.sampled_from([None, True, False])
    return {
        "insured_area": draw(st.sampled_from(AREAS)),
        "insurance": draw(st.sampled_from(list(INSURANCES))),
        "destination": draw(st.sampled_from((*AREAS, "H51010400001"))),
        "category": draw(st.sampled_from([None, *CATEGORIES])),
        "care": draw(st.sampled_from([None, *CARES])),
        "today": today.isoformat(),
        "start": near(-200, 60),
        "end": near(-30, 400),
        "admitted_on": near(-120, 2),
        "discharged_on": near(-60, 2),
        "self_paid": draw(maybe),
        "certificate": draw(maybe),
        "promise": draw(maybe),
        "answers": {"lives_there": draw(maybe), "referral": draw(maybe)},
    }


def answered(question):
    try:
        return decide(parse_facts(question), shipped())
    except FactsError as error:
        assert error.field in question
        return None


@given(questions())
def test_every_question_is_answered_with_a_reason_or_refused_by_field(question):
    decision = answered(question)
    if decision is None:
        return
    assert decision.outcome in OUTCOMES
    assert decision.reasons
    assert all(reason.code in REASONS for reason in decision.reasons)
    assert len({reason.code for reason in decision.reasons}) == len(decision.reasons)
    assert all(reason.text and reason.source for reason in decision.reasons)
    assert decision.benefit_text


@given(questions())
def test_the_days_of_an_answer_agree(question):
    decision = answered(question)
    if decision is None:
        return
    today = date.fromisoformat(question["today"])
    filed = decision.outcome in ("instant", "review")
    assert (decision.valid_from is not None) == filed
    if not filed:
        assert (decision.valid_to, decision.locked_until, decision.supply_by) == (None,) * 3
        return
    if decision.valid_to:
        assert decision.valid_to >= decision.valid_from
    if question["admitted_on"]:
        assert decision.valid_from.isoformat() <= question["admitted_on"]
    if decision.outcome == "instant":
        assert decision.valid_to is None or decision.valid_to >= today


@given(questions())
def test_nothing_is_opened_at_once_that_is_for_a_clerk(question):
    decision = answered(question)
    if decision is None:
        return
    codes = {reason.code for reason in decision.reasons}
    if decision.outcome == "instant":
        assert not codes & {"no_rule", "validity_over", "needs_review", "end_before_lock"}
        assert not question["self_paid"]
    if "no_rule" in codes:
        assert decision.outcome == "review"
    if decision.outcome == "review":
        assert codes & {"no_rule", "needs_review"}


@given(questions(), st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_missing_proof_changes_the_documents_and_never_the_outcome(question, certificate, promise):
    first = answered(question)
    second = answered(question | {"certificate": certificate, "promise": promise})
    assert (first is None) == (second is None)
    if first:
        assert first.outcome == second.outcome
        assert (first.valid_from, first.valid_to) == (second.valid_from, second.valid_to)
        assert all(set(group) <= set(DOCUMENTS) for group in second.documents)


@given(questions())
def test_the_same_question_has_the_same_answer(question):
    first, second = answered(question), answered(question)
    assert first == second
