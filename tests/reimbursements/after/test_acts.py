"""Withdraw, appeal, another account, and claiming again."""

import pytest

from casework.models import Case
from reimbursements.models import Bill
from reimbursements.service import answers_now, save
from tests.reimbursements.after.looking import (
    STATES,
    enter,
    lapsed_claim,
    own,
    proxy_of,
    rejected_claim,
    stranger,
    text_of,
    url,
    withdrawn_claim,
)
from tests.reimbursements.claims.factories import (
    claim_of,
    failed_claim,
    paid_claim,
    payable_claim,
    queued_claim,
)

pytestmark = pytest.mark.django_db
PAYEE = {
    "bank_relation": "self",
    "bank_holder": "王秀兰",
    "bank_name": "示例银行凤翔支行",
    "bank_number": "6217000000000000004",
}


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def send(web, case, rest: str, **data):
    return web.post(url(case, rest), {"version": case.version, **data})


def test_a_claim_is_withdrawn_after_asking_and_its_bills_are_free(client):
    case = queued_claim()
    web = own(client, case)
    assert "要撤回这次申请吗" in text_of(web.get(url(case, "act/withdraw/")))
    case.refresh_from_db()
    assert case.status == "intake", "looking changes nothing"
    assert send(web, case, "act/withdraw/").url == url(case)
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert not Bill.objects.filter(claim_id=case.pk, alive=True).exists()


def test_an_approved_claim_is_not_withdrawn(client):
    case = payable_claim()
    web = own(client, case)
    page = web.get(url(case, "act/withdraw/"))
    assert "现在不能办理" in text_of(page) and "<button" not in text_of(page)
    response = send(web, case, "act/withdraw/")
    assert response.status_code == 422 and "不能撤回申请" in text_of(response)
    case.refresh_from_db()
    assert case.status == "payable"


@pytest.mark.parametrize("status", ["paid", "rejected", "not_accepted"])
def test_an_appeal_says_why_and_goes_to_somebody_else(client, status):
    case = STATES[status]()
    web = own(client, case)
    response = send(web, case, "act/appeal/", note="")
    assert response.status_code == 422 and "请写明理由" in text_of(response)
    assert send(web, case, "act/appeal/", note="第二张票据应当认可").url == url(case)
    case.refresh_from_db()
    assert case.status == "second_review" and claim_of(case).appealed_at
    assert "第二张票据应当认可" in text_of(web.get(url(case)))


def test_what_is_no_action_of_a_resident_has_no_page(client):
    case = queued_claim()
    web = own(client, case)
    for name in ("accept", "approve", "give_account", "resubmit", "submit", "nothing"):
        assert web.get(url(case, f"act/{name}/")).status_code == 404


@pytest.mark.parametrize("page", ["act/withdraw/", "act/appeal/", "account/", "again/"])
def test_somebody_else_may_do_nothing(client, page):
    case = failed_claim()
    web = stranger(client)
    assert web.get(url(case, page)).status_code in (404, 405)
    assert web.post(url(case, page), {}).status_code == 404
    case.refresh_from_db()
    assert case.status == "payment_failed"


def test_after_a_failed_payment_another_account_is_given(client):
    case = failed_claim()
    web = own(client, case)
    page = web.get(url(case))
    assert "支付没有成功" in text_of(page) and url(case, "account/") in page.content.decode()
    assert "银行退回了这笔款：户名与账号不符。请核对" in text_of(page)
    page = web.get(url(case, "account/"))
    assert "银行退回了这笔款：户名与账号不符。收款账户" in text_of(page)
    assert "尾号0000" in text_of(page) and "6222020000000000000" not in page.content.decode()
    response = send(web, case, "account/", **{**PAYEE, "bank_number": "6217000000000000001"})
    assert response.status_code == 422 and "6217000000000000001" in response.content.decode()
    assert send(web, case, "account/", **PAYEE).url == url(case)
    case.refresh_from_db()
    assert case.status == "payable" and claim_of(case).bank_tail == "0004"
    assert "尾号0004" in text_of(web.get(url(case)))
    assert web.get(url(case, "account/")).status_code == 404


def test_the_name_alone_is_corrected_and_the_number_stays(client):
    case = failed_claim()
    typed = {**PAYEE, "bank_number": "", "bank_relation": "guardian", "bank_holder": "王小明"}
    assert send(own(client, case), case, "account/", **typed).url == url(case)
    claim = claim_of(case)
    assert (claim.bank_tail, claim.bank_holder) == ("0000", "王小明")


def test_a_failed_payment_waits_on_the_start_page(client):
    case = failed_claim()
    page = own(client, case).get("/")
    assert "您的手工报销支付没有成功" in text_of(page) and url(case) in page.content.decode()


def again(web, case) -> Case:
    response = web.post(url(case, "again/"))
    assert response.status_code == 302, text_of(response)
    return Case.objects.get(kind="claim", status="draft")


def test_a_withdrawn_claim_is_claimed_again_with_its_bills(client):
    case = withdrawn_claim()
    web = own(client, case)
    draft = again(web, case)
    old, new = answers_now(case), answers_now(draft)
    assert new.admitted_on == old.admitted_on and new.bank_number == old.bank_number
    assert [b.number for b in new.all_bills] == [b.number for b in old.all_bills]
    assert all(b.files == [] for b in new.all_bills)
    assert "旧申请的内容已带入" in text_of(web.get(url(draft, "steps/check/")))


def test_a_paid_claim_gives_the_next_one_place_and_account_but_no_bills(client):
    case = paid_claim()
    new = answers_now(again(own(client, case), case))
    assert new.bills == [] and new.admitted_on is None and new.reason == ""
    assert new.institution_name == "成都市示例医院" and new.bank_holder == "王秀兰"


def test_a_draft_that_was_begun_is_not_written_over(client):
    first = withdrawn_claim()
    web = own(client, first)
    draft = again(web, first)
    web.post(url(first, "again/"))
    assert Case.objects.filter(kind="claim", status="draft").count() == 1, "a second click"
    save(draft, {"diagnosis": "支气管炎"})
    web.post(url(first, "again/"))
    assert Case.objects.filter(kind="claim", status="draft").count() == 2
    assert answers_now(draft).diagnosis == "支气管炎" and answers_now(draft).bills


def test_an_open_claim_is_not_claimed_again(client):
    case = queued_claim()
    assert own(client, case).post(url(case, "again/")).status_code == 404


def test_a_proxy_claims_again_for_the_person(client):
    case = rejected_claim()
    web = enter(client, proxy_of(case))
    draft = again(web, case)
    assert draft.person_id == case.person_id and draft.account_id != case.account_id


def test_a_lapsed_claim_is_claimed_again(client, now):
    case = lapsed_claim(now)
    assert answers_now(again(own(client, case), case)).bills
