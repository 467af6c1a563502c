"""The same filing by other ways: no scripts, keyboard only, 长辈版, two devices, for a parent."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from casework.models import Case
from filings.jobs.expiry import expire_due
from residents.models import User
from tests.e2e.acts import add_oneself, enrolled, find, log_in, to_proof
from tests.e2e.conftest import work
from tests.e2e.people import enter
from tests.factories import draft_filing, id_number, proven_holding

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

HOME = ("临翔", "云南省临沧市临翔区")
AWAY = ("成都", "成都市")


def arrive(walker, phone: str) -> None:
    """Registered, logged in, oneself added."""
    number = enrolled(phone)
    log_in(walker, phone)
    add_oneself(walker, number)


def test_without_scripts_everything_can_be_filed(screens):
    walker = screens(scripts=False)
    arrive(walker, "13911110011")
    to_proof(walker, "临时外出", *HOME, *AWAY)
    walker.next()
    walker.press("提交").sees("系统正在自动审核")
    work(walker)
    walker.sees("备案已开通")


def test_with_the_keyboard_alone(screens):
    walker = screens(desk=True)
    arrive(walker, "13911110012")
    walker.go("/filings/")
    keys = walker.page.keyboard
    _tab_to(walker, "input[name=category]")
    keys.press("Space")
    _tab_to(walker, "button.btn-primary")
    _enter(walker)
    _tab_to(walker, "input[name=insured_area]:checked")
    _tab_to(walker, "button.btn-primary")
    _enter(walker)
    _tab_to(walker, "#place-q")
    keys.type("成都")
    _enter(walker)
    _tab_to(walker, "input[name=destination]")
    keys.press("Space")
    for field in ("button.btn-primary", "input[name=read]"):
        _tab_to(walker, field)
        if field.startswith("button"):
            _enter(walker)
    keys.press("Space")
    _tab_to(walker, "button.btn-primary")
    _enter(walker)
    _tab_to(walker, "input[name=stay]")
    keys.press("Space")
    for _ in range(4):
        _tab_to(walker, "main button.btn-primary")
        _enter(walker)
    walker.sees("系统正在自动审核")
    assert Case.objects.get().status == "submitted"


def _tab_to(walker, selector: str) -> None:
    """Tab until this has the focus; each stop shows that it has it."""
    for _ in range(60):
        walker.page.keyboard.press("Tab")
        assert walker.ring(), walker.page.evaluate("document.activeElement.outerHTML")
        if walker.page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reached {selector} on {walker.page.url}")


def _enter(walker) -> None:
    with walker.page.expect_navigation():
        walker.page.keyboard.press("Enter")
    walker.look()


def test_a_filing_in_the_large_mode(screens):
    walker = screens(elder=True)
    arrive(walker, "13911110013")
    to_proof(walker, "临时外出", *HOME, *AWAY)
    walker.next()
    walker.press("提交")
    work(walker)
    walker.look().sees("备案已开通", "标准版")
    walker.go("/filings/records/").go("/cases/messages/").go("/account/")


def test_saved_and_gone_on_with_on_another_device(screens):
    here, there = screens(), screens(desk=True)
    arrive(here, "13911110014")
    here.go("/filings/").choose("临时外出").next()
    here.next()
    find(here, "查找城市或医院", *AWAY)
    here.choose("住院").press("保存，以后再填").sees("已保存")
    # One code a minute: the limit counts in the shared cache, whose clock no test moves.
    cache.clear()
    log_in(there, "13911110014")
    there.sees("未提交").press("您有一件未提交的异地就医备案", exact=False)
    there.sees("还差这些就可以提交", "四川省成都市").press("继续填写")
    there.choose("我已阅读").press("保存并返回核对").sees("请核对", "请填写备案开始日期")
    assert Case.objects.count() == 1


def test_a_closed_tab_loses_nothing_of_what_was_typed(screens):
    walker = screens()
    arrive(walker, "13911110018")
    walker.go("/filings/").choose("临时外出").next()
    walker.next()
    find(walker, "查找城市或医院", *AWAY)
    walker.choose("住院").next()
    walker.choose("我已阅读").next()
    walker.choose("还没有住院").next()
    walker.page.fill("#id_address", "成都市双流区示例路 1 号")
    walker.sees("已自动保存")
    walker.go(walker.page.url)
    assert walker.page.input_value("#id_address") == "成都市双流区示例路 1 号"


def test_for_a_parent_with_the_proxy_on_the_form(screens):
    walker = screens()
    arrive(walker, "13911110015")
    walker.go("/account/persons/add/").choose("父母").fill("姓名", "李示例")
    walker.fill("证件号码", id_number(sequence=22)).next()
    walker.choose("我已阅读，单独同意").choose("我已阅读并同意")
    walker.page.click("[data-signature-type]")
    walker.page.fill("#id_typed", "李示例")
    walker.press("同意并添加")
    walker.go("/filings/").sees("李*例（父母）").choose("临时外出").next()
    walker.sees("李*例（父母）")
    find(walker, "查找参保的区县", *HOME)
    walker.choose("职工医保").next()
    find(walker, "查找城市或医院", *AWAY)
    walker.choose("住院").next()
    walker.choose("我已阅读").next()
    walker.choose("还没有住院").next()
    walker.sees("代办人信息").press("下一步").sees("请选择代办人与参保人的关系")
    walker.page.select_option("#id_proxy_relation", index=1)
    walker.next()
    walker.sees("身份凭证")
    case = Case.objects.get()
    walker.go(f"/filings/{case.public_id}/steps/check/").sees("代办人", "王示例", "李示例")


def test_a_button_stays_under_a_slow_finger_while_the_page_is_told_something(screens):
    walker = screens(desk=True)
    case = draft_filing(proven_holding())
    enter(walker.page.context, case.account, walker.url)
    page = walker.go(f"/filings/{case.public_id}/steps/place/").page
    told = page.locator("[data-effect]")
    told.evaluate("(e) => { e.textContent = ''; }")
    button = page.get_by_role("button", name="下一步", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        told.evaluate("(e) => e.closest('form').dispatchEvent(new Event('change'))")
    page.wait_for_timeout(500)
    with page.expect_navigation():
        page.mouse.up()
    assert "/steps/place/" not in page.url


def test_what_came_while_a_finger_was_down_is_shown_when_it_is_up(screens):
    walker = screens(desk=True)
    case = draft_filing(proven_holding())
    enter(walker.page.context, case.account, walker.url)
    page = walker.go(f"/filings/{case.public_id}/steps/place/").page
    told = page.locator("[data-effect]")
    words = told.inner_text()
    told.evaluate("(e) => { e.textContent = ''; }")
    page.mouse.move(2, 2)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        told.evaluate("(e) => e.closest('form').dispatchEvent(new Event('change'))")
    page.wait_for_timeout(500)
    assert told.inner_text() == ""
    page.mouse.up()
    expect(told).to_have_text(words, use_inner_text=True)


def test_it_is_over_when_its_time_is_over(screens):
    walker = screens()
    arrive(walker, "13911110016")
    to_proof(walker, "临时外出", *HOME, *AWAY)
    walker.next()
    walker.press("提交")
    work(walker)
    walker.sees("备案已开通")
    case, user = Case.objects.get(), User.objects.get(is_staff=False)
    letter = case.letters.get(kind="form")
    with time_machine.travel(timezone.now() + timedelta(days=120), tick=True):
        enter(walker.page.context, user, walker.url)
        walker.go(f"/filings/{case.public_id}/").sees("备案已到期", "请重新备案")
        walker.go(f"/v/{letter.token}/").sees("目前不在有效期")
        expire_due()
        case.refresh_from_db()
        assert case.status == "expired"
        walker.go(f"/filings/{case.public_id}/").sees("备案已到期")
        walker.press("按这次的内容重新备案").sees("在哪里参保")
    assert Case.objects.count() == 2


def test_every_form_sent_empty_says_what_is_missing_and_keeps_the_rest(screens):
    walker = screens()
    walker.go("/account/login/").press("获取验证码")
    _refused(walker, "请填写手机号码")
    arrive(walker, "13911110017")
    walker.go("/account/persons/add/").fill("姓名", "李示例").next()
    _refused(walker, "请填写证件号码")
    assert walker.page.input_value("[name=name]") == "李示例"
    walker.go("/filings/").next()
    _refused(walker, "请选择一种情况")
    walker.choose("临时外出").next()
    walker.next()
    walker.next()
    _refused(walker, "请先查找并选择就医地")
    find(walker, "查找城市或医院", *AWAY)
    walker.choose("住院").next()
    walker.next()
    _refused(walker, "打勾")
    walker.choose("我已阅读").next()
    walker.next()
    _refused(walker, "请选择现在的情况")
    walker.choose("还没有住院").next()
    walker.page.fill("#id_start_year", "")
    walker.page.fill("#id_phone", "123")
    walker.next()
    _refused(walker, "手机")
    assert walker.page.input_value("#id_phone") == "123"


def _refused(walker, words: str) -> None:
    """The summary has the focus and says so; the title begins with it."""
    walker.page.wait_for_selector("[data-error-summary]:focus")
    assert walker.page.title().startswith("有误：")
    walker.sees(words)
