import json

import pytest
from django.test import Client
from django.urls import reverse

from residents import export
from residents.models import Consent
from tests.residents.factories import (
    EnrolmentFactory,
    HoldingFactory,
    ResidentFactory,
    StaffFactory,
    logged_in,
    logged_in_staff,
)

pytestmark = pytest.mark.django_db

ELDER, EXPORT = reverse("residents:elder"), reverse("residents:export")


def test_the_account_page_shows_the_phone_masked():
    page = logged_in(ResidentFactory(phone="13812345678")).get(reverse("residents:profile"))
    assert "138****5678" in page.content.decode()
    assert "13812345678" not in page.content.decode()


def test_elder_mode_is_one_tap_for_anybody_and_comes_back():
    client = Client()
    answer = client.post(ELDER, {"elder": "1", "next": reverse("residents:login")})
    assert answer["Location"] == reverse("residents:login")
    assert client.cookies["elder"].value == "1"
    assert 'class="elder"' in client.get(reverse("residents:login")).content.decode()
    client.post(ELDER, {"elder": "0"})
    assert 'class="elder"' not in client.get(reverse("residents:login")).content.decode()


def test_elder_mode_without_a_value_is_turned_over():
    client = Client()
    client.post(ELDER)
    assert client.cookies["elder"].value == "1"
    client.post(ELDER)
    assert client.cookies["elder"].value == "0"


def test_elder_mode_is_remembered_in_the_account():
    user = ResidentFactory()
    logged_in(user).post(ELDER, {"elder": "1"})
    page = logged_in(user).get(reverse("residents:profile")).content.decode()
    assert 'class="elder"' in page


def test_elder_mode_takes_a_post_and_leads_to_no_other_site():
    assert Client().get(ELDER).status_code == 405
    answer = Client().post(ELDER, {"elder": "1", "next": "https://evil.example/"})
    assert answer["Location"] == reverse("home")


def test_staff_may_use_elder_mode_too():
    assert logged_in_staff(StaffFactory()).post(ELDER, {"elder": "1"}).status_code == 302


def exported(user) -> dict:
    answer = logged_in(user).get(EXPORT)
    assert "attachment" in answer["Content-Disposition"]
    return json.loads(answer.content)


def test_the_export_holds_everything_of_the_account_and_nothing_of_another():
    holding = HoldingFactory(standing="bound")
    EnrolmentFactory(id_number=holding.person.id_number)
    Consent.objects.create(
        account=holding.account, person=holding.person, kind="sensitive_data", text="同意"
    )
    other = HoldingFactory(name="李秀英")
    data = exported(holding.account)
    [person] = data["参保人"]
    assert data["账户"]["手机号码"] == holding.account.phone
    assert person["证件号码"] == holding.person.id_number
    assert person["参保登记"][0]["参保地"] == "530902"
    assert data["同意记录"][0]["内容"] == "同意"
    whole = json.dumps(data, ensure_ascii=False)
    assert "李秀英" not in whole
    assert other.person.id_number not in whole


@pytest.mark.parametrize("standing", ["pending", "contested"])
def test_the_export_does_not_tell_whether_an_unproven_person_is_insured(standing):
    holding = HoldingFactory(standing=standing)
    before = exported(holding.account)["参保人"]
    EnrolmentFactory(id_number=holding.person.id_number)
    assert exported(holding.account)["参保人"] == before
    assert before[0]["状态"] == "待核实"


def test_an_app_above_adds_its_section_to_the_export(monkeypatch):
    monkeypatch.setattr(export, "_sections", {})
    export.register("办件", lambda account: [{"编号": f"YB-{account.pk}"}])
    user = ResidentFactory()
    assert exported(user)["办件"] == [{"编号": f"YB-{user.pk}"}]


def test_the_consents_page_says_what_to_do_when_there_are_none():
    page = logged_in(ResidentFactory()).get(reverse("residents:consents")).content.decode()
    assert "还没有同意记录" in page
