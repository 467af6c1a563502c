"""The pages from the first question to the printed form, as people click through them."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.models import Case
from casework.tasks import review_case
from tests.factories import BEIJING, CHENGDU, KUNMING, XINCHENG, proven_holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def holding(monday):
    return proven_holding()


@pytest.fixture
def web(client, holding):
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    return client


def photo(name="证明.jpg") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (1600, 1200), "white").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def go(client, url, data):
    """Post a step and follow; the page that comes must have no error."""
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, response.status_code
    return response


def text_of(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.content.decode()))


def begin(client, category="TMP-OTH") -> str:
    response = client.post("/filings/", {"category": category})
    assert response.status_code == 302, text_of(response)
    return response.url.rsplit("insured/", 1)[0]


def to_check(client, base, *, insured="530902", insurance="310", to=CHENGDU, **contact):
    go(client, f"{base}insured/", {"insured_area": insured, "insurance": insurance})
    go(client, f"{base}place/", {"destination": to, "care": "inpatient"})
    go(client, f"{base}notice/", {"read": "on"})
    go(client, f"{base}stay/", {"stay": "none"})
    return go(
        client,
        f"{base}details/",
        {
            "start_year": "2026",
            "start_month": "11",
            "start_day": "23",
            "phone": "13900001111",
            "contact_how": "sms",
            "address": "",
            **contact,
        },
    )


def test_a_temporary_filing_of_lincang_is_opened_at_once(web):
    base = begin(web)
    to_check(web, base)
    page = go(web, f"{base}proof/", {})
    assert "请核对" in text_of(page) and "还差这些" not in text_of(page)
    record = go(web, f"{base}check/", {"version": "0"})
    case = Case.objects.get()
    assert case.status == "submitted" and case.number in text_of(record)
    review_case(case.pk)
    page = text_of(web.get(f"/filings/{case.public_id}/"))
    assert "现在在四川省成都市看病可以直接结算" in page
    assert "2027-02-23" in page
    assert "登记备案表" in page


def test_kunming_needs_no_filing_and_the_page_says_what_keeps_the_ratio(web):
    base = begin(web)
    go(web, f"{base}insured/", {"insured_area": "530902", "insurance": "310"})
    page = go(web, f"{base}place/", {"destination": KUNMING, "care": "inpatient"})
    assert "不需要备案" in text_of(page)
    assert "降低" in text_of(page) and "转诊" in text_of(page)
    web.post(f"{base}check/", {"version": "0"})
    assert Case.objects.get().status == "draft"


def test_a_long_stay_of_hohhot_goes_to_the_queue_with_a_promise(client, monday):
    holding = proven_holding(XINCHENG)
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    base = begin(client, "LT-RES")
    to_check(client, base, insured=XINCHENG, to=BEIJING)
    page = client.get(f"{base}proof/")
    assert "签署承诺书" in text_of(page)
    both = client.post(f"{base}promise/", {"typed": "别人", "drawn": ""}).content.decode()
    assert "打勾" in both and "与签名人" in both, "both mistakes are said at once"
    page = go(client, f"{base}promise/", {"agree": "on", "typed": "别人", "drawn": ""})
    assert "不一致" in text_of(page)
    go(client, f"{base}promise/", {"agree": "on", "typed": holding.name, "drawn": ""})
    go(client, f"{base}check/", {"version": "0"})
    case = Case.objects.get()
    assert case.status == "submitted"
    review_case(case.pk)
    case.refresh_from_db()
    assert case.status == "in_review" and case.due_at
    page = text_of(client.get(f"/filings/{case.public_id}/"))
    assert "经办人员正在审核" in page and "受理通知书" in page and "个人承诺书" in page


def test_documents_are_uploaded_turned_and_removed(client, monday):
    holding = proven_holding(XINCHENG)
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    base = begin(client, "LT-RES")
    to_check(client, base, insured=XINCHENG, to=BEIJING)
    case = Case.objects.get()
    page = client.get(f"{base}proof/")
    group = re.search(r"upload/(\d+)/", page.content.decode())
    number = re.findall(r"upload/(\d+)/", page.content.decode())[-1]
    assert group
    response = client.post(
        f"/filings/{case.public_id}/upload/{number}/",
        {f"g{number}-document": "residence_permit", f"g{number}-files": [photo(), photo("二.jpg")]},
    )
    assert response.status_code == 302, text_of(response)
    first, second = case.attachments.order_by("pk")
    client.post(f"/filings/{case.public_id}/files/{first.pk}/turn/")
    first.refresh_from_db()
    assert (first.width, first.height) == (1200, 1600)
    client.post(f"/filings/{case.public_id}/files/{second.pk}/remove/")
    assert case.attachments.count() == 1
    go(client, f"{base}proof/", {})
    go(client, f"{base}check/", {"version": "0"})
    assert Case.objects.get().status == "submitted"


def test_a_bad_file_is_refused_with_a_sentence_beside_its_field(client, monday):
    holding = proven_holding(XINCHENG)
    client.force_login(holding.account, "django.contrib.auth.backends.ModelBackend")
    base = begin(client, "LT-RES")
    to_check(client, base, insured=XINCHENG, to=BEIJING)
    case = Case.objects.get()
    number = re.findall(r"upload/(\d+)/", client.get(f"{base}proof/").content.decode())[-1]
    bad = SimpleUploadedFile("a.jpg", b"not a picture at all", content_type="image/jpeg")
    response = client.post(
        f"/filings/{case.public_id}/upload/{number}/",
        {f"g{number}-document": "residence_permit", f"g{number}-files": [bad]},
    )
    assert response.status_code == 422 and "a.jpg" in text_of(response)
    assert not case.attachments.exists()


def test_an_unfinished_filing_is_found_again_and_not_made_twice(web):
    base = begin(web)
    go(web, f"{base}insured/", {"insured_area": "530902", "insurance": "310"})
    assert begin(web) == base
    assert Case.objects.count() == 1
    page = text_of(web.get(f"{base}check/"))
    assert "还差这些就可以提交" in page and "请选择就医地" in page
    assert "接着上次填" in text_of(web.get("/filings/"))


def test_what_is_typed_is_kept_while_the_page_stays_open(web):
    base = begin(web)
    to_check(web, base)
    typed = {
        "start_year": "2026",
        "start_month": "11",
        "start_day": "23",
        "phone": "13900001111",
        "contact_how": "post",
        "address": "成都市双流区示例路",
    }
    kept = {"HTTP_X_AUTOSAVE": "1"}
    assert web.post(f"{base}details/", typed, **kept).status_code == 204
    assert "成都市双流区示例路" in web.get(f"{base}details/").content.decode()
    half = {**typed, "start_day": "", "address": "改了"}
    assert web.post(f"{base}details/", half, **kept).status_code == 422
    assert "成都市双流区示例路" in web.get(f"{base}details/").content.decode()


def test_submitting_twice_makes_one_case_and_shows_the_same_record(web):
    base = begin(web)
    to_check(web, base)
    go(web, f"{base}proof/", {})
    first = web.post(f"{base}check/", {"version": "0"})
    second = web.post(f"{base}check/", {"version": "0"}, follow=True)
    assert first.status_code == 302
    assert Case.objects.count() == 1
    assert second.status_code in (200, 404)


def test_somebody_in_hospital_gets_the_admission_day_as_start_and_is_told_why(web):
    base = begin(web)
    go(web, f"{base}insured/", {"insured_area": "530902", "insurance": "310"})
    go(web, f"{base}place/", {"destination": CHENGDU, "care": "inpatient"})
    go(web, f"{base}notice/", {"read": "on"})
    days = go(web, f"{base}stay/", {"stay": "in"})
    assert "入院日期" in text_of(days)
    details = go(
        web,
        f"{base}days/",
        {"admitted_on_year": "2026", "admitted_on_month": "11", "admitted_on_day": "20"},
    )
    page = details.content.decode()
    assert 'value="20"' in page and "已为您填好入院当天" in page


def test_questions_find_the_type(web):
    response = web.post("/filings/questions/", {"true": ["lives_there"]})
    assert response.status_code == 302
    assert Case.objects.get().topic == "LT-RES"


def test_a_stranger_sees_neither_draft_nor_record(web, client, monday):
    base = begin(web)
    other = proven_holding()
    client.force_login(other.account, "django.contrib.auth.backends.ModelBackend")
    case = Case.objects.get()
    for url in (f"{base}insured/", f"{base}check/", f"/filings/{case.public_id}/"):
        assert client.get(url).status_code == 404


def test_the_public_check_answers_without_log_in(client, monday):
    query = {"from_text": "临翔", "to_text": "成都", "insurance": "310"}
    page = text_of(client.get("/filings/check/", query))
    assert "即时开通" in page
    page = text_of(client.get("/filings/check/", {**query, "to_text": "昆明"}))
    assert "不需要备案" in page


@pytest.mark.parametrize("form", ["form", "form-intra", "promise"])
def test_blank_papers_can_be_printed(client, monday, form):
    response = client.get(f"/filings/blank/{form}.pdf")
    assert response.status_code == 200 and response.content.startswith(b"%PDF")
