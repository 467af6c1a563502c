"""What the papers of a filing say, read back from the PDF that was issued."""

import re

import pypdfium2
import pytest

from casework.actors import Actor
from casework.letters import letter_bytes
from casework.models import Letter
from casework.perform import perform
from filings.kind import verification
from filings.review import review
from filings.service import submit_filing
from tests.factories import (
    HOHHOT,
    ReasonFactory,
    add_document,
    approved_filing,
    clerk,
    corrected_filing,
    decided_filing,
    draft_filing,
    opened_filing,
    owing_filing,
    queued_filing,
    revoked_filing,
)

pytestmark = pytest.mark.django_db


def text_of(letter: Letter) -> str:
    """All text of a letter without blanks, so that a line break splits no word."""
    pdf = pypdfium2.PdfDocument(letter_bytes(letter))
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    return re.sub(r"\s", "", "".join(pages))


def letter(case, kind: str) -> Letter:
    return case.letters.filter(kind=kind).last()


def test_the_form_has_both_copies_and_everything_that_was_decided(monday):
    case = opened_filing()
    text = text_of(letter(case, "form"))
    for said in (
        "经办机构留存",
        "本人留存",
        case.number,
        "王秀兰",
        case.person.id_number,
        "四川省",
        "成都市",
        "2026年11月23日",
        "2027年02月23日",
        "系统自助备案",
    ):
        assert said in text, said


def test_the_acceptance_says_until_when_and_whom_to_call(monday):
    text = text_of(letter(queued_filing(), "acceptance"))
    assert "2026年11月25日" in text
    assert "12393" in text


def test_the_correction_lists_every_item_at_once(monday):
    case = queued_filing()
    items = [
        {"target": "field:address", "reason_code": "other", "text": "请写明门牌号"},
        {"target": "document:residence_permit", "reason_code": "blurred", "text": ""},
        {"target": "field:start", "reason_code": "other", "text": "请核对开始日期"},
    ]
    ReasonFactory(action="request_correction", code="blurred", text="照片看不清，请重拍")
    actor = Actor.staff(clerk(area=HOHHOT))
    case = perform(
        case,
        "request_correction",
        actor,
        version=case.version,
        data={"items": items, "due_days": "5"},
    )
    text = text_of(letter(case, "correction"))
    for said in ("请写明门牌号", "居住证：照片看不清，请重拍", "请核对开始日期", "2026年11月30日"):
        assert said in text, said
    assert case.correction_items.count() == 3


def test_a_correction_without_a_day_invents_none(monday):
    case = corrected_filing(due_days=None)
    assert "请尽快" in text_of(letter(case, "correction"))
    message = case.notices.get(template="filing_correction", channel="in_site").text
    assert "请尽快" in message and "逾期" not in message


def test_a_refusal_gives_reason_basis_and_remedy(monday):
    ReasonFactory(
        code="no_permit",
        text="居住证已过有效期",
        basis="呼医保发〔2024〕示例号",
        remedy="续期后再申请",
    )
    case = decided_filing("reject", reason="no_permit", note="")
    text = text_of(letter(case, "refusal"))
    for said in (
        "居住证已过有效期",
        "呼医保发〔2024〕示例号",
        "续期后再申请",
        "60日",
        "6个月",
        "复核",
    ):
        assert said in text, said


def test_one_code_under_two_actions_prints_the_sentence_of_the_action_taken(monday):
    common = {"code": "no_permit", "basis": "", "remedy": ""}
    ReasonFactory(action="request_correction", text="请补交居住证", position=1, **common)
    ReasonFactory(action="reject", text="没有居住证", position=2, **common)
    case = decided_filing("reject", reason="no_permit", note="")
    text = text_of(letter(case, "refusal"))
    assert "没有居住证" in text and "请补交居住证" not in text


def test_a_revocation_is_announced_with_a_day_to_answer(monday):
    case = revoked_filing()
    assert "陈述、申辩" in text_of(letter(case, "revocation_notice"))
    text = text_of(letter(case, "revocation"))
    assert "居住证系伪造" in text and "行政复议" in text


def test_a_signed_promise_carries_text_hash_signer_and_time(monday):
    case = owing_filing()
    text = text_of(letter(case, "promise"))
    signed = letter(case, "promise")
    assert not signed.revoked_at
    assert case.events.get(code="submitted").data["promise"] == [signed.pk, signed.sha256]
    for said in ("承诺", "王秀兰", "2026-11-23", "北京市"):
        assert said in text, said


def test_a_cancelled_filing_gets_a_paper_with_its_last_day(monday):
    case = opened_filing()
    case = perform(case, "cancel", Actor.resident(case.account))
    assert "2026年11月23日" in text_of(letter(case, "ending"))


def test_anyone_may_verify_a_form_and_reads_no_full_name(monday):
    case = approved_filing()
    found = verification(letter(case, "form"))
    rows = dict(found.rows)
    assert (found.in_force, found.state) == (True, "有效")
    assert rows["姓名"] == "王*兰"
    assert rows["证件号码后四位"] == case.person.id_number[-4:]
    assert rows["截止日期"] == "长期有效"
    assert case.name not in str(rows)


def test_a_form_that_is_over_or_replaced_says_so(monday):
    case = opened_filing()
    old = letter(case, "form")
    case = perform(case, "extend", Actor.resident(case.account))
    old.refresh_from_db()
    assert verification(old).state == "已由新的备案表替代"
    new = letter(case, "form")
    monday.move_to("2027-06-01T09:00:00+08:00")
    assert verification(new).state == "已失效"


def test_a_filing_that_begins_later_is_not_in_force_yet(monday):
    case = opened_filing(start="2026-12-01")
    assert verification(letter(case, "form")).state == "未生效"


def test_what_a_place_has_not_published_is_not_printed_as_none(monday):
    referral = draft_filing(category="TMP-REF", proof="documents")
    add_document(referral, "referral_certificate")
    case = review(submit_filing(referral, Actor.resident(referral.account)))
    assert case.status == "approved", case.filing.findings
    text = text_of(letter(case, "form"))
    assert "截止日期当地没有公布" in text
    assert "长期有效" not in text
    assert dict(verification(letter(case, "form")).rows)["截止日期"] == "当地没有公布截止日期"
