"""代录: at the counter and on the phone, through the same steps, decided on the spot."""

import re

import pytest

from casework.models import Case, Notice
from residents.staff import mark_second_factor
from tests.factories import BEIJING, XINCHENG, clerk, id_number, resident
from tests.filings.pages.test_walk import photo, text_of, to_check

pytestmark = pytest.mark.django_db

FORM = {
    "caller": "present",
    "name": "李示例",
    "id_number": id_number(sequence=7),
    "phone": "",
    "note": "",
    "category": "LT-RES",
}


@pytest.fixture
def desk(client, monday):
    user = clerk(area="150100")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    mark_second_factor(client.session, user)
    return client


def test_a_filing_at_the_counter_is_decided_on_the_spot(desk):
    base = desk.post("/filings/counter/", FORM).url.rsplit("insured/", 1)[0]
    by_post = {"contact_how": "post", "phone": "", "address": "呼和浩特市新城区示例路 1 号"}
    to_check(desk, base, insured=XINCHENG, to=BEIJING, **by_post)
    case = Case.objects.get()
    page = desk.get(f"{base}proof/").content.decode()
    for number, document in zip(
        re.findall(r"upload/(\d+)/", page)[-2:], ("residence_permit", "signed_form"), strict=True
    ):
        response = desk.post(
            f"/filings/{case.public_id}/upload/{number}/",
            {f"g{number}-document": document, f"g{number}-files": [photo()]},
        )
        assert response.status_code == 302, text_of(response)
    desk.post(f"{base}proof/", {})
    done = desk.post(f"{base}check/", {"version": "0"}, follow=True)
    case.refresh_from_db()
    assert case.status == "in_review" and case.channel == "counter", text_of(done)
    assert "窗口" in text_of(done)
    desk.post(
        f"/admin/casework/case/{case.pk}/do/approve/",
        {"version": case.version, "data-identity": "on"},
    )
    case.refresh_from_db()
    assert case.status == "approved"
    assert case.letters.filter(kind="form").exists()


def test_a_person_without_a_phone_gets_a_letter_and_no_message_into_the_void(desk):
    test_a_filing_at_the_counter_is_decided_on_the_spot(desk)
    channels = set(Notice.objects.values_list("channel", flat=True))
    assert "sms" not in channels and "post" in channels


def test_a_call_needs_its_note(desk):
    page = text_of(desk.post("/filings/counter/", {**FORM, "caller": "phone"}))
    assert "请写明回拨记录" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "finance", "sysadmin"])
def test_those_who_do_not_decide_do_not_enter_either(client, monday, role):
    user = clerk(role=role, area="150100")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    mark_second_factor(client.session, user)
    assert client.get("/filings/counter/").status_code == 404


def test_residents_have_no_counter(client, monday):
    client.force_login(resident(), "django.contrib.auth.backends.ModelBackend")
    assert client.get("/filings/counter/").status_code == 404


def test_without_the_scan_of_the_signed_form_nothing_is_submitted(desk):
    base = desk.post("/filings/counter/", {**FORM, "category": "TMP-OTH"}).url
    base = base.rsplit("insured/", 1)[0]
    to_check(desk, base, insured=XINCHENG, to=BEIJING, phone="13900001111")
    desk.post(f"{base}proof/", {})
    page = desk.post(f"{base}check/", {"version": "0"}, follow=True)
    assert "本人签字的纸质申请表" in text_of(page)
    assert Case.objects.get().status == "draft"
