"""手工报销 as people go through it: two photographed bills, one correction, three clerks, the
bank; then one of the bills again, and a late one.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.utils import timezone

from casework.actors import Actor
from casework.models import Case, StaffProfile
from reimbursements.models import Claim, Settlement
from reimbursements.pages.explained import grouped
from reimbursements.settlement.money import parse_yuan, yuan
from residents.models import Holding
from tests.e2e import claim_acts as do
from tests.e2e.acts import add_oneself, log_in
from tests.e2e.conftest import work
from tests.e2e.people import enter
from tests.e2e.walker import Walker
from tests.factories import LINCANG, LINXIANG, EnrolmentFactory, clerk, id_number
from tests.reimbursements.claims.factories import act, bill, queued_claim

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE = "13911110031"
FIRST, SECOND, LATE = 1_200_000, 34_567, 88_805  # fen
Role = StaffProfile.Role
SUM = re.compile(r"[\d,]+\.\d\d")


@dataclass
class Story:
    """Who takes part, and what they have in hand."""

    resident: Walker
    desks: dict[str, Walker]
    folder: Path
    photo: Path
    admitted: date
    discharged: date

    def bill(self, number: int, fen: int) -> Path:
        """A photographed bill of the day of discharge."""
        return do.photographed(self.folder, number, fen, self.discharged)


@pytest.fixture
def story(screens, photo, tmp_path) -> Story:
    """A newcomer at a phone, and five of the agency at their desks."""
    number = id_number(prefix=LINXIANG, sequence=31)
    EnrolmentFactory.create(
        id_number=number, name=do.NAME, phone=PHONE, insurance="390", person_group="adult"
    )
    resident = screens()
    log_in(resident, PHONE)
    add_oneself(resident, number)
    roles = {role: role for role in (Role.FIRST, Role.SECOND, Role.SUPERVISOR)}
    roles |= {"maker": Role.FINANCE, "releaser": Role.FINANCE}
    desks = {name: screens(desk=True) for name in roles}
    for name, role in roles.items():
        enter(desks[name].page.context, clerk(role, LINCANG), desks[name].url)
    discharged = timezone.localdate() - timedelta(days=5)
    admitted = discharged - timedelta(days=6)
    return Story(resident, desks, tmp_path, photo, admitted, discharged)


def test_a_stay_is_claimed_reviewed_by_three_and_paid_and_a_late_bill_brings_the_difference(story):
    case = claim_two_bills(story)
    correct_once(story, case)
    pass_three(story, case, bills=2)
    first = everything_adds_up(story, case)
    pay(story, case)
    late = claim_late_bill(story, case)
    pass_three(story, late, bills=1)
    last = everything_adds_up(story, late)
    assert (last.total_fen, last.paid_before_fen) == (FIRST + SECOND + LATE, first.paid_fen)
    difference = last.paid_fen - first.paid_fen
    assert 0 < difference <= LATE and Claim.objects.get(pk=late.pk).payable_fen == difference
    story.resident.sees(f"-{grouped(first.paid_fen)}", f"{grouped(difference)} 元")
    pay(story, late)


def claim_two_bills(story: Story) -> Case:
    resident = story.resident
    do.to_bills(resident, story.admitted, story.discharged)
    do.add_bill(resident, story.bill(1, FIRST))
    do.add_bill(resident, story.bill(2, SECOND))
    resident.sees(grouped(FIRST + SECOND)).next()
    do.hand_in_documents(resident, story.photo)
    do.give_account(resident)
    resident.sees("估算", grouped(FIRST + SECOND), "示例").press("提交")
    work(resident)
    resident.look().sees("待受理")
    return Case.objects.get(kind="claim", status="intake")


def correct_once(story: Story, case: Case) -> None:
    desk, resident = story.desks[Role.FIRST], story.resident
    do.open_case(desk, case).sees("票据审核（2 张", yuan(FIRST + SECOND), "一致")
    do.ask_for_the_diagnosis(desk)
    resident.go(record(case)).sees("请写出院诊断的全称").press("去补正")
    resident.fill("诊断", "急性化脓性阑尾炎").press("提交补正").sees("补正已提交")


def pass_three(story: Story, case: Case, bills: int) -> None:
    """初审, 复审 and 审批 by three people."""
    first, second, head = (story.desks[role] for role in (Role.FIRST, Role.SECOND, Role.SUPERVISOR))
    do.open_case(first, case)
    do.review_at_first(first, bills)
    do.press_on_desk(do.open_case(second, case), "pass_second")
    do.press_on_desk(do.open_case(head, case), "approve")
    assert Case.objects.get(pk=case.pk).status == "payable"


def everything_adds_up(story: Story, case: Case) -> Settlement:
    """The numbers on the record and on the 结算单 are those of the stored rows, to the fen."""
    claim = Claim.objects.get(pk=case.pk)
    settled = claim.settlements.get()
    resident = story.resident.go(record(case)).sees("结算单", "待支付")
    page = resident.page
    sums = SUM.findall(page.inner_text(".settled-sum"))
    total, paid, personal = (parse_yuan(text.replace(",", "")) for text in sums)
    assert (total, paid, personal) == (settled.total_fen, settled.paid_fen, settled.personal_fen)
    assert total == paid + personal
    shares = SUM.findall(page.inner_text("#settled-title ~ .stacked-key"))
    assert sum(parse_yuan(text.replace(",", "")) for text in shares) == total
    rows = [row for row in settled.output["rows"] if row["code"] != "policy_mark"]
    amounts = [grouped(parse_yuan(row["amount"])) for row in rows if row["amount"] is not None]
    shown = page.locator("#settled-title ~ .steps-of-sum")
    assert shown.locator(".steps-of-sum__text").all_inner_texts() == [row["text"] for row in rows]
    assert shown.locator(".steps-of-sum__amount").all_inner_texts() == amounts
    paper = words_of_paper(resident, case)
    for fen in (total, paid, personal, claim.payable_fen):
        assert grouped(fen) in paper
    assert [text for text in amounts if text not in paper] == []
    return settled


def words_of_paper(resident: Walker, case: Case) -> str:
    """What the 结算单 says, as it was issued."""
    letter = case.letters.get(kind="settlement")
    answer = resident.page.request.get(f"{resident.url}/cases/letters/{letter.pk}.pdf")
    with pypdfium2.PdfDocument(answer.body()) as paper:
        return "".join(page.get_textpage().get_text_bounded() for page in paper)


def pay(story: Story, case: Case) -> None:
    """One of finance lists it, another releases it, the bank answers; the resident sees it."""
    claim = Claim.objects.get(pk=case.pk)
    address = do.list_for_bank(story.desks["maker"])
    releaser = story.desks["releaser"]
    lines = do.release_and_download(releaser, address)
    fen = str(claim.payable_fen)
    assert [line for line in lines[1:] if case.number in line and do.CARD in line and fen in line]
    assert lines[-1][0] == "合计" and fen in lines[-1]
    do.import_answer(releaser, address, lines, story.folder)
    assert Case.objects.get(pk=case.pk).status == "paid"
    story.resident.go(record(case)).sees("已支付", f"{grouped(claim.payable_fen)} 元", do.CARD[-4:])


def claim_late_bill(story: Story, first: Case) -> Case:
    """One of the bills again is stopped and points to the claim that has it; the late one
    stood in a claim that was withdrawn, which a clerk sees."""
    resident = story.resident
    withdrawn = withdrawn_claim_with_late_bill(story)
    resident.go(record(first))
    do.to_bills_again(resident, story.admitted, story.discharged)
    do.add_bill(resident, story.bill(2, SECOND))
    resident.next()
    do.hand_in_documents(resident, story.photo)
    resident.next()
    resident.press("提交").sees("不能重复报销", f"已在办件 {first.number} 中申请")
    do.drop_bill(resident.go(resident.page.url.replace("/check/", "/bills/")))
    do.add_bill(resident, story.bill(3, LATE))
    resident.next().next().next()
    resident.sees("这次就医已经报销过").press("提交")
    work(resident)
    resident.look().sees("待受理")
    late = Case.objects.get(kind="claim", status="intake")
    desk = do.open_case(story.desks[Role.FIRST], late)
    desk.sees("里也出现过，请核对是否重复报销", f"查看 {withdrawn.number}", "同一次就医此前已付")
    return late


def withdrawn_claim_with_late_bill(story: Story) -> Case:
    late = bill(yuan(LATE), kind="digital", code="", check_code="", number=f"26{3:018d}")
    account = Holding.objects.get()
    withdrawn = queued_claim(account, [late], bank_holder=do.NAME)
    return act(withdrawn, "withdraw", Actor.resident(account.account))


def record(case: Case) -> str:
    return f"/claims/{case.public_id}/"
