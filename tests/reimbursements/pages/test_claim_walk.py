"""From the first question to the submitted claim, with and without a proxy."""

import pytest

from casework.models import Case, Notice
from casework.tasks import review_case
from reimbursements.models import Bill, Claim
from reimbursements.service import MAX_DRAFTS
from tests.factories import CHENGDU, LINXIANG, EnrolmentFactory, HoldingFactory, opened_filing
from tests.filings.conftest import rules  # noqa: F401
from tests.reimbursements.claims.factories import submitted_claim
from tests.reimbursements.pages.walking import (
    ACCOUNT,
    BILL,
    INSURED,
    PLACE,
    STAY,
    WHY,
    add_bill,
    begin,
    draft,
    enter,
    insured_in_lincang,
    parent_of,
    step,
    stored,
    text_of,
    to_check,
    upload_documents,
)

pytestmark = pytest.mark.django_db


def test_a_stay_in_chengdu_is_claimed_from_the_first_question_to_the_queue(web):
    base = begin(web)
    page = text_of(to_check(web, base))
    assert "还差这些" not in page
    assert "估算：可以报销约" in page and "这只是估算" in page and "示例" in page
    assert "其他临时外出就医" in page and "多报" in page
    response = web.post(f"{base}steps/check/", {"version": "0"})
    assert response.url == base
    case = draft()
    assert case.status == "submitted" and case.number
    assert case.number in text_of(web.get(base))
    claim = Claim.objects.get()
    assert (claim.institution_name, claim.institution_area) == ("成都市示例医院", CHENGDU)
    assert claim.billed_fen == 2_000_000 and claim.bank_tail == "0000"
    bill = Bill.objects.get()
    assert (bill.total_fen, bill.own_expense_fen, bill.in_scope_fen) == (
        2_000_000,
        200_000,
        1_800_000,
    )
    review_case(case.pk)
    page = text_of(web.get(base))
    assert "等待受理" in page and "提交申请" in page and "费用清单" in page
    assert Notice.objects.filter(case=case, template="claim_received").exists()


def test_a_child_claims_for_a_parent_and_proves_it(client, monday):
    own = insured_in_lincang(name="王小明")
    held = parent_of(own.account)
    EnrolmentFactory.for_holding(held, insurance="390")
    enter(client, own)
    session = client.session
    session["holding"] = held.pk
    session.save()
    base = begin(client)
    assert draft().person_id == held.person_id
    page = text_of(to_check(client, base))
    assert "还差这些" not in page and "为王*兰（" in page
    codes = {file.document for file in draft().attachments.all()}
    assert "agent_id" in codes and codes & {"authorisation", "kinship_proof"}
    client.post(f"{base}steps/check/", {"version": "0"})
    assert draft().status == "submitted"


def test_without_the_papers_of_the_proxy_the_claim_is_not_submitted(client, monday):
    own = insured_in_lincang(name="王小明")
    held = parent_of(own.account)
    enter(client, own)
    session = client.session
    session["holding"] = held.pk
    session.save()
    base = begin(client)
    response = client.post(f"{base}steps/documents/", {})
    assert response.status_code == 422 and "代办人的有效身份证件" in text_of(response)


def test_two_clicks_on_submit_make_one_case(web):
    base = begin(web)
    to_check(web, base)
    first = web.post(f"{base}steps/check/", {"version": "0"})
    second = web.post(f"{base}steps/check/", {"version": "0"})
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, base)
    assert Claim.objects.count() == Case.objects.filter(kind="claim").count() == 1
    assert draft().events.filter(code="submitted").count() == 1


def test_nothing_is_submitted_while_something_is_missing(web):
    base = begin(web)
    step(web, base, "why", WHY)
    response = web.post(f"{base}steps/check/", {"version": "0"})
    page = text_of(response)
    assert "还差这些就可以提交" in page and "请至少添加一张票据" in page
    assert f"{base}steps/bills/?back_to=check" in response.content.decode()
    assert draft().status == "draft"


def test_a_draft_is_found_again_where_it_was_left(web):
    base = begin(web)
    step(web, base, "why", WHY)
    step(web, base, "insured", INSURED)
    left = web.post(f"{base}steps/place/", {**PLACE, "leave": "1"})
    assert left.url == "/claims/"
    page = web.get("/claims/")
    assert "接着上次填" in text_of(page) and "住院·成都市示例医院" in text_of(page)
    assert f"{base}steps/check/" in page.content.decode()
    assert 'value="成都市示例医院"' in web.get(f"{base}steps/place/").content.decode()


def test_two_stays_are_two_drafts_that_are_told_apart(web):
    first = begin(web)
    assert begin(web) == first, "a second click begins no second draft"
    step(web, first, "why", WHY)
    step(web, first, "place", PLACE)
    step(web, first, "stay", STAY)
    second = begin(web)
    assert second != first
    step(web, second, "why", WHY)
    step(web, second, "place", {**PLACE, "name": "成都市另一医院"})
    page = text_of(web.get("/claims/"))
    assert "住院·成都市示例医院·2026年10月1日" in page and "住院·成都市另一医院" in page
    assert "为另一次就医申请" in page


def test_there_are_only_so_many_drafts(web, holding):
    for _ in range(MAX_DRAFTS):
        step(web, begin(web), "why", WHY)
    page = web.post("/claims/", follow=True)
    assert f"已有{MAX_DRAFTS}件，请先提交或删除一件" in text_of(page)
    assert Case.objects.filter(kind="claim").count() == MAX_DRAFTS
    gone = Case.objects.filter(kind="claim").first()
    web.post(f"/claims/{gone.public_id}/discard/")
    assert web.post("/claims/").url.startswith("/claims/"), "room again"
    assert Case.objects.filter(kind="claim").count() == MAX_DRAFTS


def test_what_is_changed_from_the_last_page_leads_back_to_it(web):
    base = begin(web)
    to_check(web, base)
    step(web, base, "stay", {**STAY, "diagnosis": "支气管炎", "back_to": "check"}, "check")
    assert "支气管炎" in text_of(web.get(f"{base}steps/check/"))


def test_a_draft_is_thrown_away_after_asking(web):
    base = begin(web)
    assert "不能恢复" in text_of(web.get(f"{base}discard/"))
    assert web.post(f"{base}discard/").url == "/claims/"
    assert not Case.objects.filter(kind="claim").exists()


PAGES = (
    "",
    "discard/",
    "bills/new/",
    *(f"steps/{slug}/" for slug in ("why", "insured", "place", "stay", "account")),
    *(f"steps/{slug}/" for slug in ("advice", "bills", "documents", "check")),
)


@pytest.mark.parametrize("page", PAGES)
def test_another_resident_finds_no_draft(web, client, page):
    base = begin(web)
    enter(client, insured_in_lincang(name="张三"))
    assert client.get(f"{base}{page}").status_code == 404
    if page:
        assert client.post(f"{base}{page}", {}).status_code in (404, 405)


def test_another_resident_finds_no_submitted_claim(client, monday):
    case = submitted_claim()
    enter(client, insured_in_lincang(name="张三"))
    assert client.get(f"/claims/{case.public_id}/").status_code == 404
    assert client.get(f"/claims/{case.public_id}/steps/check/").status_code == 404


def test_a_submitted_claim_takes_no_more_answers(web, holding):
    case = submitted_claim(holding)
    base = f"/claims/{case.public_id}/"
    assert web.get(f"{base}steps/check/").url == base
    assert web.post(f"{base}steps/stay/", STAY).status_code == 404
    assert web.post(f"{base}bills/new/", BILL).status_code == 404


def test_a_bill_that_another_claim_has_is_named_where_it_is_the_same_persons(web, holding):
    first = submitted_claim(holding, [{"key": "a", **BILL}])
    base = begin(web)
    to_check(web, base)
    page = web.post(f"{base}steps/check/", {"version": "0"}, follow=True)
    assert first.number in text_of(page) and "不能重复报销" in text_of(page)
    assert Case.objects.filter(kind="claim", status="draft").count() == 1


def test_an_account_that_has_proven_nothing_is_told_nothing_of_the_person(client, monday, rules):  # noqa: F811
    known = insured_in_lincang()
    filed = opened_filing(known, start="2026-11-23", insurance="390")
    other = HoldingFactory(person=known.person, standing="pending")
    enter(client, other)
    base = begin(client)
    assert stored().insured_area == ""
    assert LINXIANG not in client.get(f"{base}steps/insured/").content.decode()
    step(client, base, "why", WHY)
    step(client, base, "insured", INSURED)
    step(client, base, "place", PLACE)
    day = {"admitted_on": "2026-11-23", "discharged_on": "2026-11-23"}
    step(client, base, "stay", {**STAY, **day})
    page = text_of(client.get(f"{base}steps/stay/"))
    assert "还没有核实" in page and filed.number not in page
    add_bill(client, base, date="2026-11-23")
    upload_documents(client, base)
    step(client, base, "account", ACCOUNT)
    page = text_of(client.get(f"{base}steps/check/"))
    assert "还没有核实" in page and "估算：可以报销" not in page and filed.number not in page


def test_a_filing_in_force_on_the_day_of_admission_is_found_by_itself(client, monday, rules):  # noqa: F811
    held = insured_in_lincang()
    filed = opened_filing(held, start="2026-11-23", insurance="390")
    enter(client, held)
    base = begin(client)
    step(client, base, "insured", INSURED)
    step(client, base, "place", PLACE)
    data = {**STAY, "admitted_on": "2026-11-23", "discharged_on": "2026-11-23", "preview": "1"}
    page = text_of(client.post(f"{base}steps/stay/", data))
    assert f"入院当天有备案：其他临时外出就医人员（办件编号{filed.number}）" in page
    assert stored().admitted_on is None, "looking at the effect saves nothing"
