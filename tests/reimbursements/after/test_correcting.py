"""Correcting a claim: only what the notice asks for, a field, a bill, a document, a place."""

import re

import pytest

from casework.admin.targets import correction_targets
from casework.errors import NotAllowed
from casework.kinds import kind_of
from casework.models import Attachment
from reimbursements.models import Bill
from reimbursements.service import answers_now
from tests.factories import KUNMING, LINXIANG
from tests.reimbursements.after.looking import enter, own, proxy_of, stranger, text_of, url
from tests.reimbursements.claims.factories import (
    accepted_claim,
    act,
    bill,
    bills_of,
    claim_of,
    corrected_claim,
    queued_claim,
    staff,
)
from tests.reimbursements.pages.walking import BILL, photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def asked(client, *targets, case=None):
    """A claim whose correction names these targets, and the browser of its owner."""
    case = case or queued_claim()
    items = [{"target": t, "reason_code": "other", "text": f"请改{t[-7:]}"} for t in targets]
    data = {"items": items, "due_days": 10}
    case = act(case, "request_correction", staff(), data=data)
    return case, own(client, case)


def send(web, case, **data):
    """The correction submitted with these fields."""
    return web.post(url(case, "correct/"), {"version": case.version, **data})


def names_of(page: str) -> set[str]:
    """The names of what can be filled in on a page."""
    return set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page))


OWN = {"csrfmiddlewaretoken", "version", "next", "elder"}


def test_only_the_field_the_notice_names_can_be_changed(client):
    case, web = asked(client, "field:diagnosis")
    page = web.get(url(case, "correct/"))
    assert "诊断：请改agnosis" in text_of(page) and "12月3日" in text_of(page)
    assert names_of(page.content.decode()) - OWN == {"diagnosis"}
    response = send(web, case, diagnosis="支气管炎", phone="13900009999", bank_holder="别人")
    assert response.url == url(case)
    case.refresh_from_db()
    answers = answers_now(case)
    assert case.status == "intake" and answers.diagnosis == "支气管炎"
    assert answers.bank_holder == "王秀兰" and answers.phone != "13900009999"
    assert claim_of(case).diagnosis == "支气管炎"


def test_a_correction_asked_for_in_the_first_review_comes_back_to_it(client):
    case, web = asked(client, "field:diagnosis", case=accepted_claim())
    send(web, case, diagnosis="支气管炎")
    case.refresh_from_db()
    assert case.status == "first_review"


def test_a_proxy_corrects_and_a_stranger_does_not(client):
    case = corrected_claim()
    assert stranger(client).get(url(case, "correct/")).status_code == 404
    web = enter(client, proxy_of(case))
    assert web.get(url(case, "correct/")).status_code == 200
    assert send(web, case, diagnosis="肺炎恢复期").url == url(case)
    case.refresh_from_db()
    assert case.status == "intake"


def test_what_was_corrected_already_leads_to_the_record(client):
    case = queued_claim()
    assert own(client, case).get(url(case, "correct/")).url == url(case)


def test_saved_is_not_submitted(client):
    case, web = asked(client, "field:diagnosis")
    assert send(web, case, diagnosis="支气管炎", leave="1").url == url(case)
    case.refresh_from_db()
    assert case.status == "correction"
    assert "支气管炎" in web.get(url(case, "correct/")).content.decode()


def test_wrong_input_is_told_beside_the_field_and_kept(client):
    case, web = asked(client, "field:bank_number", "field:phone")
    page = web.get(url(case, "correct/"))
    assert names_of(page.content.decode()) - OWN == {"bank_number", "bank_not_card", "phone"}
    assert "6222020000000000000" not in page.content.decode()
    response = send(web, case, bank_number="6222020000000000001", phone="123")
    assert response.status_code == 422
    body = response.content.decode()
    assert "6222020000000000001" in body and 'value="123"' in body and "有误：" in body
    response = send(web, case, bank_number="", phone="13900001111")
    assert response.status_code == 302
    assert claim_of(case).bank_tail == "0000"


def test_a_day_of_discharge_before_the_admission_is_refused(client):
    case, web = asked(client, "field:discharged_on")
    response = send(
        web, case, discharged_on_year="2026", discharged_on_month="9", discharged_on_day="1"
    )
    assert response.status_code == 422 and "不能早于入院日期" in text_of(response)


def test_a_holder_unlike_the_person_is_refused_while_it_is_the_persons_account(client):
    case, web = asked(client, "field:bank_holder")
    response = send(web, case, bank_holder="李四")
    assert response.status_code == 422 and "户名应和参保人姓名一致" in text_of(response)


def test_the_hospital_is_searched_anew_and_the_kind_of_care_stays(client):
    case, web = asked(client, "field:institution")
    assert "修改医疗机构" in text_of(web.get(url(case, "correct/")))
    page = web.get(url(case, "correct/place/place/"))
    assert page.status_code == 200 and "第" not in text_of(page).split("在哪里看的病")[0][-20:]
    data = {
        "institution": "other",
        "name": "昆明市示例医院",
        "city": "昆明",
        "level": "三级",
        "kind": "outpatient",
    }
    assert web.post(url(case, "correct/place/place/"), data).url == url(case, "correct/")
    answers = answers_now(case)
    assert (answers.institution_name, answers.institution_area) == ("昆明市示例医院", KUNMING)
    assert answers.kind == "inpatient"
    assert web.get(url(case, "correct/place/insured/")).status_code == 404
    assert send(web, case).url == url(case)
    assert claim_of(case).institution_name == "昆明市示例医院"


def test_the_insured_place_is_searched_anew_and_the_insurance_stays(client):
    case, web = asked(client, "field:insured_area")
    assert web.get(url(case, "correct/place/insured/?q=临翔")).status_code == 200
    data = {"insured_area": LINXIANG, "insurance": "310"}
    assert web.post(url(case, "correct/place/insured/"), data).status_code == 302
    assert answers_now(case).insurance == "390"


def test_another_kind_of_care_opens_what_it_needs_besides(client):
    case, web = asked(client, "field:kind")
    response = send(web, case, kind="outpatient")
    case.refresh_from_db()
    page = text_of(response)
    assert response.status_code == 422 and case.status == "correction"
    assert "请上传" in page and "upload/0/" in response.content.decode()
    assert answers_now(case).discharged_on is None


def test_a_letter_by_post_opens_the_address(client):
    case, web = asked(client, "field:contact_how")
    response = send(web, case, contact_how="post")
    assert response.status_code == 422
    assert "地址" in text_of(response)


def test_a_document_is_uploaded_anew_and_no_other(client):
    case, web = asked(client, "document:expense_list")
    page = web.get(url(case, "correct/")).content.decode()
    assert page.count("correct/upload/") == 1 and "以前交的" in page
    response = send(web, case)
    assert response.status_code == 422 and "还没有上传" in text_of(response)
    data = {"g0-document": "expense_list", "g0-files": photo()}
    assert web.post(url(case, "correct/upload/0/"), data).status_code == 302
    wrong = {"g0-document": "discharge_record", "g0-files": photo()}
    assert web.post(url(case, "correct/upload/0/"), wrong).status_code == 422
    assert web.post(url(case, "correct/upload/1/"), data).status_code == 404
    new = Attachment.objects.filter(case=case, document="expense_list").latest("pk")
    assert "新上传" in web.get(url(case, "correct/")).content.decode()
    assert web.post(url(case, f"correct/files/{new.pk}/turn/")).status_code == 302
    other = Attachment.objects.filter(case=case).exclude(document="expense_list").first()
    assert web.post(url(case, f"correct/files/{other.pk}/remove/")).status_code == 404
    assert send(web, case).url == url(case)
    case.refresh_from_db()
    assert case.status == "intake"


def test_a_file_that_is_none_is_refused_in_words(client):
    case, web = asked(client, "document:expense_list")
    response = web.post(url(case, "correct/upload/0/"), {"g0-document": "expense_list"})
    assert response.status_code == 422 and "请先拍照或选择文件" in text_of(response)


def test_a_bill_is_corrected_and_has_to_be_decided_anew(client):
    case, web = asked(client, "field:bills", case=queued_claim(bills=[bill(), bill("500.00")]))
    row = bills_of(case)[0]
    assert web.get(url(case, f"correct/bills/{row.key}/")).status_code == 200
    typed = {**BILL, "number": row.number, "code": row.code, "total": "18000", "in_scope": "16000"}
    response = web.post(url(case, f"correct/bills/{row.key}/"), typed)
    assert response.url == url(case, "correct/"), text_of(response)
    assert send(web, case).url == url(case)
    row.refresh_from_db()
    assert row.total_fen == 1_800_000 and row.alive


def test_a_forgotten_bill_is_added_and_one_too_many_removed(client):
    case, web = asked(client, "field:bills")
    new = web.post(url(case, "correct/bills/new/"), {**BILL, "number": "0000777777"})
    assert new.status_code == 302 and "correct/bills/" in new.url
    assert web.post(new.url, {"upload": "1", "files": photo()}).url == new.url
    assert web.get(new.url).content.decode().count("新上传") == 1
    old = bills_of(case)[0]
    assert web.post(url(case, f"correct/bills/{old.key}/"), {"remove": "1"}).status_code == 302
    again = web.post(new.url, {"remove": "1"}, follow=True)
    assert "至少要有一张票据" in text_of(again)
    assert send(web, case).url == url(case)
    assert [b.number for b in bills_of(case)] == ["0000777777"]
    assert Bill.objects.filter(claim_id=case.pk, removed=True).count() == 1


def test_where_only_a_photograph_is_asked_for_the_bill_itself_is_closed(client):
    case, web = asked(client, "document:bill")
    row = bills_of(case)[0]
    page = web.get(url(case, f"correct/bills/{row.key}/"))
    assert "号码和金额不用改" in text_of(page) and 'name="total"' not in page.content.decode()
    address = url(case, f"correct/bills/{row.key}/")
    assert web.post(address, BILL).status_code == 404
    assert web.get(url(case, "correct/bills/new/")).status_code == 404
    assert web.post(address, {"remove": "1"}).status_code == 404
    assert send(web, case).status_code == 422
    assert web.post(address, {"upload": "1", "files": photo()}).status_code == 302
    file = Attachment.objects.filter(case=case, document="bill").latest("pk")
    turned = web.post(url(case, f"correct/bills/{row.key}/files/{file.pk}/turn/"))
    assert turned.status_code == 302
    assert send(web, case).url == url(case)


def test_where_no_bill_is_asked_for_bills_are_closed(client):
    case, web = asked(client, "field:diagnosis")
    row = bills_of(case)[0]
    assert web.get(url(case, f"correct/bills/{row.key}/")).status_code == 404
    assert web.post(url(case, "correct/upload/0/"), {}).status_code == 404
    assert "correct/bills/" not in web.get(url(case, "correct/")).content.decode()


PAGES = ("correct/", "correct/place/place/", "correct/bills/b1/", "correct/bills/new/")


@pytest.mark.parametrize("page", PAGES)
def test_somebody_else_finds_nothing_to_correct(client, page):
    case = corrected_claim("field:bills")
    web = stranger(client)
    assert web.get(url(case, page)).status_code == 404
    assert web.post(url(case, page), {}).status_code == 404


def test_the_steps_of_the_draft_stay_closed(client):
    case, web = asked(client, "field:diagnosis")
    assert web.post(url(case, "steps/stay/"), {}).status_code == 404
    assert web.get(url(case, "steps/bills/")).status_code == 404


def test_a_page_from_before_another_change_is_stale(client):
    case, web = asked(client, "field:diagnosis")
    response = web.post(
        url(case, "correct/"), {"version": case.version - 1, "diagnosis": "支气管炎"}
    )
    assert response.status_code == 422 and "刷新" in text_of(response)


def test_a_field_that_this_kind_of_care_has_not_is_said_to_be_useless(client):
    visit = queued_claim(kind="outpatient", admitted_on="2026-10-10", discharged_on=None)
    case, web = asked(client, "field:nth_stay", case=visit)
    assert "不用填写“本年第几次住院”" in text_of(web.get(url(case, "correct/")))
    assert send(web, case).url == url(case)


def test_another_reason_opens_the_words_that_explain_it(client):
    case, web = asked(client, "field:reason")
    response = send(web, case, reason="other")
    assert response.status_code == 422 and 'name="note"' in response.content.decode()
    assert send(web, case, reason="other", note="医院停电，当天无法结算").url == url(case)
    assert claim_of(case).reason == "other"


def two_bills():
    return queued_claim(bills=[bill(), bill("500.00")])


def test_only_the_bill_that_the_notice_names_is_open(client):
    case = two_bills()
    one, two = bills_of(case)
    case, web = asked(client, f"bill:{two.key}", case=case)
    page = web.get(url(case, "correct/"))
    assert f"第2张票据（号码{two.number}，500.00元）" in text_of(page)
    assert f"bills/{two.key}/" in page.content.decode()
    assert f"bills/{one.key}/" not in page.content.decode()
    assert web.get(url(case, f"correct/bills/{one.key}/")).status_code == 404
    assert web.post(url(case, f"correct/bills/{one.key}/"), BILL).status_code == 404
    assert web.get(url(case, "correct/bills/new/")).status_code == 404
    typed = {**BILL, "number": two.number, "code": two.code, "total": "400", "in_scope": "400"}
    typed["own_expense"] = ""
    response = web.post(url(case, f"correct/bills/{two.key}/"), typed)
    assert response.url == url(case, "correct/"), text_of(response)
    assert send(web, case).url == url(case)
    assert [row.total_fen for row in bills_of(case)] == [2_000_000, 40_000]


def test_a_photograph_of_the_named_bill_may_be_added(client):
    case = two_bills()
    one, two = bills_of(case)
    case, web = asked(client, f"bill:{two.key}", case=case)
    data = {"upload": "1", "files": photo()}
    assert web.post(url(case, f"correct/bills/{two.key}/"), data).status_code == 302
    data = {"upload": "1", "files": photo()}
    assert web.post(url(case, f"correct/bills/{one.key}/"), data).status_code == 404


def test_a_forgotten_bill_is_added_while_the_others_stay_closed(client):
    case, web = asked(client, "bill:new", case=two_bills())
    old = bills_of(case)[0]
    assert "添加漏掉的票据" in text_of(web.get(url(case, "correct/")))
    assert web.get(url(case, f"correct/bills/{old.key}/")).status_code == 404
    new = web.post(url(case, "correct/bills/new/"), {**BILL, "number": "0000777777"})
    assert new.status_code == 302
    assert web.get(new.url).status_code == 200, "what was added stays open until it is submitted"
    assert send(web, case).url == url(case)
    assert len(bills_of(case)) == 3


def test_a_bill_of_another_claim_cannot_be_asked_for():
    case = two_bills()
    items = [{"target": "bill:nothing", "reason_code": "other", "text": "请改"}]
    with pytest.raises(NotAllowed, match="不认识的补正项"):
        act(case, "request_correction", staff(), data={"items": items})


def test_the_desk_offers_each_bill_by_itself():
    case = two_bills()
    codes = [target.code for target in correction_targets(kind_of(case), case, {})]
    assert {f"bill:{row.key}" for row in bills_of(case)} | {"bill:new", "field:bills"} <= set(codes)
