"""Was this stay filed, how, and as what: by dates and enrolment, never by jobs."""

from datetime import date

import pytest

from casework.actors import Actor
from casework.perform import perform
from filings.inquiry import ELSEWHERE, FILED, NONE, NOT_INSURED, filing_for, in_force
from filings.models import Filing
from residents.models import Enrolment
from tests.factories import (
    BEIJING,
    CHENGDU,
    PersonFactory,
    opened_filing,
    proven_holding,
    queued_filing,
)

pytestmark = pytest.mark.django_db


def test_a_stay_at_the_place_filed_to_is_filed_from_the_first_day_to_the_last(monday):
    case = opened_filing()
    for day, how in [
        (date(2026, 11, 22), NONE),
        (date(2026, 11, 23), FILED),
        (date(2027, 2, 23), FILED),
        (date(2027, 2, 24), NONE),
    ]:
        assert filing_for(case.person, day, CHENGDU).how == how, day


def test_the_answer_names_number_category_and_effect(monday):
    case = opened_filing()
    answer = filing_for(case.person, date(2026, 12, 1), CHENGDU)
    assert (answer.found, answer.number) == (True, case.number)
    assert (answer.category, answer.effect) == ("TMP-OTH", "temporary")


def test_another_place_than_the_one_filed_to_counts_as_going_on_ones_own(monday):
    case = opened_filing()
    answer = filing_for(case.person, date(2026, 12, 1), BEIJING)
    assert (answer.how, answer.category, answer.effect) == (ELSEWHERE, "TMP-OTH", "unfiled")


def test_somebody_without_a_filing_is_not_filed(monday):
    answer = filing_for(PersonFactory(), date(2026, 12, 1), CHENGDU)
    assert (answer.found, answer.how, answer.number) == (False, NONE, "")


def test_a_case_that_was_never_granted_is_no_filing(monday):
    case = queued_filing()
    assert filing_for(case.person, date(2026, 11, 24), BEIJING).how == NONE


def test_a_cancelled_filing_counts_until_its_last_day(monday):
    case = opened_filing()
    monday.move_to("2026-12-10T09:00:00+08:00")
    perform(case, "cancel", Actor.resident(case.account))
    assert filing_for(case.person, date(2026, 12, 10), CHENGDU).how == FILED
    assert filing_for(case.person, date(2026, 12, 11), CHENGDU).how == NONE


def test_a_filing_replaced_by_one_to_another_place_keeps_its_own_days(monday):
    holding = proven_holding()
    opened_filing(holding)
    monday.move_to("2026-12-10T09:00:00+08:00")
    opened_filing(holding, destination=BEIJING, destination_pick=BEIJING)
    person = holding.person
    assert filing_for(person, date(2026, 12, 1), CHENGDU).how == FILED
    assert filing_for(person, date(2026, 12, 11), CHENGDU).how == ELSEWHERE
    assert filing_for(person, date(2026, 12, 11), BEIJING).how == FILED


def test_the_newest_of_two_filings_to_one_place_answers(monday):
    holding = proven_holding()
    opened_filing(holding)
    monday.move_to("2027-02-01T09:00:00+08:00")
    renewed = opened_filing(holding)
    assert filing_for(holding.person, date(2027, 3, 1), CHENGDU).number == renewed.number


@pytest.mark.parametrize(
    "change, insured",
    [
        ({}, True),
        ({"state": "paused"}, False),
        ({"state": "ended"}, False),
        ({"to_day": date(2026, 11, 30)}, False),
        ({"to_day": date(2026, 12, 1)}, True),
        ({"from_day": date(2026, 12, 2)}, False),
    ],
)
def test_who_is_not_insured_on_the_day_has_no_filing_in_force(monday, change, insured):
    case = opened_filing()
    Enrolment.objects.update(**change)
    day = date(2026, 12, 1)
    assert in_force(case.filing, day) is insured
    assert filing_for(case.person, day, CHENGDU).how == (FILED if insured else NOT_INSURED)


def test_somebody_whom_the_register_never_knew_was_confirmed_by_a_clerk(monday):
    case = opened_filing()
    Enrolment.objects.all().delete()
    assert in_force(case.filing, date(2026, 12, 1))


def test_a_downgrade_works_forward_only(monday):
    case = opened_filing()
    Filing.objects.filter(pk=case.pk).update(
        category="TMP-OTH",
        benefit_level="temporary",
        category_before="LT-RES",
        benefit_level_before="full",
        downgraded_on=date(2026, 12, 10),
    )
    before = filing_for(case.person, date(2026, 12, 9), CHENGDU)
    after = filing_for(case.person, date(2026, 12, 10), CHENGDU)
    assert (before.category, before.effect) == ("LT-RES", "full")
    assert (after.category, after.effect) == ("TMP-OTH", "temporary")


def test_one_question_needs_few_queries(monday, django_assert_max_num_queries):
    case = opened_filing()
    with django_assert_max_num_queries(3):
        filing_for(case.person, date(2026, 12, 1), CHENGDU)
