"""The bench seeds claims on any database, and every row of claims is a page that answers."""

import pytest
from django.core.management import call_command
from django.test import Client

from bench import claim_rows, seed
from bench.browsers import client_of
from bench.claim_case import BILLS, LINES, make_long
from bench.claim_seed import EXTRA, PAYABLE, ClaimSeeder
from bench.claim_walk import claim
from bench.people import FIRST, filers, staff
from casework.models import Case
from reimbursements.models import (
    Bill,
    BillLine,
    BillScan,
    Claim,
    Payment,
    Settlement,
    Stay,
    YearAccount,
)
from reimbursements.payments import candidates
from residents.models import User
from tests.caches import forget_all

SIZE = 200
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.VAR_DIR = tmp_path


@pytest.fixture
def clerks(files) -> dict[str, User]:
    forget_all()
    call_command("load_rules", verbosity=0)
    call_command("load_claim_reasons", verbosity=0)
    return {user.username: user for user in staff()}


@pytest.fixture
def seeded(clerks) -> ClaimSeeder:
    """As many filings as the smallest bench has, and as many claims."""
    seed.Seeder(list(clerks.values())).grow(SIZE)
    seeder = ClaimSeeder()
    seeder.grow(SIZE)
    return seeder


def test_as_many_claims_as_asked_each_with_its_stay_and_its_bill(seeded):
    claims = Case.objects.filter(kind="claim")
    assert claims.count() == Claim.objects.count() == Stay.objects.count() == SIZE + EXTRA
    assert Bill.objects.count() == SIZE + EXTRA
    assert len(set(claims.values_list("public_id", flat=True))) == SIZE + EXTRA
    paid = claims.filter(status="paid").count()
    assert Settlement.objects.count() == paid + PAYABLE and Payment.objects.count() == paid
    assert YearAccount.objects.count() <= paid + PAYABLE
    case = claims.select_related("claim__stay", "person").get(
        number__endswith=f"{EXTRA + SIZE - 1}"
    )
    assert case.claim.stay.person_id == case.person_id and case.name.endswith("示例")
    assert case.claim.bank_number[-4:] == case.claim.bank_tail


def test_it_goes_on_from_there_also_with_fewer_filings(seeded):
    seeded.grow(SIZE + 40, filings=SIZE)
    assert Claim.objects.count() == SIZE + 40 + EXTRA


def test_the_queues_have_a_full_page_and_finance_a_thousand_claims_to_pay(seeded, clerks):
    rows = list(claim_rows._queues(clerks, 1))
    assert [row.name for row in rows if "queries" in row.over] == []
    assert "100 行" in rows[0].name and "100 行" in rows[1].name
    ready = [one for one in candidates(clerks["hohhot-finance"]) if not one.refusal]
    assert len(ready) == 500
    assert Case.objects.filter(status="payable", city="150100").count() == PAYABLE


def test_the_account_with_many_claims_sees_them_and_its_year(seeded):
    web = client_of(User.objects.get(pk=FIRST))
    assert web.get("/claims/mine/").content.decode().count("示例医院") == 20
    assert web.get("/claims/year/").content.decode().count("示例医院") > 2


def test_the_long_claim_is_computed_cut_and_shown_within_its_queries(clerks):
    rows = list(claim_rows._page(clerks, 1))
    case = Case.objects.get(kind="claim")
    assert case.status == "first_review" and case.correction_items.exists()
    assert BillLine.objects.count() == BILLS * LINES == 300 and BillScan.objects.count() == 2
    assert Bill.objects.filter(decision="cut").count() == 1
    # Ten as any claim, and what was asked to be corrected.
    assert rows[0].cost.queries <= 11 and "queries" not in rows[0].over
    assert rows[1].over == [] or rows[1].over == ["CPU"]


def test_a_walk_ends_with_a_submitted_claim(clerks):
    holding = next(filers(insurance="390"))
    browser = claim_rows.InProcess(holding.account)
    record = claim(browser, "29000000000000000001")
    case = Case.objects.get(kind="claim")
    assert case.status == "submitted" and str(case.public_id) in record
    posted = [name for name, method, _ in browser.seen if method == "POST"]
    assert posted[-1] == "submit" and "upload" in posted


def test_the_import_takes_every_row_and_books_those_of_known_persons(seeded):
    row = claim_rows._import(6)
    assert "行/秒" in row.note
    with pytest.raises(claim_rows.BrokenWalk):
        claim_rows._get(Client(), "/claims/calculator/", {**claim_rows.CALCULATED, "total": "x"})


def test_the_long_claim_can_be_made_more_than_once(clerks):
    assert make_long().pk != make_long().pk
