"""门诊慢特病认定 from the phone to the printed form, and the clerk between."""

import pytest

from casework.models import Case
from tests.e2e.acts import add_oneself, enrolled, log_in, log_in_clerk, new_clerk
from tests.e2e.conftest import work
from tests.factories import XINCHENG

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE = "13911110021"


def upload_each(walker, photo) -> None:
    """One picture for each group of papers."""
    for number in range(walker.page.locator("section.card:has(input[type=file])").count()):
        section = walker.page.locator("section.card:has(input[type=file])").nth(number)
        section.locator("input[type=file]").set_input_files(photo)
        with walker.page.expect_navigation():
            section.get_by_role("button", name="上传").click()
        walker.look()


def to_the_papers(resident, hospital="示例旗医院") -> None:
    """From the home page to the papers."""
    resident.go("/").press("门诊慢特病认定", exact=False)
    resident.sees("先认定，再看病").next().sees("选择病种", "示例")
    resident.choose("高血压").next().sees("门诊慢特病待遇认定告知书", "最要紧的五句话")
    resident.choose("我已阅读").next().sees("在哪家医院确诊的")
    resident.fill("没有查到的，写医院全称", hospital).next()
    resident.choose("以后再定").next().sees("确诊日期")
    day = resident.page.locator("input[name^=diagnosed_on_]")
    for box, text in zip(day.all(), ("2026", "3", "9"), strict=True):
        box.fill(text)
    resident.next().sees("上传材料", "心电图")


def test_a_disease_is_registered_corrected_approved_and_printed(screens, photo):
    resident, desk = screens(), screens(desk=True)
    clerk = new_clerk()
    number = enrolled(PHONE, area=XINCHENG)
    log_in(resident, PHONE)
    add_oneself(resident, number)
    to_the_papers(resident)
    resident.press("下一步").sees("请改正以下内容", "请上传诊断证明")
    upload_each(resident, photo)
    resident.next().sees("请核对", "有效期 24 个月（示例）")
    resident.press("提交").sees("正在自动核查")
    work(resident)
    resident.look().sees("已受理，经办人员正在审核")

    log_in_clerk(desk, clerk)
    desk.press("领取下一件", exact=False).sees("高血压", "拟定截止")
    _ask_correction(desk)

    resident.go("/").sees("待补正")
    resident.press("您的门诊慢特病认定需要补正", exact=False).sees("有内容需要您补正")
    resident.press("去补正").sees("请写常用的手机号", "报告看不清", "请写医院全称")
    resident.press("修改确诊医院").fill("没有查到的，写医院全称", "示例市中心医院")
    resident.press("保存").press("提交补正").sees("请改正以下内容", "还没有上传")
    upload_each(resident, photo)
    resident.fill("联系电话", "13911110029").press("提交补正").sees("补正已提交")

    case = Case.objects.get()
    desk.go(f"/admin/casework/case/{case.pk}/change/").sees("补正后有改动", "示例市中心医院")
    desk.page.get_by_role("button", name="同意认定").first.click()
    desk.page.wait_for_load_state()
    desk.look()
    case.refresh_from_db()
    assert case.status == "approved"

    resident.go(f"/registrations/{case.public_id}/").sees("认定通过", "高血压", "到期前会提醒您")
    letter = case.letters.get(kind="form")
    answer = resident.page.request.get(f"{resident.url}/cases/letters/{letter.pk}.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF")
    resident.go(f"/cases/letters/{letter.pk}/")
    assert resident.page.locator("img.letter-page").count() == 2
    resident.go("/registrations/records/").sees("已认定，有效")
    visitor = screens()
    visitor.go(f"/v/{letter.token}/").sees("真实文书，目前有效", "王*例", "高血压")
    assert "王示例" not in visitor.text and number not in visitor.text


def _ask_correction(desk) -> None:
    """List what is wrong, look at the notice before it goes, send it."""
    form = desk.page.locator("form[action*='request_correction']")
    form.locator("xpath=ancestor::details[1]").locator("> summary").click()
    for target, words in (
        ("field:phone", "请写常用的手机号"),
        ("field:hospital", "请写医院全称"),
        ("document:exam_report", "报告看不清"),
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


def test_it_is_applied_for_without_scripts_in_large_letters(screens, photo):
    resident = screens(elder=True, scripts=False)
    number = enrolled("13911110022", area=XINCHENG, sequence=12)
    log_in(resident, "13911110022")
    add_oneself(resident, number)
    to_the_papers(resident)
    upload_each(resident, photo)
    resident.next().press("提交")
    assert Case.objects.get().number
