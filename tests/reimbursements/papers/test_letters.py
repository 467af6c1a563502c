"""What the papers of a claim say, read back from the PDF that was issued."""

import re

import pypdfium2
import pytest

from casework.actors import Actor
from casework.letters import letter_bytes
from casework.models import Letter
from reimbursements.documents import verification
from reimbursements.kind import CLAIM
from reimbursements.models import Claim, Payment
from reimbursements.pages.explained import grouped
from tests.casework.printing.papers import collisions, scanned
from tests.factories import ReasonFactory
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    approval_claim,
    bill,
    corrected_claim,
    insured,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def text_of(letter: Letter) -> str:
    """All text of a letter without blanks, so that a line break splits no word."""
    pdf = pypdfium2.PdfDocument(letter_bytes(letter))
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    return re.sub(r"\s", "", "".join(pages))


def letter(case, kind: str) -> Letter:
    return case.letters.filter(kind=kind).last()


def test_the_acceptance_says_until_when_and_that_paper_is_awaited():
    case = accepted_claim(bills=[bill(form="paper")])
    text = text_of(letter(case, "acceptance"))
    for said in (case.number, "王秀兰", "成都市示例医院", "办结", "收到原件后才能支付", "12393"):
        assert said in text, said
    assert "收到原件" not in text_of(letter(accepted_claim(), "acceptance"))


def test_the_correction_lists_every_item_and_what_follows_a_missed_day():
    case = queued_claim()
    items = [
        {"target": "field:diagnosis", "reason_code": "other", "text": "请写明出院诊断"},
        {"target": "field:bank_name", "reason_code": "other", "text": "请写到支行"},
    ]
    case = act(case, "request_correction", staff(), data={"items": items, "due_days": 10})
    text = text_of(letter(case, "correction"))
    for said in ("1.", "请写明出院诊断", "2.", "请写到支行", "2026年12月3日", "申请终止"):
        assert said in text, said


def test_a_correction_without_a_day_threatens_nothing():
    case = queued_claim()
    items = [{"target": "field:diagnosis", "reason_code": "other", "text": "请写明"}]
    case = act(case, "request_correction", staff(), data={"items": items})
    text = text_of(letter(case, "correction"))
    assert "请尽快" in text and "终止" not in text


@pytest.mark.parametrize(
    ("action", "kind", "basis"),
    [("not_accept", "not_accepted", "社会保险经办条例"), ("reject", "refusal", "社会保险法")],
)
def test_a_refusal_gives_reason_basis_and_remedy(action, kind, basis):
    case = queued_claim() if action == "not_accept" else approval_claim()
    actor = staff() if action == "not_accept" else staff("approval")
    case = act(case, action, actor, **WHY)
    text = text_of(letter(case, kind))
    for said in ("见附件", basis, "60日", "行政复议", "6个月", "行政诉讼", "申请复核"):
        assert said in text, said


def test_a_maintained_reason_brings_its_own_basis_and_what_can_be_done():
    ReasonFactory(
        kind="claim",
        action="reject",
        code="abroad",
        text="在境外就医的费用",
        basis="示例文件第三条",
        remedy="请向商业保险申请",
    )
    case = act(approval_claim(), "reject", staff("approval"), reason="abroad")
    text = text_of(letter(case, "refusal"))
    for said in ("在境外就医的费用", "示例文件第三条", "请向商业保险申请"):
        assert said in text, said
    assert "社会保险法" not in text


def test_after_an_appeal_the_paper_offers_no_second_one():
    case = act(approval_claim(), "reject", staff("approval"), **WHY)
    case = act(case, "appeal", Actor.resident(case.account), note="材料已补齐")
    case = act(case, "reject", staff("second"), **WHY)
    text = text_of(letter(case, "refusal"))
    assert "行政复议" in text and "申请复核" not in text


def test_a_reversal_says_why_and_what_is_to_be_paid_back():
    case = paid_claim()
    paid = Payment.objects.get(claim_id=case.pk).amount_fen
    case = act(case, "reverse", staff("finance"), reason="other", note="票据被查实为假")
    text = text_of(letter(case, "reversal"))
    back = grouped(paid)
    for said in ("票据被查实为假", f"有{back}元需要退回", "原结算单作废", "行政诉讼"):
        assert said in text, said
    assert "申请复核" not in text


def test_a_reversal_before_payment_asks_nothing_back():
    case = act(payable_claim(), "reverse", staff("finance"), **WHY)
    assert "没有需要您退回的款项" in text_of(letter(case, "reversal"))


def test_every_letter_is_stored_once_and_its_code_leads_to_the_house():
    case = payable_claim()
    for one in case.letters.all():
        data = letter_bytes(one)
        assert scanned(data) == [f"http://127.0.0.1:8000/v/{one.token}/"]
        assert collisions(data) == []
        assert letter_bytes(one) == data
    assert {one.kind for one in case.letters.all()} == {"acceptance", "settlement"}


# --- verification ---------------------------------------------------------------------


def test_whoever_scans_a_settlement_reads_its_sums_and_no_full_name():
    case = payable_claim()
    row = Claim.objects.get(pk=case.pk).settlements.get()
    found = CLAIM.verification(letter(case, "settlement"))
    rows = dict(found.rows)
    assert (found.in_force, found.state) == (True, "有效")
    assert rows["姓名"] == "王*兰"
    assert rows["证件号码后四位"] == case.person.id_number[-4:]
    assert rows["总费用"] == "20000.00 元"
    assert rows["各基金支付合计"] == f"{row.paid_fen // 100}.{row.paid_fen % 100:02d} 元"
    assert case.name not in str(rows) and case.person.id_number not in str(rows)


def test_the_page_behind_the_code_shows_it(client):
    case = payable_claim()
    page = client.get(f"/v/{letter(case, 'settlement').token}/").content.decode()
    assert "真实文书，目前有效" in page and "20000.00 元" in page
    assert case.name not in page
    page = client.get(f"/v/{letter(case, 'acceptance').token}/").content.decode()
    assert "真实文书" in page and "总费用" not in page


def test_a_reversed_settlement_is_no_longer_in_force():
    case = payable_claim()
    old = letter(case, "settlement")
    act(case, "reverse", staff("finance"), **WHY)
    old.refresh_from_db()
    found = verification(old)
    assert (found.in_force, found.state) == (False, "这次结算已冲销")


def test_a_settlement_replaced_after_an_appeal_says_so():
    case = paid_claim()
    old = letter(case, "settlement")
    case = act(case, "appeal", Actor.resident(case.account), note="少算了")
    case = act(case, "pass_second", staff("second"))
    case = act(case, "approve", staff("supervisor"))
    old.refresh_from_db()
    assert verification(old).state == "已由新的结算单替代"
    new = letter(case, "settlement")
    assert new.pk != old.pk and verification(new).in_force
    assert "本次应支付0.00元" in text_of(new)


def test_a_correction_before_acceptance_can_be_verified_too():
    case = corrected_claim()
    assert verification(letter(case, "correction")).in_force


def test_a_long_name_is_printed_whole():
    name = "阿卜杜热合曼·艾合买提江·麦麦提吐尔逊"
    case = payable_claim(insured(name=name), bills=[bill(payer=name)], bank_holder=name)
    for one in case.letters.all():
        assert name in text_of(one)
        assert one.missing_characters == ""
