from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from residents import gate
from residents.models import Holding, User
from tests.residents.factories import (
    EnrolmentFactory,
    HoldingFactory,
    PersonFactory,
    ResidentFactory,
    StaffFactory,
    id_number,
    last_code,
    logged_in,
    logged_in_staff,
)

pytestmark = pytest.mark.django_db

PHONE = "13800000001"
CONFIRM, PERSONS = reverse("residents:confirm"), reverse("residents:persons")
START_OVER = reverse("residents:start_over")
LOGIN, CODE = reverse("residents:login"), reverse("residents:code")
GUARDED = [
    "account", "persons", "person_add", "person_consent", "consents", "export",
    "phone_change", "phone_change_code",
]  # fmt: skip
GUARDED_WITH_PK = ["person_switch", "person_revoke", "person_accept", "consent"]


def absent(days=365, **values):
    seen = timezone.now() - timedelta(days=days)
    holding = HoldingFactory(
        account=ResidentFactory(phone=PHONE, last_seen_at=seen, **values),
        person=PersonFactory(id_number=id_number(1)),
    )
    return holding.account


def log_in() -> Client:
    client = Client()
    client.post(LOGIN, {"phone": PHONE})
    client.answer = client.post(CODE, {"code": last_code()})
    return client


def addresses():
    yield from (reverse(f"residents:{name}") for name in GUARDED)
    yield from (reverse(f"residents:{name}", args=[1]) for name in GUARDED_WITH_PK)


@pytest.mark.parametrize("address", list(addresses()))
def test_a_visitor_is_sent_to_the_log_in(address):
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address)
        assert answer["Location"].startswith(LOGIN)


@pytest.mark.parametrize("address", list(addresses()))
def test_staff_have_no_business_on_the_pages_of_residents(address):
    client = logged_in_staff(StaffFactory())
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


@pytest.mark.parametrize("address", list(addresses()))
def test_after_twelve_months_the_id_number_comes_before_every_page(address):
    client = logged_in(absent())
    for method in ("get", "post"):
        assert getattr(client, method)(address)["Location"].startswith(CONFIRM)


def test_a_day_less_than_twelve_months_asks_nothing():
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False):
        assert logged_in(absent(364)).get(PERSONS).status_code == 200


def test_after_twelve_months_the_log_in_leads_to_the_question_and_shows_no_name():
    absent()
    client = log_in()
    assert client.answer["Location"] == CONFIRM
    page = client.get(CONFIRM).content.decode()
    assert "张" not in page.replace("紧张", "")
    assert id_number(1)[-4:] not in page


def test_a_second_log_in_does_not_open_what_the_first_did_not():
    user = absent()
    for _ in range(2):
        client = log_in_again()
        assert client.get(PERSONS)["Location"].startswith(CONFIRM)
    user.refresh_from_db()
    assert gate.is_due(user)


def log_in_again() -> Client:
    gate.limits.release("send-again", PHONE)
    return log_in()


def test_the_right_number_opens_the_account_and_leads_on():
    user = absent()
    client = logged_in(user)
    wanted = {"next": PERSONS, "id_number": id_number(1).lower()}
    assert client.post(CONFIRM, wanted)["Location"] == PERSONS
    assert client.get(PERSONS).status_code == 200
    user.refresh_from_db()
    assert timezone.now() - user.last_seen_at < timedelta(minutes=1)


def test_a_wrong_number_is_told_and_only_five_are_taken_an_hour():
    client = logged_in(absent())
    wrong = {"id_number": id_number(2)}
    for _ in range(gate.TRIES_PER_HOUR):
        assert "不一致" in client.post(CONFIRM, wrong).content.decode()
    answer = client.post(CONFIRM, {"id_number": id_number(1)})
    assert "一小时后" in answer.content.decode()
    assert client.get(PERSONS)["Location"].startswith(CONFIRM)


def test_a_number_that_is_none_costs_no_try():
    client = logged_in(absent())
    for _ in range(6):
        assert (
            "校验位" in client.post(CONFIRM, {"id_number": "530902195001010014"}).content.decode()
        )
    assert client.post(CONFIRM, {"id_number": id_number(1)}).status_code == 302


def test_the_number_of_a_relative_does_not_open_where_one_is_there_oneself():
    user = absent()
    HoldingFactory(account=user, relation="parent", person=PersonFactory(id_number=id_number(7)))
    client = logged_in(user)
    assert "不一致" in client.post(CONFIRM, {"id_number": id_number(7)}).content.decode()


def test_where_one_never_added_oneself_the_number_of_the_family_opens():
    user = absent()
    Holding.objects.filter(account=user).update(relation="parent")
    client = logged_in(user)
    assert client.post(CONFIRM, {"id_number": id_number(1)}).status_code == 302


def test_an_empty_account_has_nothing_to_hide():
    user = ResidentFactory(last_seen_at=timezone.now() - timedelta(days=900))
    assert logged_in(user).get(PERSONS).status_code == 200


def test_logging_in_moves_the_day_of_last_use():
    user = absent(100)
    log_in()
    user.refresh_from_db()
    assert timezone.now() - user.last_seen_at < timedelta(minutes=1)


def test_logging_in_binds_what_the_register_proves_by_now():
    user = absent(10)
    EnrolmentFactory(id_number=id_number(1), phone=PHONE)
    log_in()
    assert Holding.objects.get(account=user).is_bound


def test_logging_in_binds_nothing_while_the_number_is_owed():
    user = absent()
    EnrolmentFactory(id_number=id_number(1), phone=PHONE)
    client = log_in()
    assert not Holding.objects.get(account=user).is_bound
    client.post(CONFIRM, {"id_number": id_number(1)})
    assert Holding.objects.get(account=user).is_bound


def test_the_new_owner_of_a_number_starts_over_with_an_empty_account():
    old = absent()
    client = logged_in(old)
    assert "建立新账户" in client.get(START_OVER).content.decode()
    assert client.post(START_OVER)["Location"] == reverse("home")
    new = User.objects.get(pk=client.session["_auth_user_id"])
    assert new.pk != old.pk
    assert new.phone == PHONE
    assert "还没有添加本人" in client.get(PERSONS).content.decode()
    old.refresh_from_db()
    assert (old.phone, old.phone_hash, old.is_active) == (None, None, False)
    assert Holding.objects.get(account=old).is_live


def test_the_new_owner_logs_in_to_the_new_account_from_then_on():
    old = absent()
    logged_in(old).post(START_OVER)
    client = log_in()
    assert client.session["_auth_user_id"] != str(old.pk)
    assert client.answer["Location"] == reverse("home")


def test_starting_over_is_for_nobody_who_is_let_in():
    user = absent(10)
    logged_in(user).post(START_OVER)
    user.refresh_from_db()
    assert user.is_active
    assert Client().post(START_OVER).status_code == 302
    assert User.objects.count() == 1


def test_the_question_is_not_asked_of_whoever_need_not_answer():
    assert logged_in(absent(10)).get(CONFIRM)["Location"] == reverse("home")
    assert Client().get(CONFIRM)["Location"] == LOGIN


def change_phone(client, phone):
    client.post(reverse("residents:phone_change"), {"phone": phone})
    return client.post(reverse("residents:phone_change_code"), {"code": last_code()})


def test_after_a_change_of_number_the_id_number_is_asked_once():
    user = absent(10)
    client = logged_in(user)
    change_phone(client, "13900000002")
    user.refresh_from_db()
    assert user.phone == "13900000002"
    assert client.get(PERSONS)["Location"].startswith(CONFIRM)
    client.post(CONFIRM, {"id_number": id_number(1)})
    assert client.get(PERSONS).status_code == 200
    assert User.objects.resident_with_phone(PHONE) is None


def test_a_wrong_code_changes_no_number():
    user = absent(10)
    client = logged_in(user)
    client.post(reverse("residents:phone_change"), {"phone": "13900000002"})
    wrong = f"{(int(last_code()) + 1) % 1_000_000:06}"
    answer = client.post(reverse("residents:phone_change_code"), {"code": wrong})
    assert "不正确" in answer.content.decode()
    user.refresh_from_db()
    assert user.phone == PHONE


def test_a_number_with_an_account_is_not_taken_over():
    ResidentFactory(phone="13900000002")
    user = absent(10)
    answer = change_phone(logged_in(user), "13900000002")
    assert "已有账户" in answer.content.decode()
    user.refresh_from_db()
    assert user.phone == PHONE


def test_the_code_page_of_a_change_needs_a_code():
    answer = logged_in(absent(10)).get(reverse("residents:phone_change_code"))
    assert answer["Location"] == reverse("residents:phone_change")
