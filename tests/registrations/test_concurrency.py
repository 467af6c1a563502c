"""Two people at the same moment, on two real connections of PostgreSQL."""

import pytest

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case, CaseEvent
from casework.perform import perform
from registrations.inquiry import granted
from registrations.service import start_registration, submit_registration
from tests.factories import HOHHOT, XINCHENG, clerk, proven_holding
from tests.filings.test_concurrency import at_once, raised
from tests.registrations.factories import HYPERTENSION, draft_registration, queued_registration

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_submits_of_one_draft_make_one_case():
    case = draft_registration()

    def submit():
        return submit_registration(Case.objects.get(pk=case.pk), Actor.resident(case.account))

    results = at_once(submit, submit, submit)
    assert {result.number for result in results} == {Case.objects.get(pk=case.pk).number}
    assert CaseEvent.objects.filter(case=case, code="submitted").count() == 1


def test_two_tabs_that_begin_get_one_draft():
    holding = proven_holding()

    def begin():
        return start_registration(holding.account, holding, HYPERTENSION)

    assert len({result.pk for result in at_once(begin, begin, begin)}) == 1


def test_two_cases_of_one_disease_approved_at_once_leave_one_in_force():
    holding = proven_holding(XINCHENG)
    one, other = queued_registration(holding), queued_registration(holding)
    clerks = [Actor.staff(clerk(area=HOHHOT)) for _ in range(2)]

    def approve(case, actor):
        return lambda: perform(Case.objects.get(pk=case.pk), "approve", actor)

    results = at_once(*(approve(*each) for each in zip((one, other), clerks, strict=True)))
    assert len(raised(results, NotAllowed)) == 1
    assert granted(holding.person_id, HYPERTENSION).count() == 1
