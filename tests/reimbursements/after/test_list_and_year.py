"""我的报销 and 费用查询: what is listed, for whom, and what is left of the year."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reimbursements.models import ImportedSettlement, Settlement
from residents.models import Holding
from tests.factories import LINCANG, HoldingFactory
from tests.reimbursements.after.looking import (
    STATES,
    enter,
    own,
    proxy_of,
    stranger,
    text_of,
    url,
)
from tests.reimbursements.claims.factories import (
    WHY,
    act,
    bill,
    draft_claim,
    insured,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
)

pytestmark = pytest.mark.django_db
MINE, YEAR = "/claims/mine/", "/claims/year/"
FRAMES = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def queries(web, address: str) -> list[str]:
    web.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert web.get(address).status_code == 200
    return [q["sql"] for q in caught.captured_queries if not q["sql"].startswith(FRAMES)]


def imported(person, **values) -> ImportedSettlement:
    """A stay of this person that was settled directly."""
    known = {
        "area": LINCANG,
        "insurance": "390",
        "serial": f"S{ImportedSettlement.objects.count() + 1:06d}",
        "id_number": person.id_number,
        "year": 2026,
        "kind": "inpatient",
        "institution_name": "昆明市示例医院",
        "admitted_on": date(2026, 3, 1),
        "discharged_on": date(2026, 3, 9),
        "settled_on": date(2026, 3, 9),
        "total_fen": 1_000_000,
        "deductible_fen": 100_000,
        "funds": {"basic": 500_000},
        "cash_fen": 500_000,
        "imported_at": timezone.now(),
    }
    return ImportedSettlement.objects.create(**{**known, **values})


# --- 我的报销 ---------------------------------------------------------------------------


def test_every_claim_is_listed_with_its_state_and_where_it_leads(client):
    holding = insured()
    first = paid_claim(holding)
    second = queued_claim(holding, admitted_on="2026-11-01", discharged_on="2026-11-05")
    draft = draft_claim(holding, admitted_on="2026-11-10", discharged_on="2026-11-12")
    response = own(client, first).get(MINE)
    page, body = text_of(response), response.content.decode()
    assert page.index(second.number) < page.index(first.number), "the newest first"
    assert "已支付" in page and "待受理" in page and "草稿" in page and "20,000.00元" in page
    assert url(first) in body and url(draft, "steps/check/") in body
    assert first.number not in text_of(stranger(client).get(MINE))


def test_what_waits_to_be_paid_and_what_is_to_be_corrected_is_said(client):
    case = payable_claim()
    assert "应支付10,240.00元" in text_of(own(client, case).get(MINE))
    case = STATES["correction"]()
    assert "请在2026年12月3日（含当天）以前补正" in text_of(own(client, case).get(MINE))


def test_a_proxy_finds_the_claims_of_the_person_but_no_draft(client):
    case = queued_claim()
    draft_claim(Holding.objects.get(account=case.account), bills=[bill()])
    page = text_of(enter(client, proxy_of(case)).get(MINE))
    assert case.number in page and "草稿" not in page


def test_without_claims_the_list_says_what_to_do(client):
    page = text_of(stranger(client).get(MINE))
    assert "还没有报销申请" in page and "去申请报销" in page


def test_the_list_asks_four_queries_at_most_however_long_it_is(client):
    holding = insured()
    cases = [queued_claim(holding, diagnosis=f"肺炎{n}") for n in range(3)]
    web = own(client, cases[0])
    assert len(queries(web, MINE)) == 3


def test_a_long_list_is_read_in_pages(client, monkeypatch):
    monkeypatch.setattr("casework.listing.PER_PAGE", 1)
    holding = insured()
    old, new = queued_claim(holding), queued_claim(holding)
    web = own(client, old)
    first, second = text_of(web.get(MINE)), text_of(web.get(f"{MINE}?page=2"))
    assert new.number in first and old.number not in first and "下一页" in first
    assert old.number in second and "上一页" in second
    assert web.get(f"{MINE}?page=x").status_code == 200


@pytest.mark.parametrize("address", ["/", "/account/"])
def test_the_list_and_the_year_are_found_from_home_and_from_my_account(client, address):
    page = stranger(client).get(address).content.decode()
    assert MINE in page and YEAR in page


# --- 费用查询 ---------------------------------------------------------------------------


def test_the_year_adds_up_what_was_settled(client):
    case = paid_claim()
    row = Settlement.objects.get()
    response = own(client, case).get(YEAR)
    page = text_of(response)
    assert "2026年已结算的费用" in page and "云南省临沧市城乡居民基本医疗保险" in page
    assert "总费用20,000.00元，各基金支付10,240.00元" in page and "个人负担9,760.00元" in page
    assert "扣起付标准1,000.00元" in page and "2026-10-01至2026-10-10" in page
    assert url(case) in response.content.decode()
    assert row.paid_fen == 1_024_000


def test_the_year_says_what_is_left_by_the_policy_with_its_rule(client):
    """Of the example policy: basic 100,000 a year less 7,600; 大病 200,000 less 2,640."""
    page = text_of(own(client, paid_claim()).get(YEAR))
    assert "基本医保统筹基金年度最高支付限额100,000.00元，今年已用7,600.00元，还剩92,400.00" in page
    assert "大病保险年度最高支付限额200,000.00元，今年已用2,640.00元，还剩197,360.00" in page
    assert "住院起付标准每次收取，今年已扣1,000.00元" in page
    assert "大病保险起付标准8,000.00元" in page and "今年累计计入12,400.00元，还差0.00" in page
    assert "示例政策" in page and "依据：" in page


def test_a_deductible_of_the_year_says_what_is_left_of_it(client):
    visit = {"kind": "chronic", "admitted_on": "2026-10-10", "discharged_on": None}
    case = payable_claim(None, [bill("200.00")], **visit)
    page = text_of(own(client, case).get(YEAR))
    assert "门诊慢特病起付标准300.00元，一年收一次，今年已扣200.00元，还剩100.00" in page


def test_direct_settlements_count_too(client):
    case = paid_claim()
    imported(case.person)
    page = text_of(own(client, case).get(YEAR))
    assert "昆明市示例医院" in page and "直接结算" in page and "手工报销" in page
    assert "总费用30,000.00元，各基金支付15,240.00元" in page
    assert "今年已用12,600.00元，还剩87,400.00" in page


def test_only_direct_settlements_are_shown_as_far_as_they_are_known(client):
    holding = insured()
    imported(holding.person, kind="outpatient", funds={"basic": 20_000}, deductible_fen=None)
    page = text_of(enter(client, holding).get(YEAR))
    assert "普通门诊·昆明市示例医院" in page and "各基金支付200.00元" in page


def test_a_reversed_claim_is_in_no_year(client):
    case = act(paid_claim(), "reverse", staff("supervisor"), **WHY)
    assert "这一年还没有结算" in text_of(own(client, case).get(YEAR))


def test_a_late_bill_is_counted_once(client):
    holding = insured()
    paid_claim(holding, [bill("20000.00")])
    late = payable_claim(holding, [bill("5000.00")])
    page = text_of(own(client, late).get(YEAR))
    assert "总费用25,000.00元" in page and page.count("成都市示例医院") == 1


def test_other_years_are_led_to_and_an_empty_one_says_so(client):
    case = paid_claim()
    imported(case.person, year=2025, settled_on=date(2025, 3, 9))
    web = own(client, case)
    page = web.get(YEAR)
    assert "year=2025" in page.content.decode()
    page = text_of(web.get(f"{YEAR}?year=2025"))
    assert "2025年已结算的费用" in page and "昆明市示例医院" in page
    assert "这一年还没有结算" in text_of(web.get(f"{YEAR}?year=2024"))
    assert "2026年已结算" in text_of(web.get(f"{YEAR}?year=abc"))


def test_each_person_of_the_account_has_a_year_of_their_own(client):
    case = paid_claim()
    other = HoldingFactory(account=case.account, relation=Holding.Relation.PARENT, name="李四")
    web = own(client, case)
    assert f"person={other.pk}" in web.get(YEAR).content.decode()
    page = text_of(web.get(f"{YEAR}?person={other.pk}"))
    assert "李*2026年" in page and "这一年还没有结算" in page and case.number not in page


def test_the_year_of_somebody_else_is_not_shown_whatever_is_asked(client):
    case = paid_claim()
    theirs = Holding.objects.get(account=case.account)
    web = stranger(client)
    page = text_of(web.get(f"{YEAR}?person={theirs.pk}"))
    assert "这一年还没有结算" in page and "20,000" not in page and "张*" in page


def test_an_account_that_has_proven_nothing_is_shown_no_year(client):
    case = paid_claim()
    holding = proxy_of(case)
    holding.standing = "pending"
    holding.save()
    page = text_of(enter(client, holding).get(YEAR))
    assert "核实以后才能看" in page and "20,000" not in page


def test_the_year_asks_the_database_so_often(client):
    case = paid_claim()
    imported(case.person)
    assert len(found := queries(own(client, case), YEAR)) == 7, "\n".join(found)
