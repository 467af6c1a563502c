"""What people do in a journey of a claim: bills, documents, the desk, the bank."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

from reimbursements.demo.story import sample_bill, sample_card
from tests.e2e.conftest import do_published_work

NAME, CARD = "王示例", sample_card(7)
# The primary button of a step that was opened from 核对.
BACK = "保存并返回核对"


def photographed(folder: Path, number: int, fen: int, day: date) -> Path:
    """A sample bill as a picture; its code can be read."""
    path = folder / f"票据{number}.png"
    path.write_bytes(sample_bill(f"26{number:018d}", fen, day))
    return path


def fill_day(walker, name: str, day: date) -> None:
    """年 月 日."""
    for part, value in (("year", day.year), ("month", day.month), ("day", day.day)):
        walker.page.fill(f"[name={name}_{part}]", str(value))


def tell_why(walker, then: str = "下一步") -> None:
    """Why it was not settled directly: an emergency, without the card."""
    walker.choose("已经出院，或者是门诊").choose("急诊，没有带医保凭证").press(then)
    if "/advice/" in walker.page.url:
        walker.next()


def tell_stay(walker, admitted: date, discharged: date, then: str = "下一步") -> None:
    """The days and what it was."""
    fill_day(walker, "admitted_on", admitted)
    fill_day(walker, "discharged_on", discharged)
    walker.fill("诊断", "急性阑尾炎").choose("不是").choose("没有").press(then)


def to_bills(walker, admitted: date, discharged: date) -> None:
    """From the first page to the list of bills."""
    walker.go("/claims/").press("开始申请").sees("为什么没有直接结算")
    walker.next().sees("请改正以下内容")
    tell_why(walker)
    walker.sees("云南省临沧市临翔区").choose("云南省临沧市临翔区").choose("居民医保").next()
    walker.choose("列表里没有").fill("医院或药店名称", "成都市示例医院")
    walker.fill("在哪个城市", "成都").choose("住院")
    walker.page.select_option("[name=level]", "三级")
    walker.next()
    tell_stay(walker, admitted, discharged)
    walker.sees("添加票据")


def to_bills_again(walker, admitted: date, discharged: date) -> None:
    """The same from the record of a paid claim: only what is not known yet is asked."""
    walker.press("按这次的内容申请另一次").sees("还差这些就可以提交").press("继续填写")
    tell_why(walker, BACK)
    walker.sees("请核对").press("继续填写")
    tell_stay(walker, admitted, discharged, BACK)
    walker.sees("请核对").press("继续填写").sees("添加票据")


def add_bill(walker, picture: Path) -> None:
    """Photograph, wait for the worker, look at what was recognised, save."""
    walker.page.set_input_files("#add-bill input[type=file]", picture)
    walker.press("上传并识别").sees("核对票据", "二维码在后台识别")
    do_published_work()
    # The page looks by itself whether the worker is done; nothing is filled in unasked.
    walker.press("填入识别的内容").sees("已识别，请核对")
    walker.choose("电子票据").fill("交款人（姓名）", NAME).press("保存票据")
    if "核对过了，保存" in walker.text:
        walker.press("核对过了，保存")
    walker.sees("张票据合计")


def drop_bill(walker) -> None:
    """Take the first bill out of the draft."""
    with walker.page.expect_navigation():
        walker.page.locator(".bill__actions form button").first.click()
    walker.look()


def hand_in_documents(walker, photo: Path) -> None:
    """Every document that is asked for."""
    for number in range(walker.page.locator("section.card:has(input[type=file])").count()):
        card = walker.page.locator("section.card:has(input[type=file])").nth(number)
        card.locator("input[type=file]").set_input_files(photo)
        with walker.page.expect_navigation():
            card.get_by_role("button", name="上传", exact=True).click()
        walker.look()
    walker.next()


def give_account(walker) -> None:
    """The account of the person themself."""
    walker.choose("参保人本人").fill("户名", NAME).fill("开户银行", "示例银行")
    walker.fill("银行卡号", "6222 0200 1").next().sees("请改正以下内容")
    walker.fill("银行卡号", CARD).next()


def press_on_desk(desk, name: str, words: str = "") -> None:
    """An action of the decision panel, with its confirmation where it asks for one."""
    form = desk.page.locator(f"form[action*='/{name}/']").first
    folded = form.locator("xpath=ancestor::details[not(@open)][1]")
    if folded.count():
        folded.first.locator("> summary").click()
    if words:
        form.locator("[name=note]").first.fill(words)
    with desk.page.expect_navigation():
        form.locator("button[type=submit]").last.click()
    confirm = desk.page.locator("button[name=confirm]")
    if confirm.count():
        with desk.page.expect_navigation():
            confirm.first.click()
    desk.look()


def open_case(desk, case):
    """The case page of the desk."""
    return desk.go(f"/admin/casework/case/{case.pk}/change/")


def review_at_first(desk, bills: int) -> None:
    """Accept the claim, every bill of it, and settle the stay as an emergency."""
    press_on_desk(desk, "accept")
    for _ in range(bills):
        desk.page.locator("input[name=rest]").check()
        desk.press("认可，看下一张")
    if desk.page.locator("#filing .desk-tone--waiting").count():
        desk.page.locator("#filing summary").click()
        desk.page.select_option("#filing select[name=settled_as]", "TMP-EMG")
        desk.page.fill("#filing [name=note]", "急诊病历已核对")
        desk.press("核定", exact=True)
    press_on_desk(desk, "pass_first")


def list_for_bank(desk) -> str:
    """A list with everything that is to be paid; its address. Its maker cannot release it."""
    desk.go("/admin/reimbursements/paymentbatch/").press("选择待支付的申请制单").press("制单")
    desk.sees("须由另一名财务人员复核发出")
    assert desk.page.get_by_role("button", name="复核发出").count() == 0
    return desk.page.url


def release_and_download(desk, address: str) -> list[list[str]]:
    """Release a list as another person and take its file; the lines of the file."""
    desk.go(address).press("复核发出").sees("已发出")
    with desk.page.expect_download() as taken:
        desk.page.get_by_role("button", name="下载银行文件（CSV）").click()
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(StringIO(text)))


def import_answer(desk, address: str, lines: list[list[str]], folder: Path) -> None:
    """The bank paid everything: its answer is our own file with the result of each line."""
    path = folder / "回盘.csv"
    head, *rows = lines
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*head, "结果", "失败原因"])
        writer.writerows([*row, "" if row[0] == "合计" else "成功", ""] for row in rows)
    desk.go(address)
    desk.page.set_input_files("#file", path)
    desk.press("导入").sees("已支付 1 笔", "银行已全部回盘")


def ask_for_the_diagnosis(desk) -> None:
    """One item, looked at before it goes, then sent."""
    form = desk.page.locator("form[action*='request_correction']")
    form.locator("xpath=ancestor::details[1]").locator("> summary").click()
    target = "field:diagnosis"
    form.locator(f"input[name=target][value='{target}']").check()
    form.locator(f"select[name='reason-{target}']").select_option("other")
    form.locator(f"input[name='text-{target}']").fill("请写出院诊断的全称")
    with desk.page.expect_navigation():
        form.locator("button[type=submit]").last.click()
    with desk.page.expect_navigation():
        desk.page.locator("button[name=confirm]").click()
    desk.look()
