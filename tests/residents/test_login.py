import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from residents import codes, sms
from residents.models import AccountSession, DevelopmentMessage, PhoneCode, User
from residents.sms import MemoryGateway
from tests.residents.factories import (
    ResidentFactory,
    StaffFactory,
    last_code,
    logged_in,
    logged_in_staff,
)

pytestmark = pytest.mark.django_db

PHONE = "13800000001"
LOGIN, CODE = reverse("residents:login"), reverse("residents:code")


class BrokenGateway:
    def send(self, phone, text):
        raise TimeoutError("carrier does not answer")


def ask(client, phone=PHONE, **extra):
    return client.post(LOGIN, {"phone": phone, **extra})


def enter(client, code=None):
    return client.post(CODE, {"code": code or last_code()})


def wrong_code() -> str:
    return f"{(int(last_code()) + 1) % 1_000_000:06}"


def test_a_first_visit_makes_an_account_and_a_second_one_finds_it():
    for _ in range(2):
        client = Client()
        codes.limits.release("send-again", PHONE)
        assert ask(client)["Location"] == CODE
        assert enter(client)["Location"] == reverse("home")
        assert client.session["_auth_user_id"]
    assert User.objects.filter(is_staff=False).count() == 1
    assert User.objects.get().phone == PHONE
    assert not User.objects.get().has_usable_password()


def test_the_pages_say_the_same_for_a_known_and_an_unknown_phone():
    ResidentFactory(phone="13800000002")
    answers = [_answers(phone) for phone in (PHONE, "13800000002")]
    assert answers[0] == answers[1]


def _answers(phone: str) -> tuple:
    """All that a visitor is answered on the way to a wrong code."""
    client = Client()
    first = ask(client, phone)
    page = client.get(CODE).content.decode()
    wrong = client.post(CODE, {"code": wrong_code()}).content.decode()
    pages = [_without_tokens(html).replace(phone[-4:], "####") for html in (page, wrong)]
    return first.status_code, first["Location"], pages


def _without_tokens(html: str) -> str:
    lines = html.splitlines()
    hidden = ("csrfmiddlewaretoken", 'name="code"')  # fresh, or what was typed
    return "\n".join(line for line in lines if not any(part in line for part in hidden))


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "请填写手机号码"),
        ("1380000000", "11 位"),
        ("138000000011", "11 位"),
        ("12800000001", "前几位"),
        ("1380000000a", "只能是数字"),
    ],
)
def test_a_phone_that_is_none_is_told_at_the_field_and_stays_typed(typed, part):
    page = ask(Client(), typed).content.decode()
    assert part in page
    assert 'href="#id_phone"' in page
    assert f'value="{typed}"' in page or not typed
    assert not MemoryGateway.sent


@pytest.mark.parametrize("typed", ["+86 138 0000 0001", "１３８００００００01", "138-0000-0001"])
def test_a_phone_may_be_typed_in_many_ways(typed):
    ask(Client(), typed)
    assert MemoryGateway.sent[0][0] == PHONE


def test_the_code_lies_neither_in_the_session_nor_in_the_database():
    client = Client()
    ask(client)
    code = last_code()
    record = PhoneCode.objects.get()
    assert code not in json.dumps(dict(client.session.items()))
    assert code not in AccountSession.objects.get().session_data
    assert code not in record.code_hash
    assert PHONE not in json.dumps(dict(client.session.items()))


def test_a_code_works_once_and_only_in_the_browser_that_asked():
    client, other = Client(), Client()
    ask(client)
    code = last_code()
    assert other.post(CODE, {"code": code})["Location"] == LOGIN
    enter(client, code)
    session = client.session
    client.logout()
    session = client.session
    session["phone_code"] = PhoneCode.objects.get().pk
    session.save()
    assert client.post(CODE, {"code": code})["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_code_ends_after_five_minutes():
    client = Client()
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        ask(client)
        clock.shift(timedelta(minutes=5))
        page = enter(client).content.decode()
    assert "已失效" in page
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_codes_the_right_one_no_longer_counts():
    client = Client()
    ask(client)
    pages = [enter(client, wrong_code()).content.decode() for _ in range(5)]
    assert "还可以再试 4 次" in pages[0]
    assert "次数已用完" in pages[4]
    assert "作废" in enter(client).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_code_is_told_and_costs_no_attempt(typed):
    client = Client()
    ask(client)
    page = client.post(CODE, {"code": typed}).content.decode()
    assert 'href="#id_code"' in page
    assert PhoneCode.objects.get().attempts == 0


def test_a_code_may_be_typed_full_width_and_with_spaces():
    client = Client()
    ask(client)
    code = last_code()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert enter(client, f"{wide[:3]} {wide[3:]}").status_code == 302


def test_the_code_field_refuses_before_a_phone_was_given():
    assert Client().get(CODE)["Location"] == LOGIN


def test_a_second_code_within_a_minute_is_refused_and_later_allowed():
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False):
        ask(Client())
        assert "60 秒" in ask(Client()).content.decode()
        assert len(MemoryGateway.sent) == 1


def test_sending_again_ends_the_older_code():
    client = Client()
    ask(client)
    older = last_code()
    codes.limits.release("send-again", PHONE)
    client.post(reverse("residents:code_again"))
    assert PhoneCode.objects.count() == 1
    if older != last_code():
        assert enter(client, older).status_code == 200
    assert enter(client).status_code == 302


def test_sending_again_too_soon_is_told_on_the_page():
    client = Client()
    ask(client)
    assert "60 秒" in client.post(reverse("residents:code_again")).content.decode()
    assert Client().post(reverse("residents:code_again"))["Location"] == LOGIN


def test_one_phone_gets_five_codes_an_hour():
    for _ in range(codes.PER_PHONE_HOUR):
        codes.limits.release("send-again", PHONE)
        assert ask(Client()).status_code == 302
    codes.limits.release("send-again", PHONE)
    assert "次数过多" in ask(Client()).content.decode()
    assert len(MemoryGateway.sent) == codes.PER_PHONE_HOUR


def test_one_address_serves_a_village_but_not_a_flood(monkeypatch):
    monkeypatch.setattr(codes, "PER_ADDRESS_HOUR", 20)
    for number in range(20):
        assert ask(Client(), f"139{number:08}").status_code == 302
    assert "网络" in ask(Client(), "13700000000").content.decode()
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert ask(other, "13700000000").status_code == 302


def test_a_header_of_the_client_does_not_pass_for_another_address(monkeypatch):
    monkeypatch.setattr(codes, "PER_ADDRESS_HOUR", 1)
    ask(Client(), "13900000001")
    client = Client(HTTP_X_FORWARDED_FOR="192.0.2.7", HTTP_X_REAL_IP="192.0.2.7")
    assert "网络" in ask(client, "13900000002").content.decode()


def test_a_gateway_that_fails_is_told_plainly_and_may_be_tried_again_at_once(settings):
    settings.SMS_GATEWAY = f"{__name__}.BrokenGateway"
    page = ask(Client()).content.decode()
    assert "短信暂时发不出去" in page
    assert "carrier" not in page
    assert not PhoneCode.objects.exists()
    settings.SMS_GATEWAY = "residents.sms.MemoryGateway"
    assert ask(Client()).status_code == 302


def test_an_account_that_was_switched_off_does_not_log_in():
    ResidentFactory(phone=PHONE, is_active=False)
    client = Client()
    ask(client)
    assert "停用" in enter(client).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_member_of_staff_with_the_same_phone_is_another_account():
    StaffFactory(phone=PHONE)
    client = Client()
    ask(client)
    enter(client)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert not user.is_staff


def test_the_session_gets_a_new_key_at_log_in():
    client = Client()
    ask(client)
    before = client.session.session_key
    enter(client)
    assert client.session.session_key != before


def test_after_log_in_one_is_where_one_wanted_to_be():
    client = Client()
    wanted = reverse("residents:persons")
    assert client.get(wanted)["Location"] == f"{LOGIN}?{urlencode({'next': wanted})}"
    ask(client, next=wanted)
    assert enter(client)["Location"] == wanted


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_after_log_in_nobody_is_sent_to_another_site(evil):
    client = Client()
    ask(client, next=evil)
    assert enter(client)["Location"] == reverse("home")


def test_logging_out_takes_a_post():
    client = logged_in(ResidentFactory())
    assert client.get(reverse("residents:logout")).status_code == 405
    assert "_auth_user_id" in client.session
    client.post(reverse("residents:logout"))
    assert "_auth_user_id" not in client.session


def test_whoever_is_logged_in_is_not_asked_again():
    assert logged_in(ResidentFactory()).get(LOGIN)["Location"] == reverse("home")
    assert logged_in_staff(StaffFactory()).get(LOGIN)["Location"] == reverse("admin:index")


def test_old_codes_are_forgotten_after_a_day():
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False):
        codes.send_code("13900000001", None)
    with time_machine.travel("2026-03-02 09:00:01+08:00", tick=False):
        codes.send_code("13900000002", None)
    assert [row.phone for row in PhoneCode.objects.all()] == ["13900000002"]


def test_the_in_box_of_development_shows_the_message(settings):
    settings.SMS_GATEWAY = "residents.sms.DevelopmentGateway"
    ask(Client())
    assert DevelopmentMessage.objects.get().phone == PHONE
    page = Client().get(reverse("residents:dev_inbox")).content.decode()
    assert PHONE in page
    assert "验证码" in page


@pytest.mark.parametrize("name", ["dev_inbox", "dev_totp"])
def test_the_pages_of_development_do_not_exist_in_production(name, settings):
    address = reverse(f"residents:{name}")
    assert Client().get(address).status_code == 200
    settings.PRODUCTION = True
    assert Client().get(address).status_code == 404
    settings.PRODUCTION, settings.SHOW_DEVELOPMENT_PAGES = False, False
    assert Client().get(address).status_code == 404


def test_the_gateway_of_development_refuses_in_production(settings):
    settings.SHOW_DEVELOPMENT_PAGES = False
    with pytest.raises(sms.GatewayError):
        sms.DevelopmentGateway().send(PHONE, "x")


def test_the_console_gateway_masks_the_phone(capsys):
    sms.ConsoleGateway().send(PHONE, "验证码 123456")
    assert "138****0001" in capsys.readouterr().err


class Platform(BaseHTTPRequestHandler):
    """A message platform of the agency, answering with `status`."""

    status, taken = 200, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def platform(settings):
    Platform.status, Platform.taken = 200, []
    server = HTTPServer(("127.0.0.1", 0), Platform)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_HTTP_TOKEN = "t0ken"
    yield Platform
    server.shutdown()
    server.server_close()


def test_the_http_gateway_hands_over_phone_and_text(platform):
    sms.HttpGateway().send(PHONE, "您好")
    assert platform.taken == [("Bearer t0ken", {"phone": PHONE, "text": "您好"})]


def test_the_http_gateway_tells_when_the_message_was_not_taken(platform, settings):
    platform.status = 503
    with pytest.raises(sms.GatewayError):
        sms.HttpGateway().send(PHONE, "您好")
    settings.SMS_HTTP_URL = "http://127.0.0.1:9/"
    with pytest.raises(sms.GatewayError):
        sms.HttpGateway().send(PHONE, "您好")
    settings.SMS_HTTP_URL = ""
    with pytest.raises(sms.GatewayError, match="没有配置"):
        sms.HttpGateway().send(PHONE, "您好")


def test_logging_in_costs_few_queries(django_assert_max_num_queries):
    client = Client()
    with django_assert_max_num_queries(10):
        ask(client)
    with django_assert_max_num_queries(24):
        enter(client)
