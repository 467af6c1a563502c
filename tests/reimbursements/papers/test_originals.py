"""The 收据 and the 分割单 that go with the paper original of a bill."""

import pytest

from casework.letters import letter_bytes
from casework.models import Letter
from casework.printing.data import date_text
from reimbursements.documents import verification
from reimbursements.models import Bill
from reimbursements.pages.explained import grouped
from reimbursements.settling.rows import last_settlement
from tests.casework.printing.papers import collisions, scanned
from tests.reimbursements.claims.factories import (
    WHY,
    act,
    approval_claim,
    bill,
    bills_of,
    claim_of,
    payable_claim,
    queued_claim,
    staff,
)
from tests.reimbursements.papers.test_letters import letter, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def note(case, state: str, rows=None):
    papers = [row.pk for row in rows or bills_of(case) if row.form == "paper"]
    return act(case, "note_paper", staff(), data={"bills": papers, "state": state})


def two_papers() -> list[dict]:
    return [bill("300.00", form="paper"), bill("200.50", form="paper"), bill("50.00")]


def test_the_receipt_names_every_original_and_its_sum():
    case = note(queued_claim(bills=two_papers()), "received")
    paper = letter(case, "paper_receipt")
    text = text_of(paper)
    for row in bills_of(case)[:2]:
        assert row.number in text
    day = date_text(bills_of(case)[0].date)
    for said in (case.number, paper.number, "共2张", "500.50", "王秀兰", day):
        assert said in text, said
    assert bills_of(case)[2].number not in text, "an e-bill has no original"
    assert scanned(letter_bytes(paper)) == [f"http://127.0.0.1:8000/v/{paper.token}/"]


def test_each_bill_by_itself_gets_a_receipt_of_its_own():
    case = queued_claim(bills=two_papers())
    one, two, _ = bills_of(case)
    for row in (one, two):
        case = act(case, "note_paper", staff(), data={"bill": row.pk, "state": "received"})
    assert case.letters.filter(kind="paper_receipt").count() == 2


def test_the_split_statement_says_what_was_paid_by_which_fund_for_the_stay():
    case = payable_claim(bills=[bill("20000.00", form="paper")])
    case = note(note(case, "received"), "returned")
    row = last_settlement(claim_of(case).stay)
    text = text_of(letter(case, "split"))
    for fund, fen in row.funds.items():
        assert fen == 0 or grouped(fen) in text, fund
    assert row.paid_fen > 0 and grouped(row.personal_fen) in text
    assert "共1张票据，总费用20,000.00元" in text and "个人" in text
    assert "不能再次向医疗保险申请" in text and "盖章" in text


def test_before_anything_was_settled_the_split_statement_says_so():
    case = note(note(queued_claim(bills=two_papers()), "received"), "returned")
    text = text_of(letter(case, "split"))
    assert "还没有由医疗保险支付" in text and "未审核" in text
    assert "不能再次" not in text


def test_after_a_refusal_the_originals_go_back_and_nothing_was_paid():
    case = note(approval_claim(bills=two_papers()), "received")
    case = act(case, "reject", staff("supervisor"), **WHY)
    case = note(case, "returned")
    assert case.status == "rejected"
    assert "以上票据没有由医疗保险支付" in text_of(letter(case, "split"))
    papers = Bill.objects.filter(claim_id=case.pk, form="paper")
    assert {row.paper for row in papers} == {"returned"}


def test_archiving_an_original_issues_no_paper():
    case = note(note(queued_claim(bills=two_papers()), "received"), "kept")
    assert [paper.kind for paper in case.letters.all()] == ["paper_receipt"]


def test_whoever_scans_it_finds_it_genuine():
    case = note(queued_claim(bills=two_papers()), "received")
    paper = Letter.objects.get(case=case)
    found = verification(paper)
    assert found.in_force and "王秀兰" not in str(found.rows)
    assert len(paper.sha256) == 64


def test_many_originals_run_over_several_pages_without_touching():
    case = note(queued_claim(bills=[bill("10.00", form="paper") for _ in range(45)]), "received")
    assert collisions(letter_bytes(letter(case, "paper_receipt"))) == []
