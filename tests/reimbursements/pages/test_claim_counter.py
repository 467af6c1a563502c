"""代录: a claim at the counter, through the same steps; decided by others than who typed it."""

import pytest

from casework.actors import Actor
from casework.desk import take_next
from casework.errors import NotAllowed
from casework.models import Case, Letter, Notice
from casework.perform import perform
from reimbursements.service import answers_now, counter_actor, save, start_claim, submit_at_counter
from residents.holdings import claim_person
from residents.models import Holding
from residents.staff import mark_second_factor
from tests.factories import LINCANG, PersonFactory, clerk, id_number, resident
from tests.filings.pages.test_queries import Meter
from tests.reimbursements.claims.factories import ANSWERS, act, bill, bills_of, staff
from tests.reimbursements.pages.walking import (
    ACCOUNT,
    BACKEND,
    BILL,
    INSURED,
    PLACE,
    STAY,
    WHY,
    add_bill,
    draft,
    photo,
    step,
    text_of,
    upload_documents,
)

pytestmark = pytest.mark.django_db

FORM = {
    "caller": "present",
    "name": "王秀兰",
    "id_number": id_number(sequence=7),
    "phone": "",
    "note": "",
}
PROXY = {
    "by_proxy": "on",
    "proxy_name": "李小明",
    "proxy_id_number": id_number(sequence=8),
    "proxy_phone": "13900002222",
    "proxy_relation": "子女",
}
BY_POST = {"phone": "", "contact_how": "post", "address": "临翔区示例路 1 号"}


def at_desk(client, user):
    client.force_login(user, BACKEND)
    mark_second_factor(client.session, user)
    return client


@pytest.fixture
def writer(monday):
    return clerk(area=LINCANG)


@pytest.fixture
def desk(client, writer):
    return at_desk(client, writer)


def begin(desk, **changes) -> str:
    response = desk.post("/claims/counter/", {**FORM, **changes})
    assert response.status_code == 302, text_of(response)
    return response.url.rsplit("steps/", 1)[0]


def to_check(desk, base: str, form: str = "paper"):
    step(desk, base, "why", WHY, "insured")
    step(desk, base, "insured", INSURED, "place")
    step(desk, base, "place", PLACE, "stay")
    step(desk, base, "stay", STAY, "bills")
    add_bill(desk, base, form=form)
    step(desk, base, "bills", {}, "documents")
    upload_documents(desk, base)
    step(desk, base, "documents", {}, "account")
    step(desk, base, "account", {**ACCOUNT, **BY_POST}, "check")
    return desk.get(f"{base}steps/check/")


def submitted(desk, **changes) -> Case:
    base = begin(desk, **changes)
    to_check(desk, base)
    desk.post(f"{base}steps/check/", {"version": "0", "papers_in": "on"})
    return draft()


def test_a_claim_at_the_counter_is_accepted_by_somebody_else(desk, writer, client):
    base = begin(desk)
    page = to_check(desk, base)
    assert "打印申请表" in text_of(page) and "1张纸质票据原件已收下" in text_of(page)
    form = desk.get(f"{base}steps/form/")
    assert form["Content-Type"] == "application/pdf" and form.content.startswith(b"%PDF")
    done = desk.post(f"{base}steps/check/", {"version": "0", "papers_in": "on"}, follow=True)
    case = draft()
    assert (case.status, case.channel) == ("intake", "counter"), text_of(done)
    assert "录入的人不能审核" in text_of(done) and "收据" in text_of(done)
    assert [row.paper for row in bills_of(case)] == ["received"]
    assert case.letters.get().kind == "paper_receipt"
    desk.post(f"/admin/casework/case/{case.pk}/do/accept/", {"version": case.version})
    case.refresh_from_db()
    assert case.status == "intake", "whoever typed it in accepts nothing"
    other = at_desk(client, clerk(area=LINCANG))
    other.post(f"/admin/casework/case/{case.pk}/do/accept/", {"version": case.version})
    case.refresh_from_db()
    assert case.status == "first_review"
    seen = text_of(other.get(f"/admin/casework/case/{case.pk}/change/"))
    assert "到窗口申请" in seen


def test_whoever_typed_it_in_acts_at_no_stage(desk, writer):
    case = submitted(desk)
    assert take_next(writer) is None
    for name in ("take", "accept", "not_accept"):
        with pytest.raises(NotAllowed, match="代录这件申请的人员"):
            perform(case, name, Actor.staff(writer), reason="other", note="试")
    case = act(case, "accept", staff())
    with pytest.raises(NotAllowed, match="代录这件申请的人员"):
        perform(case, "pass_first", Actor.staff(writer))


def test_a_second_click_leads_to_the_case_and_submits_once(desk):
    case = submitted(desk)
    again = desk.post(f"/claims/{case.public_id}/steps/check/", {"version": "0"})
    assert again.url == f"/admin/casework/case/{case.pk}/change/"
    assert case.events.filter(code="submitted").count() == 1


def test_who_has_no_phone_is_told_by_letter_and_no_message_goes_into_the_void(desk):
    case = act(submitted(desk), "accept", staff())
    told = Notice.objects.filter(case=case, recipient=None)
    assert set(told.values_list("channel", flat=True)) == {"post"}


def test_without_the_scan_of_the_signed_form_nothing_is_submitted(desk):
    base = begin(desk)
    to_check(desk, base)
    signed = draft().attachments.get(document="signed_form")
    desk.post(f"{base}files/{signed.pk}/remove/")
    page = desk.post(f"{base}steps/check/", {"version": "0"})
    assert "请上传本人签字的纸质申请表" in text_of(page)
    assert draft().status == "draft"
    assert desk.post(f"{base}steps/documents/", {}).status_code == 302, "signed on the last page"


def test_what_came_by_post_needs_a_call_back_and_the_papers_of_identity(desk):
    page = desk.post("/claims/counter/", {**FORM, "caller": "phone"})
    assert page.status_code == 422 and "请写明回拨核实的情况" in text_of(page)
    base = begin(desk, caller="phone", note="回拨 13900001111，本人确认")
    to_check(desk, base)
    desk.post(f"{base}steps/check/", {"version": "0"})
    case = draft()
    assert (case.status, case.channel) == ("intake", "phone")
    assert [row.paper for row in bills_of(case)] == ["awaited"]
    assert any("回拨记录" in found["text"] for found in case.claim.findings)
    assert case.attachments.filter(document="insurance_code").exists()


def test_a_proxy_is_written_down_and_brings_papers(desk):
    page = desk.post("/claims/counter/", {**FORM, "by_proxy": "on"})
    assert page.status_code == 422 and "请填写代办人姓名" in text_of(page)
    base = begin(desk, **PROXY)
    assert answers_now(draft()).counter["proxy"]["name"] == "李小明"
    step(desk, base, "why", WHY)
    step(desk, base, "place", PLACE)
    page = text_of(desk.get(f"{base}steps/documents/"))
    assert "代办人的有效身份证件" in page and "委托书" in page


def test_a_wrong_number_is_told_beside_its_field_and_kept(desk):
    page = desk.post("/claims/counter/", {**FORM, "id_number": "123"})
    assert page.status_code == 422 and 'value="123"' in page.content.decode()
    assert not Case.objects.exists()


def test_the_draft_is_listed_and_told_apart(desk):
    base = begin(desk)
    step(desk, base, "place", PLACE)
    page = text_of(desk.get("/claims/counter/"))
    assert "住院·成都市示例医院" in page and "王*兰" in page and "王秀兰" not in page


@pytest.mark.parametrize("role", ["auditor", "finance", "sysadmin"])
def test_those_who_do_not_decide_do_not_enter_either(client, monday, role):
    web = at_desk(client, clerk(role=role, area=LINCANG))
    assert web.get("/claims/counter/").status_code == 404


def test_residents_have_no_counter_and_no_form_to_sign(web, holding):
    assert web.get("/claims/counter/").status_code == 404
    case = start_claim(holding.account, holding.account, holding)
    assert web.get(f"/claims/{case.public_id}/steps/form/").status_code == 404


def test_the_desk_links_to_it(desk):
    page = desk.get("/admin/casework/case/").content.decode()
    assert 'href="/claims/counter/"' in page and 'href="/filings/counter/"' in page


def test_an_account_bound_later_finds_the_case(desk, client):
    case = submitted(desk)
    account = resident()
    claim_person(account, name="王秀兰", id_number=FORM["id_number"], relation="self")
    web = client
    web.force_login(account, BACKEND)
    address = f"/claims/{case.public_id}/"
    assert web.get(address).status_code == 404, "not before it is proven"
    Holding.objects.filter(account=account).update(standing=Holding.Standing.BOUND)
    assert web.get(address).status_code == 200
    assert case.number in text_of(web.get("/claims/mine/"))
    assert web.get(f"/cases/letters/{Letter.objects.get(case=case).pk}/").status_code == 200


def test_a_clerk_of_another_place_cannot_submit_it(monday):
    elsewhere = clerk(area="150100")
    case = start_claim(elsewhere, None, person=PersonFactory(), channel="counter", name="王秀兰")
    save(case, {**ANSWERS, "bills": [bill()], "counter": {"caller": "present", "note": ""}})
    with pytest.raises(NotAllowed):
        submit_at_counter(case, elsewhere)
    assert counter_actor(elsewhere).role == "counter"


def test_entering_costs_no_more_than_a_step_of_a_resident(desk):
    warm = begin(desk, id_number=id_number(sequence=9))
    to_check(desk, warm)
    meter = Meter(desk)
    meter.get("/claims/counter/")
    base = meter.post("/claims/counter/", FORM).url.rsplit("steps/", 1)[0]
    for slug, data in (("why", WHY), ("insured", INSURED), ("place", PLACE), ("stay", STAY)):
        meter.get(f"{base}steps/{slug}/")
        assert meter.post(f"{base}steps/{slug}/", data).status_code == 302, slug
    assert meter.post(f"{base}bills/new/", BILL).status_code == 302
    meter.get(f"{base}steps/documents/")
    meter.get(f"{base}steps/check/")
    meter.keeps(12)


def to_correct(desk, target: str) -> Case:
    """An entered claim that somebody else has sent back."""
    items = [{"target": target, "reason_code": "other", "text": "请改"}]
    return act(submitted(desk), "request_correction", staff(), data={"items": items})


def test_a_correction_of_somebody_without_an_account_is_entered_by_the_same_clerk(desk, client):
    case = to_correct(desk, "field:diagnosis")
    assert case.number in text_of(desk.get("/claims/counter/"))
    address = f"/claims/{case.public_id}/correct/"
    assert desk.get(address).status_code == 200
    sent = desk.post(address, {"version": case.version, "diagnosis": "支气管炎"})
    assert sent.url == f"/admin/casework/case/{case.pk}/change/"
    case.refresh_from_db()
    assert case.status == "intake" and answers_now(case).diagnosis == "支气管炎"
    assert case.events.last().actor_role == "counter"
    assert desk.post(address, {}).url == sent.url, "a second click"


def test_papers_of_a_correction_are_uploaded_and_seen_by_that_clerk(desk):
    case = to_correct(desk, "document:expense_list")
    address = f"/claims/{case.public_id}/correct/"
    data = {"g0-document": "expense_list", "g0-files": photo()}
    assert desk.post(f"{address}upload/0/", data).status_code == 302
    file = case.attachments.latest("pk")
    assert desk.get(f"/cases/files/{file.pk}/small/").status_code == 200
    assert desk.post(address, {"version": case.version}).status_code == 302
    case.refresh_from_db()
    assert case.status == "intake"


def test_no_other_clerk_enters_the_correction(desk, client):
    case = to_correct(desk, "field:diagnosis")
    other = at_desk(client, clerk(area=LINCANG))
    assert other.get(f"/claims/{case.public_id}/correct/").status_code == 404
    sent = other.post(f"/claims/{case.public_id}/correct/", {"diagnosis": "支气管炎"})
    assert sent.status_code == 404
