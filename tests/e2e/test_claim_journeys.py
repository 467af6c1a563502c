"""手工报销 as people go through it: two photographed bills, one correction, three clerks, the
bank; then the same bill again, and a late one."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from casework.models import Case, StaffProfile
from reimbursements.demo.story import sample_bill, sample_card
from reimbursements.models import Claim, Settlement
from tests.e2e.acts import add_oneself, log_in, log_in_clerk, new_clerk
from tests.e2e.conftest import work
from tests.factories import LINCANG, LINXIANG, EnrolmentFactory, id_number

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE, NAME = "13911110031", "王示例"
Role = StaffProfile.Role


def photographed(folder: Path, number: int, fen: int, day: date) -> Path:
    """A sample bill as a picture; its code can be read."""
    path = folder / f"票据{number}.png"
    path.write_bytes(sample_bill(f"26{number:018d}", fen, day))
    return path


def fill_day(walker, name: str, day: date) -> None:
    """年 月 日."""
    for part, value in (("year", day.year), ("month", day.month), ("day", day.day)):
        walker.page.fill(f"[name={name}_{part}]", str(value))


def to_bills(walker, admitted: date, discharged: date) -> None:
    """From the first page to the list of bills."""
    walker.go("/claims/").press("开始申请").sees("为什么没有直接结算")
    walker.next().sees("请改正以下内容")
    walker.choose("已经出院，或者是门诊").choose("急诊，没有带医保凭证").next()
    if "/advice/" in walker.page.url:
        walker.next()
    walker.sees("云南省临沧市临翔区").choose("云南省临沧市临翔区").choose("居民医保").next()
    walker.choose("列表里没有").fill("医院或药店名称", "成都市示例医院")
    walker.fill("在哪个城市", "成都").choose("住院")
    walker.page.select_option("[name=level]", "三级")
    walker.next()
    fill_day(walker, "admitted_on", admitted)
    fill_day(walker, "discharged_on", discharged)
    walker.fill("诊断", "急性阑尾炎").choose("不是").choose("没有").next()
    walker.sees("添加票据")


def add_bill(walker, picture: Path) -> None:
    """Photograph, look at what was recognised, save."""
    walker.page.set_input_files("#add-bill input[type=file]", picture)
    walker.press("上传并识别").sees("核对票据", "已识别，请核对")
    walker.choose("电子票据").fill("交款人（姓名）", NAME).press("保存票据")
    if "核对过了，保存" in walker.text:
        walker.press("核对过了，保存")
    walker.sees("张票据合计")


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
    walker.fill("银行卡号", sample_card(7)).next()


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


def open_case(desk, case) -> None:
    desk.go(f"/admin/casework/case/{case.pk}/change/")


@pytest.fixture
def clerks(site):
    """One for each stage of a claim."""
    roles = (Role.FIRST, Role.SECOND, Role.SUPERVISOR, Role.FINANCE)
    return {role: new_clerk(LINCANG, role=role) for role in roles}


def test_a_stay_is_claimed_corrected_reviewed_by_three_and_settled(
    screens, clerks, photo, tmp_path
):
    out = timezone.localdate() - timedelta(days=5)
    admitted = out - timedelta(days=6)
    number = id_number(prefix=LINXIANG, sequence=31)
    EnrolmentFactory.create(
        id_number=number, name=NAME, phone=PHONE, insurance="390", person_group="adult"
    )
    resident = screens()
    log_in(resident, PHONE)
    add_oneself(resident, number)
    to_bills(resident, admitted, out)
    first = photographed(tmp_path, 1, 1_200_000, out)
    add_bill(resident, first)
    add_bill(resident, photographed(tmp_path, 2, 34_567, out))
    resident.sees("12,345.67").next()
    hand_in_documents(resident, photo)
    give_account(resident)
    resident.sees("估算", "12,345.67", "示例").press("提交")
    work(resident)
    resident.look().sees("待受理")
    case = Case.objects.get(kind="claim")
    assert case.status == "intake"

    desks = {}
    for role, user in clerks.items():
        desks[role] = screens(desk=True)
        log_in_clerk(desks[role], user)
    desk = desks[Role.FIRST]
    open_case(desk, case)
    desk.sees("票据审核（2 张", "12345.67", "一致")
    ask_for_the_diagnosis(desk)

    resident.go(f"/claims/{case.public_id}/").sees("请写出院诊断的全称").press("去补正")
    resident.fill("诊断", "急性化脓性阑尾炎").press("提交补正").sees("补正已提交")

    open_case(desk, case)
    press_on_desk(desk, "accept")
    for _ in range(2):
        desk.page.locator("input[name=rest]").check()
        desk.press("认可，看下一张")
    desk.page.locator("#filing summary").click()
    desk.page.select_option("#filing select[name=settled_as]", "TMP-EMG")
    desk.page.fill("#filing [name=note]", "急诊病历已核对")
    desk.press("核定", exact=True)
    press_on_desk(desk, "pass_first")
    open_case(desks[Role.SECOND], case)
    press_on_desk(desks[Role.SECOND], "pass_second")
    open_case(desks[Role.SUPERVISOR], case)
    press_on_desk(desks[Role.SUPERVISOR], "approve")

    claim, settled = Claim.objects.get(), Settlement.objects.get()
    assert claim.payable_fen > 0
    assert Case.objects.get(pk=case.pk).status == "payable"
    resident.go(f"/claims/{case.public_id}/").sees("结算单", "待支付", "个人负担")
    letter = case.letters.get(kind="settlement")
    resident.go(f"/cases/letters/{letter.pk}/")
    assert resident.page.locator("img.letter-page").count() >= 1
    assert settled.claim_id == claim.pk


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
