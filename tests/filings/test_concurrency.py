"""Two people at the same moment, on two real connections of PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from casework.actors import Actor
from casework.desk import take_next
from casework.errors import CaseworkError, NotAllowed, StaleCase
from casework.models import Case, CaseEvent, Notice
from casework.perform import perform
from filings.decision.rulebook import shipped
from filings.jobs import expiry
from filings.models import Filing
from filings.review import review
from filings.rules_store import load_rulebook
from filings.service import start_filing, submit_filing
from tests.factories import (
    BEIJING,
    HOHHOT,
    clerk,
    draft_filing,
    opened_filing,
    proven_holding,
    queued_filing,
    submitted_filing,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def loaded_rules(transactional_db):
    load_rulebook(shipped())


def at_once(*calls):
    """Run the calls at the same moment, each on a connection of its own; what each returned
    or raised, in order."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=10)
        try:
            return call()
        except CaseworkError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def raised(results, kind) -> list:
    return [result for result in results if isinstance(result, kind)]


def test_two_submits_of_one_draft_make_one_case():
    case = draft_filing()

    def submit():
        return submit_filing(Case.objects.get(pk=case.pk), Actor.resident(case.account))

    results = at_once(submit, submit, submit)

    assert {result.number for result in results} == {Case.objects.get(pk=case.pk).number}
    assert CaseEvent.objects.filter(case=case, code="submitted").count() == 1


def test_two_tabs_that_begin_get_one_draft():
    holding = proven_holding()

    def begin():
        return start_filing(holding.account, holding.account, holding.person, holding, "TMP-OTH")

    results = at_once(begin, begin, begin)
    assert len({result.pk for result in results}) == 1
    assert Case.objects.count() == 1


def test_two_clerks_decide_and_one_of_them_is_told_that_the_page_is_stale():
    case = queued_filing()
    one, two = Actor.staff(clerk(area=HOHHOT)), Actor.staff(clerk(area=HOHHOT))
    seen = case.version

    results = at_once(
        lambda: perform(case, "approve", one, version=seen),
        lambda: perform(case, "reject", two, version=seen, reason="other", note="不符"),
    )

    assert len(raised(results, StaleCase)) == 1
    case.refresh_from_db()
    assert case.status in ("approved", "rejected")
    assert case.events.filter(code__in=["approved", "rejected"]).count() == 1


def test_a_resident_withdraws_while_a_clerk_approves_and_one_of_them_wins():
    case = queued_filing()
    actor = Actor.staff(clerk(area=HOHHOT))
    seen = case.version

    results = at_once(
        lambda: perform(case, "approve", actor, version=seen),
        lambda: perform(case, "withdraw", Actor.resident(case.account), version=seen),
    )

    assert len(raised(results, StaleCase)) == 1
    case.refresh_from_db()
    assert case.status in ("approved", "withdrawn")
    assert Filing.objects.get(pk=case.pk).live == (case.status == "approved")


def test_clerks_who_take_the_next_case_get_different_ones():
    cases = [queued_filing() for _ in range(4)]
    clerks = [clerk(area=HOHHOT) for _ in range(4)]

    taken = at_once(*(lambda user=user: take_next(user) for user in clerks))

    assert {case.pk for case in taken} == {case.pk for case in cases}


def test_two_reviews_of_one_case_end_in_one_event():
    case = submitted_filing()
    results = at_once(lambda: review(case), lambda: review(case))
    assert not raised(results, Exception)
    assert CaseEvent.objects.filter(case=case, code="opened").count() == 1
    assert CaseEvent.objects.filter(case=case).count() == 2


def test_two_filings_of_one_person_opened_at_once_leave_one_in_force():
    holding = proven_holding()
    one = submitted_filing(holding)
    two = draft_filing(holding, destination=BEIJING, destination_pick=BEIJING)
    two = submit_filing(two, Actor.resident(two.account))

    at_once(lambda: review(one), lambda: review(two))

    assert Filing.objects.filter(person=holding.person, live=True).count() == 1
    statuses = sorted(Case.objects.values_list("status", flat=True))
    assert statuses == ["approved", "superseded"]


def test_numbers_of_one_county_never_repeat():
    drafts = [draft_filing() for _ in range(6)]
    results = at_once(
        *(lambda case=case: submit_filing(case, Actor.resident(case.account)) for case in drafts)
    )
    assert len({case.number for case in results}) == 6


def test_two_expiry_jobs_write_one_event():
    case = opened_filing()
    Filing.objects.filter(pk=case.pk).update(
        start="2026-01-01", valid_to="2026-02-01", in_force_until="2026-02-01"
    )
    at_once(expiry.expire_due, expiry.expire_due)
    assert CaseEvent.objects.filter(case=case, code="expired").count() == 1
    assert Notice.objects.filter(case=case, template="filing_expired").count() == 2


def test_cancelling_while_a_new_place_supersedes_leaves_one_end():
    holding = proven_holding()
    old = opened_filing(holding)
    new = draft_filing(holding, destination=BEIJING, destination_pick=BEIJING)
    new = submit_filing(new, Actor.resident(new.account))

    results = at_once(
        lambda: perform(old, "cancel", Actor.resident(old.account)),
        lambda: review(new),
    )

    old.refresh_from_db(), new.refresh_from_db()
    assert new.status == "approved", results
    assert old.status in ("cancelled", "superseded")
    assert old.events.filter(code__in=["cancelled", "superseded"]).count() == 1
    assert not raised(results, NotAllowed) or old.status == "superseded"
