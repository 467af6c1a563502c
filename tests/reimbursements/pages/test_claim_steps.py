"""What each step asks, what it refuses beside its field, and what it says of the answers."""

import re

import pytest

from casework.models import Case
from facilities.models import Institution
from reimbursements.service import missing
from tests.facilities.factories import InstitutionFactory
from tests.reimbursements.pages.walking import (
    ACCOUNT,
    CARD,
    INSURED,
    PLACE,
    STAY,
    WHY,
    add_bill,
    begin,
    draft,
    photo,
    step,
    stored,
    text_of,
    upload_documents,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(web):
    return begin(web)


def refused(web, base, slug, data) -> str:
    """The page of a step that was refused; nothing of it was saved."""
    before = stored()
    response = web.post(f"{base}steps/{slug}/", data)
    assert response.status_code == 422
    assert stored() == before
    return response.content.decode()


def error_at(page: str, field: str) -> str:
    """The errors beside a field, by the id that its control names."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", "", found[1]) if found else ""


def test_the_start_page_says_what_is_needed_and_until_when(web):
    page = text_of(web.get("/claims/"))
    assert "请准备好" in page and "出院次年6月30日以前" in page and "示例" in page
    assert "/claims/calculator/" in web.get("/claims/").content.decode()
    assert "手工报销" in text_of(web.get("/"))


def test_looking_at_the_start_page_begins_nothing(web):
    web.get("/claims/")
    assert not Case.objects.exists()


def test_why_must_be_answered_whole(web, base):
    page = refused(web, base, "why", {})
    assert "请选择没有直接结算的原因" in error_at(page, "reason")
    assert "请选择现在的情况" in error_at(page, "stay")
    assert "有误" in page


@pytest.mark.parametrize(
    ("answer", "words", "goes_on"),
    [
        ({"reason": "not_filed", "stay": "in"}, "现在办备案，出院直接结算", False),
        ({"reason": "system_failure", "stay": "in"}, "出院时在窗口直接结算", False),
        ({"reason": "psychiatric", "stay": "in"}, "出院以后再申请", False),
        ({"reason": "not_filed", "stay": "rebook"}, "先请医院补记账", True),
    ],
)
def test_whoever_can_be_settled_directly_is_told_so_first(web, base, answer, words, goes_on):
    step(web, base, "why", answer, "advice")
    response = web.get(f"{base}steps/advice/")
    assert words in text_of(response)
    assert ("仍然继续申请" in text_of(response)) is goes_on
    if answer["reason"] == "not_filed" and not goes_on:
        assert 'href="/filings/"' in response.content.decode()


def test_whoever_must_claim_is_not_sent_to_the_advice(web, base):
    step(web, base, "why", WHY, "insured")
    assert web.get(f"{base}steps/advice/").url.endswith("/steps/insured/")


def test_where_one_is_insured_is_known_of_a_proven_person(web, base):
    page = web.get(f"{base}steps/insured/").content.decode()
    assert re.search(r'value="530902"[^>]*checked', page)
    assert re.search(r'value="390"[^>]*checked', page)


def test_an_insured_place_is_found_by_name_also_without_scripts(web, base):
    page = web.get(f"{base}steps/insured/?q=新城").content.decode()
    assert 'value="150102"' in page
    step(web, base, "insured", {"insured_area": "150102", "insurance": "310"}, "place")
    assert (stored().insured_area, draft().city) == ("150102", "150100")


def test_an_institution_is_found_and_brings_its_level_and_place(web, base):
    row = InstitutionFactory(place="510104", name="成都示例医院", level="02", charging_level="三级")
    page = web.get(f"{base}steps/place/?q=成都示例").content.decode()
    assert row.code in page and "三级甲等" in page
    step(web, base, "place", {"kind": "inpatient", "institution": row.code}, "stay")
    answers = stored()
    assert (answers.institution, answers.institution_area) == (row.code, "510100")
    assert (answers.level, answers.charging_level) == ("三级甲等", "三级")
    assert "checked" in web.get(f"{base}steps/place/").content.decode().partition(row.code)[2]


def test_an_institution_that_was_not_offered_is_refused(web, base):
    page = refused(web, base, "place", {"kind": "inpatient", "institution": "H00000000000"})
    assert "请从查找结果中选择" in error_at(page, "institution")
    assert not Institution.objects.filter(code="H00000000000").exists()


def test_one_that_is_in_no_list_needs_a_name_and_a_city(web, base):
    page = refused(web, base, "place", {"institution": "other", "name": " ", "city": ""})
    assert "请填写医院或药店的名称" in error_at(page, "name")
    assert "请填写医院或药店所在的城市" in error_at(page, "city")
    assert "请选择是哪一种费用" in error_at(page, "kind")


@pytest.mark.parametrize(
    ("city", "words"),
    [
        ("没有这里", "没有找到“没有这里”"),
        ("四川", "是一个省，请写到城市"),
        ("江北区", "有几个地方都可能是“江北区”"),
    ],
)
def test_a_city_that_is_not_understood_is_asked_again_and_kept(web, base, city, words):
    page = refused(web, base, "place", {**PLACE, "city": city})
    assert words in error_at(page, "city")
    assert f'value="{city}"' in page and 'value="成都市示例医院"' in page


def test_a_stay_needs_both_its_days_in_order_and_none_in_the_future(web, base):
    step(web, base, "place", PLACE)
    page = refused(web, base, "stay", {"admitted_on": "2026-11-30"})
    assert "入院日期不能晚于2026-11-23" in error_at(page, "admitted_on")
    assert "请填写出院日期" in error_at(page, "discharged_on")
    assert "请选择是不是应由别人赔偿" in error_at(page, "third_party")
    page = refused(web, base, "stay", {**STAY, "discharged_on": "2026-09-01"})
    assert "出院日期不能早于入院日期" in error_at(page, "discharged_on")


def test_a_visit_has_one_day_and_forgets_the_other(web, base):
    step(web, base, "place", PLACE)
    step(web, base, "stay", STAY)
    step(web, base, "place", {**PLACE, "kind": "pharmacy"})
    page = web.get(f"{base}steps/stay/").content.decode()
    assert "购药日期" in page and "出院日期" not in page and "第几次住院" not in page
    assert stored().discharged_on is None and stored().last_day == stored().admitted_on
    assert stored().nth_stay == ""


def test_the_step_of_the_days_says_what_is_filed_and_how_many_days_are_left(web, base):
    step(web, base, "insured", INSURED)
    step(web, base, "place", PLACE)
    page = text_of(web.post(f"{base}steps/stay/", {**STAY, "preview": "1"}))
    assert "没有找到入院当天有效的备案" in page
    assert "请在2027年6月30日以前提交（示例），还有219天" in page
    emergency = {**PLACE, "kind": "emergency"}
    step(web, base, "place", emergency)
    page = text_of(web.post(f"{base}steps/stay/", {**STAY, "preview": "1"}))
    assert "急诊抢救视同已经备案" in page


def test_past_the_deadline_one_is_warned_and_goes_on_all_the_same(web, base):
    step(web, base, "insured", INSURED)
    step(web, base, "place", PLACE)
    days = {"admitted_on": "2025-01-01", "discharged_on": "2025-01-10"}
    step(web, base, "stay", {**STAY, **days}, "bills")
    page = text_of(web.get(f"{base}steps/stay/"))
    assert "已过146天" in page and "仍然可以提交" in page


def test_documents_follow_the_answers(web, base):
    step(web, base, "place", PLACE)
    step(web, base, "stay", STAY)
    assert "分割单" not in text_of(web.get(f"{base}steps/documents/"))
    step(web, base, "stay", {**STAY, "other_insurer": "yes", "third_party": "yes"})
    page = text_of(web.get(f"{base}steps/documents/"))
    assert "分割单" in page and "交警责任认定书" in page and "费用清单" in page


def test_documents_are_uploaded_turned_and_removed(web, base):
    step(web, base, "place", PLACE)
    upload_documents(web, base)
    first = draft().attachments.order_by("pk").first()
    page = web.get(f"{base}steps/documents/").content.decode()
    assert f"/cases/files/{first.pk}/small/" in page
    web.post(f"{base}files/{first.pk}/turn/")
    first.refresh_from_db()
    assert (first.width, first.height) == (1200, 1600)
    web.post(f"{base}files/{first.pk}/remove/")
    assert not draft().attachments.filter(pk=first.pk).exists()
    response = web.post(f"{base}steps/documents/", {})
    assert response.status_code == 422 and "请上传" in text_of(response)


def test_a_document_that_is_no_picture_is_refused_beside_its_field(web, base):
    step(web, base, "place", PLACE)
    bad = photo("坏.jpg")
    bad.file.seek(0)
    bad.file.truncate(0)
    bad.file.write(b"not a picture at all")
    bad.file.seek(0)
    bad.size = 20
    data = {"g0-document": "expense_list", "g0-files": bad}
    response = web.post(f"{base}upload/0/", data)
    assert response.status_code == 422
    assert "坏.jpg" in error_at(response.content.decode(), "g0-files")
    assert not draft().attachments.exists()


def test_a_paper_bill_is_handed_in_and_not_uploaded(web, base):
    step(web, base, "place", PLACE)
    add_bill(web, base, form="paper")
    page = text_of(web.get(f"{base}steps/documents/"))
    assert "纸质票据的原件" in page and "收到原件后才能支付" in page


def test_the_account_is_checked_and_masked_once_it_is_saved(web, base):
    wrong = {**ACCOUNT, "bank_number": "6222020000000000001"}
    page = refused(web, base, "account", wrong)
    assert "银行卡号校验不通过" in error_at(page, "bank_number")
    step(web, base, "account", ACCOUNT)
    assert stored().bank_number == CARD
    page = web.get(f"{base}steps/account/").content.decode()
    assert CARD not in page and "**** **** **** 0000" in page
    step(web, base, "account", {**ACCOUNT, "bank_number": "", "bank_name": "另一家示例银行"})
    assert (stored().bank_number, stored().bank_name) == (CARD, "另一家示例银行")
    page = web.get(f"{base}steps/check/").content.decode()
    assert CARD not in page and "**** **** **** 0000" in page


def test_an_account_in_another_name_is_not_ones_own(web, base):
    page = refused(web, base, "account", {**ACCOUNT, "bank_holder": "王小明"})
    assert "户名应和参保人姓名一致" in error_at(page, "bank_holder")
    step(web, base, "account", {**ACCOUNT, "bank_holder": "王小明", "bank_relation": "guardian"})


def test_a_passbook_passes_with_a_word_of_caution(web, base):
    step(web, base, "account", {**ACCOUNT, "bank_number": "12345678901", "bank_not_card": "on"})
    assert "写错会使报销款退回" in text_of(web.get(f"{base}steps/check/"))


def test_the_account_of_an_heir_asks_for_the_papers_of_a_death(web, base):
    step(web, base, "why", WHY)
    step(web, base, "account", {**ACCOUNT, "bank_holder": "王小明", "bank_relation": "heir"})
    assert "请上传死亡证明" in text_of(web.get(f"{base}steps/check/"))


def test_all_that_is_wrong_with_the_account_is_said_at_once(web, base):
    page = refused(web, base, "account", {"contact_how": "post", "phone": "123"})
    for field in ("bank_relation", "bank_holder", "bank_name", "bank_number", "phone", "address"):
        assert error_at(page, field), field


def test_a_step_that_does_not_exist_is_not_found(web, base):
    assert web.get(f"{base}steps/nothing/").status_code == 404


def test_another_reason_has_to_be_explained_and_a_late_claim_may_be(web, base):
    step(web, base, "why", {"reason": "other", "stay": "out"})
    step(web, base, "place", PLACE)
    page = refused(web, base, "stay", STAY)
    assert "请写明当时的情况" in error_at(page, "note")
    step(web, base, "stay", {**STAY, "note": "医院的医保窗口停电。"})
    assert "医院的医保窗口停电。" in text_of(web.get(f"{base}steps/check/"))
    step(web, base, "why", WHY)
    step(web, base, "stay", STAY)


def test_who_wants_letters_needs_no_phone(web, base):
    by_post = {"phone": "", "contact_how": "post", "address": "示例路 1 号"}
    step(web, base, "account", {**ACCOUNT, **by_post})
    assert (stored().phone, stored().contact_how) == ("", "post")
    assert not [gap for gap in missing(draft()) if gap.field in ("phone", "address")]
    refused(web, base, "account", {**ACCOUNT, "phone": "", "contact_how": "call"})
