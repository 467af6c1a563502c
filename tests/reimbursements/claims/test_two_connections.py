"""Two real connections at the same moment: the year's ceiling, one stay, one bill."""

import time

import pytest
from django.db import connection

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import Case
from reimbursements.acts import billing, deciding
from reimbursements.models import Bill, LedgerEntry, Settlement, YearAccount
from reimbursements.service import submit_claim
from tests.filings.test_concurrency import at_once
from tests.reimbursements.claims.factories import (
    act,
    approval_claim,
    bill,
    draft_claim,
    insured,
    payable_claim,
    staff,
)
from tests.services.test_two_connections import until_somebody_waits

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CEILING = 10_000_000  # of the basic fund in the example policy of 临沧 居民
BIG = "300000.00"


@pytest.fixture
def slow_settling(monkeypatch):
    """Each approval stays in its transaction until another connection waits for a lock."""
    settle = deciding.settle_claim

    def settle_slowly(case, actor, now):
        row = settle(case, actor, now)
        until_somebody_waits(2)
        return row

    monkeypatch.setattr(deciding, "settle_claim", settle_slowly)


def approve(case: Case):
    return lambda: act(Case.objects.get(pk=case.pk), "approve", staff("supervisor"))


def open_the_year(holding) -> None:
    """A small stay before: where the account is made at the same moment, its constraint would
    make the second wait, and the lock would not be seen at work."""
    small = [bill("100.00", date="2026-02-02")]
    payable_claim(holding, small, admitted_on="2026-02-01", discharged_on="2026-02-02")


def test_two_claims_of_one_person_approved_at_once_stay_below_the_ceiling(slow_settling):
    holding = insured()
    open_the_year(holding)
    cases = [
        approval_claim(
            holding, [bill(BIG)], admitted_on=f"2026-0{month}-01", discharged_on=f"2026-0{month}-09"
        )
        for month in (3, 4)
    ]
    results = at_once(*(approve(case) for case in cases))

    assert [case.status for case in results] == ["payable", "payable"]
    basic = [row.funds["basic"] for row in Settlement.objects.all()]
    assert sum(basic) == CEILING
    account = YearAccount.objects.get()
    assert account.data["funds"]["basic"] == "100000.00" and account.data["stays"] == 3
    entries = list(LedgerEntry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[1].after == entries[2].before and entries[2].after == account.data


def test_two_claims_of_one_stay_approved_at_once_pay_what_one_would(slow_settling):
    holding = insured()
    open_the_year(holding)
    cases = [approval_claim(holding, [bill(total)]) for total in ("20000.00", "5000.00")]
    other = insured()
    open_the_year(other)
    whole = approval_claim(other, [bill("25000.00")])
    at_once(*(approve(case) for case in cases))
    approve(whole)()

    rows = list(Settlement.objects.filter(stay=cases[0].claim.stay).order_by("seq"))
    assert len(rows) == 2 and rows[1].replaces == rows[0]
    paid = sum(row.difference_fen for row in rows)
    assert paid == Settlement.objects.get(claim_id=whole.pk).paid_fen
    assert YearAccount.objects.get(person=holding.person).data["stays"] == 2


def test_one_bill_submitted_twice_at_once_is_taken_once(monkeypatch):
    same = [bill()]
    drafts = [draft_claim(insured(), same) for _ in range(2)]
    look = billing.refuse_taken

    def look_and_wait(*args):
        look(*args)
        time.sleep(0.3)

    monkeypatch.setattr(billing, "refuse_taken", look_and_wait)
    results = at_once(
        *(
            lambda case=case: submit_claim(
                Case.objects.get(pk=case.pk), Actor.resident(case.account)
            )
            for case in drafts
        )
    )
    refused = [each for each in results if isinstance(each, NotAllowed)]
    assert len(refused) == 1 and str(refused[0]) == billing.ELSEWHERE, results
    assert Bill.objects.filter(alive=True).count() == 1


def test_one_claim_approved_by_two_is_settled_once(slow_settling):
    case = approval_claim()
    version = case.version
    results = at_once(*(lambda: act_at(case, version) for _ in range(2)))
    assert sum(isinstance(each, Exception) for each in results) == 1, results
    assert Settlement.objects.count() == LedgerEntry.objects.count() == 1
    assert connection.vendor == "postgresql"


def act_at(case: Case, version: int):
    seen = Case.objects.get(pk=case.pk)
    seen.version = version
    return act(seen, "approve", staff("supervisor"))
