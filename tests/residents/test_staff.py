import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from residents import addresses, staff
from residents.models import AccessLog, User
from tests.residents.factories import (
    ResidentFactory,
    StaffFactory,
    logged_in,
    logged_in_staff,
)

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
LOGIN, CODE = reverse("account_login"), reverse("mfa_authenticate")
ENROL, AGAIN = reverse("mfa_activate_totp"), reverse("mfa_reauthenticate")
PASSWORD_AGAIN, INDEX = reverse("account_reauthenticate"), reverse("admin:index")
DESK = reverse("admin:residents_user_changelist")


def boss(**values) -> User:
    return StaffFactory(is_superuser=True, **values)


def first_step(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": user.username, "password": password, **extra})


def text(response) -> str:
    return response.content.decode()


def english(html: str) -> list[str]:
    """Words of English that a page shows (not in tags)."""
    shown = re.sub(r"<(script|style|code)\b.*?</\1>|<[^>]*>", " ", html, flags=re.S)
    return [word for word in re.findall(r"[A-Za-z]{3,}", shown) if word not in ("TOTP", "JSON")]


def test_the_admin_sends_to_the_log_in_with_a_second_factor():
    answer = Client().get(DESK, follow=True)
    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert "工作人员登录" in text(answer)


def test_password_and_second_factor_open_the_admin():
    user, client = boss(), Client()
    staff.enrol_totp(user)
    assert first_step(client, user)["Location"] == CODE
    assert client.get(DESK).status_code == 302
    answer = client.post(CODE, {"code": staff.current_totp(user)})
    assert answer["Location"] == INDEX
    assert client.get(DESK).status_code == 200


def test_after_log_in_one_is_where_one_wanted_to_be():
    user, client = boss(), Client()
    staff.enrol_totp(user)
    wanted = reverse("admin:residents_accesslog_changelist")
    first_step(client, user, next=wanted)
    answer = client.post(CODE, {"code": staff.current_totp(user)})
    assert answer["Location"] == wanted


def test_the_password_alone_is_no_session():
    user, client = boss(), Client()
    staff.enrol_totp(user)
    first_step(client, user)
    assert "_auth_user_id" not in client.session


def test_a_wrong_second_factor_is_told_and_a_used_one_does_not_count_again():
    user = boss()
    staff.enrol_totp(user)
    client = Client()
    first_step(client, user)
    right = staff.current_totp(user)
    wrong = f"{(int(right) + 500_000) % 1_000_000:06}"
    page = text(client.post(CODE, {"code": wrong}))
    assert "验证码不正确" in page
    client.post(CODE, {"code": right})
    other = Client()
    first_step(other, user)
    assert "验证码不正确" in text(other.post(CODE, {"code": right}))


def test_staff_without_a_device_reach_nothing_but_its_enrolment():
    user, client = boss(), Client()
    assert first_step(client, user)["Location"] == INDEX
    for name in ("admin:index", "residents:profile", "home", "mfa_index"):
        assert client.get(reverse(name))["Location"].startswith(ENROL)
        assert client.post(reverse(name))["Location"].startswith(ENROL)


def test_a_device_is_enrolled_after_the_password_again_and_counts_at_once():
    user, client = boss(), Client()
    first_step(client, user)
    assert client.get(ENROL)["Location"].startswith(PASSWORD_AGAIN)
    answer = client.post(f"{PASSWORD_AGAIN}?next={ENROL}", {"password": PASSWORD})
    assert answer["Location"] == ENROL
    page = text(client.get(ENROL))
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)[1]
    assert "data:image/svg+xml;base64," in page
    code = staff.format_hotp_value(staff.hotp_value(secret, int(time.time()) // 30))
    client.post(ENROL, {"code": code})
    assert staff.has_totp(user)
    assert client.get(DESK).status_code == 200


def test_the_secret_of_a_device_is_encrypted():
    user = boss()
    secret = staff.enrol_totp(user)
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert stored.startswith("aes:")
    assert secret not in stored


def test_a_session_without_the_second_factor_is_asked_for_it():
    user = boss()
    staff.enrol_totp(user)
    client = logged_in(user)  # as if something had let the first factor through
    assert client.get(DESK)["Location"].startswith(AGAIN)
    assert client.get(INDEX)["Location"].startswith(AGAIN)
    answer = client.post(AGAIN, {"code": staff.current_totp(user)})
    assert answer["Location"] == INDEX
    assert client.get(DESK).status_code == 200


def test_the_second_factor_of_one_does_not_serve_another():
    first, second = boss(), boss()
    client = logged_in_staff(first)
    kept = {k: v for k, v in client.session.items() if k.startswith("account_authentication")}
    other = logged_in(second)
    session = other.session
    session.update(kept)
    session.save()
    assert other.get(INDEX)["Location"].startswith(ENROL)


def test_nobody_switches_the_second_factor_off_by_themselves():
    client = logged_in_staff(boss())
    assert client.get("/account/staff/second-factor/deactivate/").status_code == 404
    assert client.get("/account/staff/signup/").status_code == 404
    assert client.get("/account/staff/password/reset/").status_code == 404


def test_half_an_hour_without_a_request_ends_the_session():
    user = boss()
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        client = logged_in_staff(user)
        clock.shift(29 * 60)
        assert client.get(DESK).status_code == 200
        clock.shift(29 * 60)
        assert client.get(DESK).status_code == 200
        clock.shift(31 * 60)
        answer = client.get(DESK, follow=True)
    assert answer.redirect_chain[0][0].startswith(LOGIN)
    assert "较长时间没有操作" in text(answer)
    assert "_auth_user_id" not in client.session


def test_a_working_day_ends_the_session_however_busy():
    with time_machine.travel("2026-03-02 08:00:00+08:00", tick=False) as clock:
        client = logged_in_staff(boss())
        for _ in range(25):
            clock.shift(29 * 60)
            client.get(DESK)
        assert "_auth_user_id" not in client.session


def test_the_last_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        client = logged_in_staff(boss())
        before = client.session["staff_seen_at"]
        clock.shift(59)
        client.get(DESK)
        assert client.session["staff_seen_at"] == before
        clock.shift(1)
        client.get(DESK)
        assert client.session["staff_seen_at"] == before + 60


def test_five_wrong_passwords_lock_the_account_for_this_address():
    user, client = boss(), Client()
    staff.enrol_totp(user)
    for _ in range(5):
        answer = first_step(client, user, "wrong")
        cache.clear()  # allauth's own, shorter limit is another matter
    assert "暂时不能登录" in text(answer)
    answer = first_step(client, user)
    assert "暂时不能登录" in text(answer)
    assert answer.status_code in (403, 429)
    assert first_step(Client(REMOTE_ADDR="192.0.2.9"), user)["Location"] == CODE


def test_a_forged_header_does_not_escape_the_lock():
    user = boss()
    for number in range(5):
        client = Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
        first_step(client, user, "wrong")
        cache.clear()
    answer = first_step(Client(HTTP_X_FORWARDED_FOR="192.0.2.99"), user)
    assert "暂时不能登录" in text(answer)


def test_an_unknown_user_and_a_wrong_password_read_the_same():
    user = boss()
    answers = [
        text(Client().post(LOGIN, {"login": name, "password": "wrong"}))
        for name in (user.username, "nobody")
    ]
    assert all("用户名或密码不正确" in answer for answer in answers)
    assert answers[0].count("field__error") == answers[1].count("field__error")


@pytest.mark.parametrize("password", ["!", "x"])
def test_a_resident_cannot_enter_with_a_password(password):
    client = Client()
    assert "用户名或密码不正确" in text(first_step(client, ResidentFactory(), password))
    assert "_auth_user_id" not in client.session


def test_a_resident_has_no_business_on_the_pages_of_staff():
    client = logged_in(ResidentFactory())
    for address in (LOGIN, ENROL, AGAIN, PASSWORD_AGAIN, reverse("mfa_index")):
        assert client.get(address)["Location"] == reverse("home")
    assert client.get(DESK).status_code == 302


def test_staff_log_out():
    client = logged_in_staff(boss())
    assert "退出登录" in text(client.get(reverse("account_logout")))
    assert client.post(reverse("account_logout"))["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_no_page_of_the_staff_log_in_speaks_english():
    user = boss()
    staff.enrol_totp(user)
    waiting, fresh, asked = Client(), Client(), logged_in(user)
    pages = [
        text(waiting.get(LOGIN)),
        text(waiting.post(LOGIN, {})),
        text(first_step(waiting, user, "x")),
    ]
    first_step(waiting, user)
    pages += [
        text(waiting.get(CODE)),
        text(waiting.post(CODE, {})),
        text(waiting.post(CODE, {"code": "1"})),
    ]
    other = boss()
    first_step(fresh, other)
    pages += [text(fresh.get(PASSWORD_AGAIN)), text(fresh.post(PASSWORD_AGAIN, {"password": "x"}))]
    fresh.post(PASSWORD_AGAIN, {"password": PASSWORD})
    pages += [text(fresh.get(ENROL)), text(fresh.post(ENROL, {"code": "1"}))]
    pages += [text(asked.get(AGAIN)), text(logged_in_staff(user).get(reverse("mfa_index")))]
    for page in pages:
        assert "<h1" in page
        assert english(page) == [], page


def test_too_many_tries_at_the_log_in_are_told_in_chinese(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    client.post(LOGIN, {})
    answer = client.post(LOGIN, {})
    assert answer.status_code == 429
    assert "操作太频繁" in text(answer)
    assert english(text(answer)) == []


def test_the_page_of_development_shows_the_code_that_works():
    user = boss()
    staff.enrol_totp(user)
    page = text(Client().get(reverse("residents:dev_totp")))
    assert user.username in page
    assert staff.current_totp(user) in page


def test_a_lost_device_is_reset_by_command(capsys):
    user = boss()
    staff.enrol_totp(user)
    call_command("reset_second_factor", user.username)
    assert not staff.has_totp(user)
    with pytest.raises(CommandError, match="请检查拼写"):
        call_command("reset_second_factor", "nobody")


def test_a_lost_device_is_reset_in_the_admin():
    user = StaffFactory()
    staff.enrol_totp(user)
    logged_in_staff(boss()).post(
        reverse("admin:residents_user_changelist"),
        {"action": "reset_second_factor", "_selected_action": [user.pk]},
    )
    assert not staff.has_totp(user)


def test_the_admin_lists_staff_and_never_a_resident():
    resident = ResidentFactory()
    client = logged_in_staff(boss())
    page = text(client.get(reverse("admin:residents_user_changelist")))
    assert resident.username not in page
    address = reverse("admin:residents_user_change", args=[resident.pk])
    assert client.get(address).status_code == 302


def test_the_admin_makes_a_member_of_staff():
    client = logged_in_staff(boss())
    client.post(
        reverse("admin:residents_user_add"),
        {"username": "new", "name": "新人", "usable_password": "true",
         "password1": "lang-geng-9183", "password2": "lang-geng-9183"},
    )  # fmt: skip
    user = User.objects.get(username="new")
    assert user.is_staff
    assert user.check_password("lang-geng-9183")


def test_nobody_deletes_staff_or_touches_the_log():
    user = StaffFactory()
    log = AccessLog.objects.create(actor=user, action="opened", case_number="YB1")
    client = logged_in_staff(boss())
    assert client.get(reverse("admin:residents_user_delete", args=[user.pk])).status_code == 403
    for name, args in (("add", []), ("delete", [log.pk])):
        address = reverse(f"admin:residents_accesslog_{name}", args=args)
        assert client.get(address).status_code == 403
    assert "YB1" in text(client.get(reverse("admin:residents_accesslog_changelist")))
    page = client.get(reverse("admin:residents_accesslog_change", args=[log.pk]))
    assert 'name="_save"' not in text(page)


def test_staff_without_permission_see_neither_accounts_nor_the_log():
    client = logged_in_staff(StaffFactory())
    for name in ("user", "accesslog"):
        address = reverse(f"admin:residents_{name}_changelist")
        assert client.get(address).status_code == 403


def test_the_address_of_the_request_is_in_the_log():
    user = boss()
    client = logged_in_staff(user)
    request = client.get(DESK, REMOTE_ADDR="192.0.2.5").wsgi_request
    assert addresses.address_of(request) == "192.0.2.5"
    assert addresses.current_address() is None
