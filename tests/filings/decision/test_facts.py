"""A question is read strictly; what is wrong is said in Chinese and names the field."""

from datetime import date

import pytest

from filings.decision import Facts, FactsError, parse_facts
from filings.decision.facts import KEYS

GOOD = {
    "insured_area": "530902",
    "insurance": "310",
    "destination": "510100",
    "today": "2026-11-22",
}


def test_absent_means_null():
    facts = parse_facts(GOOD)
    assert facts == parse_facts(GOOD | dict.fromkeys(set(KEYS) - set(GOOD)))
    assert facts.today == date(2026, 11, 22)
    assert facts.category is None


def test_whether_one_files_anyway_is_never_read_from_a_line():
    with pytest.raises(FactsError, match="voluntary"):
        parse_facts(GOOD | {"voluntary": True})


@pytest.mark.parametrize("field", GOOD)
def test_a_required_field_that_is_missing_is_named(field):
    for line in ({k: v for k, v in GOOD.items() if k != field}, GOOD | {field: None}):
        with pytest.raises(FactsError) as caught:
            parse_facts(line)
        assert caught.value.field == field


BAD = [
    ("insured_area", {"insured_area": "5309"}),
    ("insured_area", {"insured_area": 530902}),
    ("insured_area", {"insured_area": "999999"}),
    ("insured_area", {"insured_area": "530000"}),
    ("insured_area", {"insured_area": "５３０９０２"}),
    ("insured_area", {"insured_area": "H53090200001"}),
    ("insured_area", {"insured_area": "\ud800"}),
    ("destination", {"destination": "H5101040000"}),
    ("destination", {"destination": "H99999900001"}),
    ("destination", {"destination": "成都"}),
    ("destination", {"destination": "510000"}),
    ("destination", {"destination": ""}),
    ("insurance", {"insurance": "320"}),
    ("insurance", {"insurance": 310}),
    ("insurance", {"insurance": ["310"]}),
    ("category", {"category": "LT"}),
    ("category", {"category": ""}),
    ("care", {"care": "dental"}),
    ("today", {"today": "2026-11-31"}),
    ("today", {"today": "20261122"}),
    ("today", {"today": "2026/11/22"}),
    ("today", {"today": "2026-11-22T00:00"}),
    ("today", {"today": 20261122}),
    ("today", {"today": "0001-01-01"}),
    ("today", {"today": "9999-12-31"}),
    ("start", {"start": "2026-2-30"}),
    ("end", {"end": "soon"}),
    ("self_paid", {"self_paid": "yes"}),
    ("certificate", {"certificate": 1}),
    ("promise", {"promise": "true"}),
    ("answers", {"answers": ["emergency"]}),
    ("answers.moved", {"answers": {"moved": True}}),
    ("answers.referral", {"answers": {"referral": "yes"}}),
    ("hospital", {"hospital": "协和"}),
    # Contradictions
    ("admitted_on", {"admitted_on": "2026-11-23"}),
    ("discharged_on", {"admitted_on": "2026-11-10", "discharged_on": "2026-11-09"}),
    ("discharged_on", {"admitted_on": "2026-11-10", "discharged_on": "2026-11-23"}),
    ("admitted_on", {"discharged_on": "2026-11-10"}),
    ("self_paid", {"admitted_on": "2026-11-10", "self_paid": True}),
    ("end", {"start": "2026-12-01", "end": "2026-11-30"}),
    ("end", {"end": "2026-11-21"}),
    ("end", {"admitted_on": "2026-11-10", "end": "2026-11-09"}),
]


@pytest.mark.parametrize(("field", "change"), BAD)
def test_what_is_wrong_is_said_in_chinese_and_names_the_field(field, change):
    with pytest.raises(FactsError) as caught:
        parse_facts(GOOD | change)
    error = caught.value
    assert error.field == field
    assert str(error).startswith(f"{field}：")
    assert any("一" <= letter <= "鿿" for letter in error.message)
    str(error).encode("utf-8")


@pytest.mark.parametrize("line", [None, [], "x", 3, True])
def test_a_line_that_is_no_object_is_refused(line):
    with pytest.raises(FactsError, match="JSON 对象"):
        parse_facts(line)


def test_facts_made_by_the_pages_are_checked_alike():
    with pytest.raises(FactsError) as caught:
        Facts("", "310", "510100", date(2026, 11, 22))
    assert caught.value.field == "insured_area"


def test_a_visit_that_was_paid_needs_no_discharge():
    facts = GOOD | {"care": "outpatient", "admitted_on": "2026-11-20", "self_paid": True}
    assert parse_facts(facts).self_paid


def test_the_same_day_may_be_admission_discharge_start_and_end():
    day = "2026-11-22"
    parse_facts(GOOD | {"admitted_on": day, "discharged_on": day, "start": day, "end": day})
