"""How many queries each page of a claim asks: pinned, and the same for many bills as for one."""

import pytest

from tests.filings.pages.test_queries import Meter
from tests.reimbursements.claims.factories import bill, draft_claim, submitted_claim
from tests.reimbursements.pages.walking import (
    ACCOUNT,
    BILL,
    INSURED,
    PLACE,
    STAY,
    WHY,
    begin,
    enter,
    insured_in_lincang,
    to_check,
    upload_documents,
)

pytestmark = pytest.mark.django_db

STEP = 10
STEPS = (
    ("why", WHY),
    ("insured", INSURED),
    ("place", PLACE),
    ("stay", STAY),
    ("account", ACCOUNT),
)


@pytest.fixture
def meter(client, holding):
    """A proven resident; calendars, policies and addresses, read once a process, are known."""
    other = insured_in_lincang()
    enter(client, other)
    to_check(client, begin(client))
    enter(client, holding)
    return Meter(client)


def test_every_step_keeps_its_budget(meter):
    meter.get("/claims/")
    base = meter.post("/claims/", {}).url.rsplit("steps/", 1)[0]
    for slug, data in STEPS:
        meter.get(f"{base}steps/{slug}/")
        assert meter.post(f"{base}steps/{slug}/", data).status_code == 302, slug
    meter.post(f"{base}steps/stay/", {**STAY, "preview": "1"})
    meter.get(f"{base}bills/new/")
    assert meter.post(f"{base}bills/new/", BILL).status_code == 302
    meter.get(f"{base}steps/bills/")
    assert meter.post(f"{base}steps/bills/", {}).status_code == 302
    meter.get(f"{base}steps/documents/")
    meter.keeps(STEP)
    upload_documents(meter.client, base)
    meter.asked.clear()
    meter.get(f"{base}steps/documents/")
    assert meter.post(f"{base}steps/documents/", {}).status_code == 302
    meter.get(f"{base}steps/check/")
    meter.get("/claims/")
    meter.keeps(STEP)


@pytest.mark.parametrize("which", ["steps/bills/", "steps/check/"])
def test_many_bills_cost_no_more_than_one(meter, holding, which):
    counts = []
    for many in (1, 20):
        case = draft_claim(holding, [bill("100.00") for _ in range(many)])
        meter.asked.clear()
        assert meter.get(f"/claims/{case.public_id}/{which}").status_code == 200
        counts.append(len(meter.asked[0][1]))
    assert counts[0] == counts[1] <= STEP


def test_the_start_page_costs_the_same_for_one_claim_as_for_many(meter, holding):
    for _ in range(3):
        submitted_claim(holding)
        meter.get("/claims/")
    counts = {len(queries) for _, queries in meter.asked}
    assert len(counts) == 1 and counts.pop() <= STEP
