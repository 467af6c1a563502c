"""Filings that a clerk decides: the queue, a correction and its answer, the counter."""

import re

import pytest

from casework.models import Case
from tests.e2e.acts import add_oneself, enrolled, find, log_in, log_in_clerk, new_clerk, to_proof
from tests.e2e.conftest import work
from tests.factories import XINCHENG, id_number

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE = "13911110002"
HOME = ("新城区", "内蒙古自治区呼和浩特市新城区")
AWAY = ("北京", "北京市")


def draw(walker) -> None:
    """Two strokes on the field of the signature."""
    field = walker.page.locator("canvas")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    for offset in (0, 90):
        x, y = box["x"] + 50 + offset, box["y"] + 50
        walker.page.mouse.move(x, y)
        walker.page.mouse.down()
        walker.page.mouse.move(x + 50, y + 60, steps=6)
        walker.page.mouse.up()


def test_a_long_stay_is_promised_corrected_and_approved(screens, photo):
    resident, desk = screens(), screens(desk=True)
    clerk = new_clerk()
    number = enrolled(PHONE, area=XINCHENG)
    log_in(resident, PHONE)
    add_oneself(resident, number)
    to_proof(resident, "长期住在外地", *HOME, *AWAY)
    resident.press("签署承诺书").sees("承诺书", "签名人：王示例")
    resident.press("签署").sees("请改正以下内容", "打勾")
    resident.choose("我已阅读承诺书")
    draw(resident)
    resident.press("签署").sees("请核对", "签署承诺书")
    resident.press("提交")
    work(resident)
    resident.look().sees("已受理，经办人员正在审核")

    log_in_clerk(desk, clerk)
    desk.sees("领取下一件").press("领取下一件", exact=False)
    _ask_correction(desk)

    resident.go("/").sees("待补正")
    resident.press("您的异地就医备案需要补正", exact=False).sees("有内容需要您补正")
    resident.press("去补正").sees("请写常用的手机号", "请补一张身份证")
    resident.press("提交补正").sees("请改正以下内容", "还没有上传")
    resident.page.set_input_files("input[type=file]", photo)
    resident.press("上传").sees("已上传")
    resident.fill("联系电话", "13911110009").press("提交补正")
    resident.sees("补正已提交")

    case = Case.objects.get()
    desk.go(f"/admin/casework/case/{case.pk}/change/").sees("补正后有改动", "补正后新增")
    desk.page.get_by_role("button", name="同意备案").first.click()
    desk.page.wait_for_load_state()
    desk.look()
    case.refresh_from_db()
    assert case.status == "approved"

    resident.go(f"/filings/{case.public_id}/").sees("备案已开通", "北京市")
    letter = case.letters.get(kind="form")
    resident.go(f"/cases/letters/{letter.pk}/")
    assert resident.page.locator("img.letter-page").count() == 2
    visitor = screens()
    visitor.go(f"/v/{letter.token}/").sees("真实文书，目前有效", "王*例", "北京市")
    assert "王示例" not in visitor.text and number not in visitor.text


def _ask_correction(desk) -> None:
    """List what is wrong, look at the notice before it goes, send it."""
    form = desk.page.locator("form[action*='request_correction']")
    form.locator("xpath=ancestor::details[1]").locator("> summary").click()
    for target, words in (
        ("field:phone", "请写常用的手机号"),
        ("document:id_document", "请补一张身份证"),
    ):
        form.locator(f"input[name=target][value='{target}']").check()
        form.locator(f"select[name='reason-{target}']").select_option("other")
        form.locator(f"input[name='text-{target}']").fill(words)
    with desk.page.expect_navigation():
        form.locator("button[type=submit]").last.click()
    desk.look().sees("请写常用的手机号", "申请人将收到的消息")
    with desk.page.expect_navigation():
        desk.page.locator("button[name=confirm]").click()
    desk.look()


def test_a_clerk_files_at_the_counter_and_decides_on_the_spot(screens, photo):
    desk = screens(desk=True)
    log_in_clerk(desk, new_clerk())
    desk.go("/filings/counter/")
    desk.press("下一步").sees("请改正以下内容")
    desk.choose("到窗口").choose("长期住在外地")
    desk.fill("参保人姓名", "李示例").fill("参保人证件号码", id_number(prefix=XINCHENG)).next()
    find(desk, "查找参保的区县", *HOME)
    desk.choose("职工医保").next()
    find(desk, "查找城市或医院", *AWAY)
    desk.choose("住院").next()
    desk.choose("我已阅读").next()
    desk.choose("还没有住院").next()
    desk.choose("邮寄").fill("在外地的联系地址（选填）", "北京市示例路 1 号").next()
    for card in range(desk.page.locator("section.card:has(input[type=file])").count()):
        section = desk.page.locator("section.card:has(input[type=file])").nth(card)
        section.locator("input[type=file]").set_input_files(photo)
        with desk.page.expect_navigation():
            section.get_by_role("button", name="上传").click()
        desk.look()
    desk.next()
    desk.press("提交")
    desk.page.wait_for_url(re.compile("/admin/casework/case/"))
    identity = desk.page.get_by_label("已核对身份证件照片与参保人一致", exact=False)
    if identity.count():
        identity.first.check()
    desk.page.get_by_role("button", name="同意备案").first.click()
    desk.page.wait_for_load_state()
    desk.look()
    case = Case.objects.get()
    assert case.status == "approved" and case.channel == "counter"
