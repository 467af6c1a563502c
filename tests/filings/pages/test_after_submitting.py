"""What residents do after submitting: correct, hand in, withdraw, cancel, appeal, file again."""

import re

import pytest

from casework.actors import Actor
from casework.models import Case, Letter
from casework.perform import perform
from tests.factories import (
    HOHHOT,
    approved_filing,
    clerk,
    corrected_filing,
    decided_filing,
    opened_filing,
    owing_filing,
    queued_filing,
)
from tests.filings.pages.test_walk import photo, text_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def as_owner(client, case):
    client.force_login(case.account, BACKEND)
    return client


def asked(client, *targets):
    """A filing whose correction names these targets, and the client of its owner."""
    case = queued_filing()
    items = [{"target": t, "reason_code": "other", "text": f"请改{t[-7:]}"} for t in targets]
    actor = Actor.staff(clerk(area=HOHHOT))
    data = {"items": items, "due_days": 10}
    case = perform(case, "request_correction", actor, version=case.version, data=data)
    return case, as_owner(client, case)


def test_only_what_the_notice_names_can_be_changed(client, monday):
    case = corrected_filing()
    web = as_owner(client, case)
    page = web.get(f"/filings/{case.public_id}/correct/")
    assert "需要补正的内容" in text_of(page)
    form = page.content.decode()
    assert 'name="address"' in form and 'name="phone"' not in form
    assert "upload/" not in form
    web.post(
        f"/filings/{case.public_id}/correct/",
        {"version": case.version, "address": "北京市示例路 9 号", "phone": "13900009999"},
    )
    case.refresh_from_db()
    assert case.status == "in_review"
    assert "13900009999" not in case.revision.answers_json
    assert "示例路 9 号" in case.revision.answers_json


def test_steps_uploads_and_promise_of_a_correction_are_closed(client, monday):
    case = corrected_filing()
    web = as_owner(client, case)
    base = f"/filings/{case.public_id}/"
    assert web.get(f"{base}steps/place/").url.endswith("/correct/")
    assert web.get(f"{base}steps/proof/").status_code == 404
    assert web.get(f"{base}steps/promise/").status_code == 404
    assert web.post(f"{base}steps/anyway/").status_code == 404
    assert web.get(f"{base}correct/place/").status_code == 404
    assert web.post(f"{base}upload/0/", {}).status_code == 404
    kept = case.attachments.get()
    assert web.post(f"{base}files/{kept.pk}/remove/").status_code == 404
    assert case.attachments.filter(removed_in=None).count() == 1


def test_a_document_the_rules_do_not_ask_for_can_be_asked_for_and_sent(client, monday):
    case, web = asked(client, "document:household_first_page")
    base = f"/filings/{case.public_id}/"
    page = web.get(f"{base}correct/")
    numbers = re.findall(r"upload/(\d+)/", page.content.decode())
    assert len(numbers) == 1, text_of(page)
    refused = web.post(f"{base}correct/", {"version": case.version})
    assert "还没有上传" in text_of(refused)
    number = numbers[0]
    data = {f"g{number}-document": "household_first_page", f"g{number}-files": [photo()]}
    assert web.post(f"{base}upload/{number}/", data).url.endswith("/correct/")
    case.refresh_from_db()
    web.post(f"{base}correct/", {"version": case.version})
    case.refresh_from_db()
    assert case.status == "in_review"


def test_among_several_papers_the_one_named_is_asked_for(client, monday):
    case, web = asked(client, "document:id_document")
    page = web.get(f"/filings/{case.public_id}/correct/").content.decode()
    assert 'value="id_document"' in page and 'value="insurance_code"' not in page


def test_a_place_is_corrected_with_the_same_search(client, monday):
    case, web = asked(client, "field:destination")
    base = f"/filings/{case.public_id}/correct/"
    assert "修改就医地" in text_of(web.get(base))
    page = web.get(f"{base}place/?q=上海")
    assert "上海市" in text_of(page) and "第2步" not in text_of(page)
    response = web.post(f"{base}place/", {"destination": "310000", "care": "inpatient"})
    assert response.url == base
    case.refresh_from_db()
    web.post(base, {"version": case.version})
    case.refresh_from_db()
    assert case.status == "in_review"
    assert case.destination == "310000"


def test_another_type_is_not_a_correction_and_the_page_says_what_to_do(client, monday):
    case, web = asked(client, "field:category")
    assert "请撤回这次申请" in text_of(web.get(f"/filings/{case.public_id}/correct/"))


def test_a_correction_can_be_saved_and_sent_later(client, monday):
    case = corrected_filing()
    web = as_owner(client, case)
    data = {"version": case.version, "address": "北京市示例路 9 号", "leave": "1"}
    page = web.post(f"/filings/{case.public_id}/correct/", data, follow=True)
    assert "还没有提交" in text_of(page) and "去补正" in text_of(page)
    assert "示例路 9 号" in web.get(f"/filings/{case.public_id}/correct/").content.decode()


def test_promised_papers_are_handed_in(client, monday):
    case = owing_filing()
    web = as_owner(client, case)
    base = f"/filings/{case.public_id}/"
    assert "补交承诺材料" in text_of(web.get(base))
    assert "2027年1月15日" in text_of(web.get(f"{base}supply/"))
    page = web.post(f"{base}supply/", {}, follow=True)
    number = re.findall(r"upload/(\d+)/", page.content.decode())[-1]
    data = {f"g{number}-document": "residence_permit", f"g{number}-files": [photo()]}
    assert web.post(f"{base}upload/{number}/", data).url.endswith("/supply/")
    case.refresh_from_db()
    done = web.post(f"{base}supply/", {"hand_in": "1", "version": case.version}, follow=True)
    assert "材料已提交" in text_of(done)
    case.refresh_from_db()
    assert case.filing.promise_state == "handed_in"


def test_a_filing_is_withdrawn_and_filed_again(client, monday):
    case = queued_filing()
    web = as_owner(client, case)
    assert "要撤回这次申请吗" in text_of(web.get(f"/filings/{case.public_id}/do/withdraw/"))
    page = web.post(
        f"/filings/{case.public_id}/do/withdraw/", {"version": case.version}, follow=True
    )
    assert "您已撤回申请" in text_of(page) and "按这次的内容重新备案" in text_of(page)
    again = web.post(f"/filings/{case.public_id}/again/", follow=True)
    assert "在哪里参保" in text_of(again)
    draft = Case.objects.get(status="draft")
    assert draft.destination == case.destination


def test_a_page_from_before_somebody_else_acted_changes_nothing(client, monday):
    case = queued_filing()
    web = as_owner(client, case)
    for version in (case.version - 1, "", "x", "²"):
        web.post(f"/filings/{case.public_id}/do/withdraw/", {"version": version})
        case.refresh_from_db()
        assert case.status == "in_review", version


def test_a_locked_filing_cannot_be_cancelled_and_says_until_when(client, monday):
    case = approved_filing()
    web = as_owner(client, case)
    page = text_of(web.get(f"/filings/{case.public_id}/"))
    assert "不能取消" in page
    page = text_of(web.get(f"/filings/{case.public_id}/do/cancel/"))
    assert "现在不能办理" in page and "确认取消备案" not in page
    web.post(f"/filings/{case.public_id}/do/cancel/", {"version": case.version})
    case.refresh_from_db()
    assert case.status == "approved"


def test_an_unlocked_filing_is_cancelled(client, monday):
    case = opened_filing()
    web = as_owner(client, case)
    data = {"version": case.version}
    page = web.post(f"/filings/{case.public_id}/do/cancel/", data, follow=True)
    assert "备案已取消" in text_of(page)


def test_an_appeal_needs_its_grounds(client, monday):
    case = decided_filing("reject")
    web = as_owner(client, case)
    address = f"/filings/{case.public_id}/do/appeal/"
    page = text_of(web.post(address, {"version": case.version, "note": ""}))
    assert "请写明理由" in page
    web.post(address, {"version": case.version, "note": "居住证已换新"})
    case.refresh_from_db()
    assert case.status == "in_review"


def test_the_last_day_goes_into_a_calendar(client, monday):
    case = opened_filing()
    web = as_owner(client, case)
    answer = web.get(f"/filings/{case.public_id}/end.ics")
    lines = answer.content.decode().split("\r\n")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20270223" in lines and "TRIGGER:-P30D" in lines
    assert case.name not in answer.content.decode()
    other = decided_filing("reject")
    as_owner(client, other)
    assert client.get(f"/filings/{other.public_id}/end.ics").status_code == 404


def test_an_old_bookmark_of_the_check_page_leads_to_the_record(client, monday):
    case = opened_filing()
    web = as_owner(client, case)
    for answer in (
        web.get(f"/filings/{case.public_id}/steps/check/"),
        web.post(f"/filings/{case.public_id}/steps/check/", {"version": "0"}),
    ):
        assert answer.url == f"/filings/{case.public_id}/"


def test_messages_lead_to_their_filing_and_show_no_address(client, monday):
    case = opened_filing()
    page = as_owner(client, case).get("/cases/messages/")
    assert f'href="/filings/{case.public_id}/"' in page.content.decode()
    assert "http" not in text_of(page)


def test_a_letter_can_be_looked_at_page_by_page(client, monday):
    case = opened_filing()
    letter = Letter.objects.get(case=case, kind="form")
    page = as_owner(client, case).get(f"/cases/letters/{letter.pk}/")
    assert page.content.decode().count("letter-page") == 2
